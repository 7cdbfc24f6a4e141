import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contract, createContract, type DataVerdict, type JsonSchema, validateData } from '#registry';

function contractOf(schema: JsonSchema): Contract {
  return createContract({ subject: 'a.b', version: 1, owner: 'a', description: 'd', compatibility: 'NONE', schema });
}

function judge(schema: JsonSchema, data: unknown): DataVerdict {
  return validateData(contractOf(schema), data);
}

const LINE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['quantity'],
  properties: {
    quantity: { type: 'integer', minimum: 1 },
    customerId: { type: 'string', pattern: '^[0-9]{5}$', 'x-pii': 'pseudonym' },
    country: { enum: ['France', 'EIRE'] },
    lines: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', properties: { price: { type: 'number', exclusiveMinimum: 0 } } },
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

describe('validateData', () => {
  it.each([
    [{ quantity: -3 }, '/quantity minimum', 'data/quantity is -3 but must be >= 1'],
    [{ quantity: '3' }, '/quantity type', 'data/quantity is "3" but must be a whole number'],
    [{ quantity: null }, '/quantity type', 'data/quantity is null but must be a whole number'],
    [{}, '/quantity required', "data must have the property 'quantity'"],
    [
      { quantity: 1, colour: 'red' },
      '/ additionalProperties',
      "data has the property 'colour', which the contract does not declare",
    ],
    [{ quantity: 1, country: 'Francia' }, '/country enum', 'data/country is "Francia" but must be one of France, EIRE'],
    [{ quantity: 1, lines: [] }, '/lines minItems', 'data/lines is an empty list but must not be empty'],
    [
      { quantity: 1, lines: [{ price: 1 }, { price: 0 }] },
      '/lines/*/price exclusiveMinimum',
      'data/lines/1/price is 0 but must be > 0',
    ],
    [{ quantity: 1, labels: { 'any/thing': 1 } }, '/labels/* type', 'data/labels/any/thing is 1 but must be text'],
    [[], '/ type', 'data is an empty list but must be an object'],
    ['x'.repeat(100), '/ type', `data is "${'x'.repeat(59)}… but must be an object`],
  ])('refuses %j', (data, reason, message) => {
    expect(judge(LINE, data)).toEqual({ ok: false, reason, message });
  });

  it('gives the same verdict object to everything that fits', () => {
    const contract = contractOf(LINE);
    expect(validateData(contract, { quantity: 1 })).toBe(validateData(contract, { quantity: 2, country: 'EIRE' }));
  });

  it.each<[string, JsonSchema, unknown, string, string]>([
    [
      'anyOf',
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      true,
      '/ anyOf',
      'data is true but must have one of the allowed forms',
    ],
    [
      'oneOf',
      { oneOf: [{ minimum: 1 }, { maximum: 5 }] },
      3,
      '/ oneOf',
      'data is 3 but must have only one of the allowed forms, but has several',
    ],
    [
      'if',
      JSON.parse('{"if": {"minimum": 1}, "then": {"maximum": 5}}') as JsonSchema,
      9,
      '/ maximum',
      'data is 9 but must be <= 5',
    ],
    ['false', { properties: { a: false } }, { a: 1 }, '/a false schema', 'data/a is 1 but must not be there'],
    [
      'propertyNames',
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      '/ propertyNames',
      "data has the property 'ab', whose name is not of the declared form",
    ],
    [
      'dependentRequired',
      { dependentRequired: { a: ['b'] } },
      { a: 1 },
      '/b dependentRequired',
      "data must have the property 'b' where it has 'a'",
    ],
    ['format', { format: 'date' }, '2011-02-30', '/ format', 'data is "2011-02-30" but must be a date'],
    [
      'unevaluatedProperties',
      { properties: { a: true }, unevaluatedProperties: false },
      { b: 1 },
      '/ unevaluatedProperties',
      "data has the property 'b', which the contract does not declare",
    ],
    [
      'uniqueItems',
      { uniqueItems: true },
      [1, 2, 1],
      '/ uniqueItems',
      'data is a list of 3 but must have no item twice (items 0 and 2 are equal)',
    ],
  ])('explains %s', (...[, schema, data, reason, message]) => {
    expect(judge(schema, data)).toEqual({ ok: false, reason, message });
  });
});

describe('reasons', () => {
  it('stay bounded whatever names the data brings', () => {
    const tree = { $defs: { node: { additionalProperties: { $ref: '#/$defs/node' }, type: 'object' } }, $ref: '#/$defs/node' };
    const contract = contractOf(tree);
    const reasons = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), (names) => {
        const data = names.reduce<unknown>((inner, name) => ({ [name]: inner }), 1);
        const verdict = validateData(contract, data);
        if (!verdict.ok) reasons.add(verdict.reason);
      }),
    );
    expect(reasons.size).toBeLessThanOrEqual(10);
    for (const reason of reasons) expect(reason).toMatch(/^\/(\*\/){0,8}[*…]? ?type$/u);
  });
});

describe('personal data', () => {
  const SECRET = 'zz-secret-zz';
  it.each<[string, JsonSchema, unknown]>([
    ['a tagged property', { properties: { a: { 'x-pii': 'personal', maxLength: 1 } } }, { a: SECRET }],
    [
      'a tagged reference',
      { properties: { a: { $ref: '#/$defs/s', 'x-pii': 'personal' } }, $defs: { s: { maxLength: 1 } } },
      { a: SECRET },
    ],
    [
      'a tag at the reference’s end',
      { properties: { a: { $ref: '#/$defs/s' } }, $defs: { s: { maxLength: 1, 'x-pii': 'pseudonym' } } },
      { a: SECRET },
    ],
    [
      'a tag in another branch',
      { properties: { a: { maxLength: 1 } }, anyOf: [{ properties: { a: { 'x-pii': 'personal' } } }] },
      { a: SECRET },
    ],
    [
      'a value under a tagged object',
      { properties: { a: { 'x-pii': 'personal', properties: { b: { maxLength: 1 } } } } },
      { a: { b: SECRET } },
    ],
    [
      'an undeclared name in a tagged object',
      { properties: { a: { 'x-pii': 'personal', additionalProperties: false } } },
      { a: { [SECRET]: 1 } },
    ],
    [
      'keys of a tagged map',
      { properties: { a: { 'x-pii': 'personal', additionalProperties: { type: 'number' } } } },
      { a: { [SECRET]: 'x' } },
    ],
    ['tagged keys', { propertyNames: { 'x-pii': 'personal' }, additionalProperties: { type: 'number' } }, { [SECRET]: 'x' }],
    ['tagged keys of the wrong form', { propertyNames: { 'x-pii': 'personal', maxLength: 1 } }, { [SECRET]: 'x' }],
    ['tagged items', { properties: { a: { items: { 'x-pii': 'personal', maxLength: 1 } } } }, { a: [SECRET] }],
    [
      'a pattern’s tag on a declared name',
      { properties: { a: { maxLength: 1 } }, patternProperties: { '^a': { 'x-pii': 'personal' } } },
      { a: SECRET },
    ],
    [
      'a place too deep to be known',
      { $defs: { n: { properties: { n: { $ref: '#/$defs/n' }, v: { maxLength: 1, 'x-pii': 'personal' } } } }, $ref: '#/$defs/n' },
      Array.from({ length: 30 }).reduce<unknown>((inner) => ({ n: inner }), { v: SECRET }),
    ],
  ])('is masked: %s', (_name, schema, data) => {
    const verdict = judge(schema, data);
    expect(verdict).toMatchObject({ ok: false });
    expect(JSON.stringify(verdict)).not.toContain(SECRET);
  });

  it('leaves values that are tagged none readable', () => {
    expect(judge({ properties: { a: { 'x-pii': 'none', maxLength: 1 } } }, { a: 'red' })).toMatchObject({
      message: 'data/a is "red" but must have at most 1 characters',
    });
  });
});

describe('hostile data', () => {
  it('is data: a __proto__ key is a property that nobody declared', () => {
    const data: unknown = JSON.parse('{"quantity": 1, "__proto__": {"country": "EIRE"}}');
    expect(judge(LINE, data)).toMatchObject({ ok: false, reason: '/ additionalProperties' });
    expect(judge({ required: ['polluted'] }, data)).toMatchObject({ ok: false, reason: '/polluted required' });
  });

  it('does not take inherited names for properties', () => {
    expect(judge({ required: ['toString'] }, {})).toMatchObject({ ok: false, reason: '/toString required' });
    expect(judge({ properties: { constructor: { type: 'string' } } }, {})).toEqual({ ok: true });
  });

  it('cannot take the stack down by nesting', () => {
    const list = { $defs: { list: { type: 'array', items: { $ref: '#/$defs/list' } } }, $ref: '#/$defs/list' };
    const data: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(judge(list, data)).toEqual({
      ok: false,
      reason: '/ depth',
      message: 'data is nested too deeply to be validated; send flatter events',
    });
  });

  it('shows names without control characters and cut', () => {
    const verdict = judge(LINE, { quantity: 1, [`\u001b[31m${'n'.repeat(500)}`]: 1 });
    expect(verdict).toMatchObject({
      message: expect.stringMatching(/^data has the property '\\u001b\[31mn{54}…', which/u) as string,
    });
  });
});

describe('the verdict', () => {
  const leaf = fc.oneof(
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null') }),
    fc.record({ minimum: fc.integer({ min: -5, max: 5 }) }),
    fc.record({ enum: fc.uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }) }),
    fc.record({ maxLength: fc.nat(3), 'x-pii': fc.constantFrom('none', 'personal') }),
    fc.constant({}),
  );
  const name = fc.constantFrom('a', 'b', 'c');
  const { schema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.record({ properties: fc.dictionary(name, tie('schema')), additionalProperties: fc.boolean() }),
      fc.record({ required: fc.uniqueArray(name) }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('schema') }),
      fc.record({ items: tie('schema') }),
    ),
  }));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -6, max: 6 }), fc.boolean(), fc.constant(null)),
      fc.dictionary(name, tie('value')),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));

  it('is ajv’s, for any schema and any data', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 5 }), (definition, samples) => {
        const plain = new Ajv2020({ strict: false, meta: false, validateSchema: false }).compile(definition);
        const contract = contractOf(definition);
        for (const data of samples) expect(validateData(contract, data).ok).toBe(plain(data));
      }),
      { numRuns: 200 },
    );
  });
});
