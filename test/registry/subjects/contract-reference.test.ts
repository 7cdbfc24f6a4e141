import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataschemaOf, findContractRef } from '#registry';

describe('findContractRef', () => {
  it.each([
    ['https://registry.example/contracts/basket.updated/3', { subject: 'basket.updated', version: 3 }],
    ['/contracts/basket.updated/1', { subject: 'basket.updated', version: 1 }],
    ['http://h:8081/subjects/basket.updated/versions/12', { subject: 'basket.updated', version: 12 }],
    ['http://h/api/subjects/a%2Fb/versions/1', { subject: 'a/b', version: 1 }],
    ['/contracts/basket.updated/latest', undefined],
    ['/contracts/basket.updated/0', undefined],
    ['/contracts/basket.updated/01', undefined],
    ['/contracts/basket.updated', undefined],
    ['/contracts//1', undefined],
    ['/contracts/%zz/1', undefined],
    ['contracts/a/99999999999', undefined],
    ['urn:example:basket', undefined],
    ['', undefined],
    [`${'x'.repeat(3000)}/contracts/a/1`, undefined],
  ])('reads %s', (dataschema, ref) => {
    expect(findContractRef(dataschema)).toEqual(ref);
  });

  it('reads back whatever dataschemaOf writes', () => {
    const subject = fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' });
    fc.assert(
      fc.property(subject, fc.integer({ min: 1, max: 999_999_999 }), (name, version) => {
        expect(findContractRef(`https://any.example${dataschemaOf({ subject: name, version })}`)).toEqual({
          subject: name,
          version,
        });
      }),
    );
  });
});
