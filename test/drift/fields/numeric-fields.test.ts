import { describe, expect, it } from 'vitest';
import { createFieldReader, numericFieldsOf } from '../../../drift/fields/numeric-fields.ts';

describe('numericFieldsOf', () => {
  it('names the numbers that a schema declares, nested ones too, and none within arrays', () => {
    const schema = {
      type: 'object',
      properties: {
        unitPrice: { type: 'number' },
        quantity: { type: ['integer', 'null'] },
        country: { type: 'string' },
        size: { type: 'object', properties: { width: { type: 'number' }, 'a/b~c': { type: 'integer' } } },
        lines: { type: 'array', items: { type: 'object', properties: { price: { type: 'number' } } } },
        either: { anyOf: [{ type: 'number' }, { type: 'string' }] },
      },
    };
    expect(numericFieldsOf(schema)).toEqual(['/unitPrice', '/quantity', '/size/width', '/size/a~1b~0c']);
  });

  it.each([true, null, { type: 'number' }, { properties: [] }])('finds none in %j', (schema) => {
    expect(numericFieldsOf(schema)).toEqual([]);
  });
});

describe('createFieldReader', () => {
  it.each([
    ['/unitPrice', 2.5],
    ['/size/width', 3],
    ['/size/a~1b~0c', 4],
    ['/size', { width: 3, 'a/b~c': 4 }],
    ['/none', undefined],
    ['/unitPrice/none', undefined],
    ['/toString', undefined],
    ['/lines/0', undefined],
  ])('reads %s', (pointer, value) => {
    expect(createFieldReader(pointer)({ unitPrice: 2.5, size: { width: 3, 'a/b~c': 4 }, lines: [1] })).toEqual(value);
  });
});
