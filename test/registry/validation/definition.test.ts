import { describe, expect, it } from 'vitest';
import { checkDefinition } from '#registry';
import { createAjv } from '../../../registry/validation/compiler.ts';
import { KEYWORDS } from '../../../registry/validation/keywords.ts';

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => ({ not: inner }), {});

describe('checkDefinition', () => {
  it.each<[string, unknown]>([
    ['an empty schema', {}],
    ['our own annotations', { properties: { a: { 'x-pii': 'sensitive', 'x-unit': 'GBP', 'x-anything-else': [1] } } }],
    ['properties that are named like keywords', { properties: { $ref: { type: 'string' }, typ: {}, 'x-pi': {} } }],
    [
      'values that look like schemas',
      { const: { $ref: 'https://far.example/' }, examples: [{ typ: 1 }], default: { $ref: 'x' } },
    ],
    ['references inside', { $ref: '#/$defs/a%20b', $defs: { 'a b': { $anchor: 'here' }, c: { $ref: '#here' } } }],
    [
      'references to an embedded resource',
      { $ref: 'https://x.example/inner', $defs: { a: { $id: 'https://x.example/inner', type: 'object' } } },
    ],
    ['a reference to itself', { properties: { child: { $ref: '#' } } }],
    ['the meta-schema named', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  ])('finds nothing in %s', (_name, schema) => {
    expect(checkDefinition(schema)).toEqual([]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a text', 'object', '', /must be an object of keywords/u],
    ['a misspelt keyword', { properties: { a: { minimun: 1 } } }, '/properties/a/minimun', /did you mean minimum\?$/u],
    ['a keyword of another draft', { dependencies: {} }, '/dependencies', /not a keyword of JSON Schema 2020-12/u],
    ['a keyword of a validator', { $async: true }, '/$async', /not a keyword/u],
    [
      'a misspelt tag, which would unmask',
      { properties: { a: { 'x-pi': 'personal' } } },
      '/properties/a/x-pi',
      /did you mean x-pii\?$/u,
    ],
    [
      'a tag of its own',
      { 'x-pii': 'secret' },
      '/x-pii',
      /must be one of none, pseudonym, personal, sensitive, but is "secret"/u,
    ],
    ['an empty unit', { 'x-unit': '' }, '/x-unit', /short text such as GBP/u],
    [
      'a reference to another host',
      { properties: { a: { $ref: 'https://evil.example/s.json' } } },
      '/properties/a/$ref',
      /nothing is fetched/u,
    ],
    ['a reference to a file', { $ref: 'file:///etc/passwd' }, '/$ref', /leads out of the document/u],
    [
      'a reference to the meta-schema',
      { $ref: 'https://json-schema.org/draft/2020-12/schema' },
      '/$ref',
      /leads out of the document/u,
    ],
    ['a dynamic reference', { $dynamicRef: '#a' }, '/$dynamicRef', /write \$ref and \$anchor/u],
    ['a reference to nothing', { $ref: '#/$defs/a' }, '/$ref', /no schema at "#\/\$defs\/a"/u],
    ['a reference to what is no schema', { $ref: '#/x-hidden', 'x-hidden': { 'x-pii': 'personal' } }, '/$ref', /no schema at/u],
    [
      'another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      '/$schema',
      /\$schema must be https:\/\/json-schema.org\/draft\/2020-12\/schema/u,
    ],
    ['an unknown format', { format: 'emial' }, '/format', /not checked by anything; known are date, /u],
    ['a type that is none', { type: 'strin' }, '/type', /'type' must be one of array, boolean/u],
    [
      'a bound that is no number',
      { properties: { 'a/b': { minimum: '1' } } },
      '/properties/a~1b/minimum',
      /'minimum' must be a number/u,
    ],
    ['a pattern that is none', { pattern: '[' }, '/pattern', /not a regular expression/u],
    ['a property pattern that is none', { patternProperties: { '(': {} } }, '/patternProperties', /not a regular expression/u],
    ['a condition without consequence', { if: {} }, '/if', /give it then or else/u],
    [
      'a property named __proto__',
      JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'),
      '/properties',
      /cannot be called __proto__/u,
    ],
    ['65 levels', nested(65), '/not'.repeat(65), /beyond 64 levels/u],
    ['5001 parts', { anyOf: Array.from({ length: 5001 }, () => ({})) }, '/anyOf/4999', /5000 parts/u],
  ])('finds %s', (...[, schema, pointer, message]) => {
    expect(checkDefinition(schema)).toEqual([
      expect.objectContaining({ pointer, message: expect.stringMatching(message) as string }),
    ]);
  });

  it.each([...KEYWORDS.keys()])('lets %s through to a validator that knows it', (keyword) => {
    expect(createAjv([]).RULES.keywords).toHaveProperty([keyword]);
  });

  it('ends on references that multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `d${index}`,
        { anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
      ]),
    );
    expect(checkDefinition({ $ref: '#/$defs/d0', $defs: { ...$defs, d50: { type: 'string' } } })).toEqual([]);
  });
});
