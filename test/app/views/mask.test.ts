import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContract } from '#registry';
import { MASK, maskData, maskText } from '../../../app/views/mask.ts';

const pii = { type: 'string', 'x-pii': 'personal' } as const;
const contract = createContract({
  subject: 'ordered',
  version: 1,
  owner: 'team',
  description: 'test',
  compatibility: 'NONE',
  schema: {
    type: 'object',
    properties: {
      customer: pii,
      amount: { type: 'number' },
      age: { type: 'integer', 'x-pii': 'sensitive' },
      contact: { type: 'object', 'x-pii': 'personal', properties: { email: { type: 'string' } } },
      lines: { type: 'array', items: { type: 'object', properties: { code: { type: 'string' }, note: pii } } },
      visitors: { type: 'object', propertyNames: { 'x-pii': 'personal' }, additionalProperties: { type: 'integer' } },
      'a/b': pii,
      more: { type: 'object', patternProperties: { '^x_': pii } },
    },
  },
});
const untagged = createContract({
  subject: 'plain',
  version: 1,
  owner: 'team',
  description: 'test',
  compatibility: 'NONE',
  schema: { type: 'object', properties: { code: { type: 'string' } } },
});

describe('masking', () => {
  test.each([
    ['a tagged value', { customer: 'ann', amount: 5 }, { customer: MASK, amount: 5 }, ['/customer']],
    ['a number', { age: 44 }, { age: MASK }, ['/age']],
    [
      'all beneath a tag',
      { contact: { email: 'a@b', phones: [1, 2] } },
      { contact: { email: MASK, [`${MASK}1`]: [MASK, MASK] } },
      ['/contact/email', `/contact/${MASK}1`, `/contact/${MASK}1/0`, `/contact/${MASK}1/1`],
    ],
    [
      'a place in each item',
      { lines: [{ code: 'c', note: 'n' }, { note: 'm' }] },
      { lines: [{ code: 'c', note: MASK }, { note: MASK }] },
      ['/lines/0/note', '/lines/1/note'],
    ],
    ['names that are tagged', { visitors: { ann: 3 } }, { visitors: { [`${MASK}0`]: 3 } }, [`/visitors/${MASK}0`]],
    ['a name that a pattern covers', { more: { x_name: 'ann' } }, { more: { x_name: MASK } }, ['/more/x_name']],
    ['a name with a slash', { 'a/b': 'ann' }, { 'a/b': MASK }, ['/a~1b']],
    ['a property that nobody declared', { custmer: 'ann' }, { custmer: MASK }, ['/custmer']],
    [
      'an object where text was declared',
      { customer: { first: 'ann' } },
      { customer: { [`${MASK}0`]: MASK } },
      [`/customer/${MASK}0`, `/customer/${MASK}0`],
    ],
    ['null, which says nothing', { customer: null }, { customer: null }, []],
    ['no more than the data, where it is no object', 'ann', 'ann', []],
  ])('hides %s', (_what, data, shown, masked) => {
    const found = maskData(data, contract);
    expect({ data: found.data, masked: found.masked }).toEqual({ data: shown, masked });
  });

  test('hides nothing where the contract tags nothing', () => {
    const data = { code: 'c', other: [{ deep: 1 }] };
    expect(maskData(data, untagged)).toEqual({ data, masked: [], hidden: new Set() });
  });

  test('hides every value where no contract is known', () => {
    expect(maskData({ name: 'ann', lines: [1, true, null] }, undefined)).toMatchObject({
      data: { name: MASK, lines: [MASK, MASK, null] },
      masked: ['/name', '/lines/0', '/lines/1'],
    });
  });

  test('hides values in a sentence: whole words of four letters on, and shorter ones where they are all of it', () => {
    expect(maskText('data/customer is "ann.miller" at 12', new Set(['ann.miller', '12']))).toBe(
      `data/customer is "${MASK}" at 12`,
    );
    expect(maskText('12', new Set(['12']))).toBe(MASK);
  });

  test('lets no tagged value through, wherever the data has one', () => {
    const secret = fc.uuid();
    const anything = fc.jsonValue({ maxDepth: 2 });
    const made = fc.record(
      {
        customer: secret,
        age: fc.integer({ min: 1e9, max: 2e9 }),
        contact: fc.oneof(secret, fc.dictionary(secret, fc.oneof(secret, fc.array(secret)))),
        lines: fc.array(fc.record({ code: fc.string(), note: secret })),
        visitors: fc.dictionary(secret, fc.nat()),
        more: fc.record({ x_more: fc.oneof(secret, fc.record({ inner: secret })) }),
        unknown: secret,
        amount: fc.double(),
        other: anything,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(made, (data) => {
        const text = JSON.stringify(maskData(data, contract));
        const secrets = JSON.stringify(data).match(/[0-9a-f]{8}-[0-9a-f-]{27}/gu) ?? [];
        expect(
          [...secrets, ...(data.age === undefined ? [] : [String(data.age)])].filter((value) => text.includes(value)),
        ).toEqual([]);
      }),
    );
  });
});
