import type { ErrorObject } from 'ajv/dist/2020.js';

type Params = Readonly<Record<string, unknown>>;
type Phrase = (params: Params, error: ErrorObject) => string;

const MAX_LISTED = 12;
const MAX_TEXT = 60;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

/** A value in a sentence: text in quotes and cut at 60 characters; an object or a list only by its kind. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function listed(values: unknown): string {
  const all = Array.isArray(values)
    ? values.map((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)))
    : [];
  return all.length > MAX_LISTED ? `${all.slice(0, MAX_LISTED).join(', ')} or ${all.length - MAX_LISTED} more` : all.join(', ');
}

function typed(types: unknown): string {
  const names = (Array.isArray(types) ? types.map(String) : String(types).split(',')).map((type) => TYPE_NAMES[type] ?? type);
  return names.join(' or ');
}

const counted =
  (what: string, bound: string): Phrase =>
  (params) => {
    const limit = Number(params['limit']);
    return limit === 1 && bound === 'at least' ? `must not be empty` : `must have ${bound} ${limit} ${what}`;
  };
const compared: Phrase = (params) => `must be ${String(params['comparison'])} ${String(params['limit'])}`;
const unknownProperty: Phrase = () => 'must not have properties that are not declared';

const PHRASES: Readonly<Record<string, Phrase>> = {
  type: (params) => `must be ${typed(params['type'])}`,
  enum: (params) => `must be one of ${listed(params['allowedValues'])}`,
  const: (params) => `must be ${JSON.stringify(params['allowedValue'])}`,
  minimum: compared,
  maximum: compared,
  exclusiveMinimum: compared,
  exclusiveMaximum: compared,
  multipleOf: (params) => `must be a multiple of ${String(params['multipleOf'])}`,
  pattern: (params) => `must match the pattern ${String(params['pattern'])}`,
  format: (params) => `must be a ${String(params['format'])}`,
  minLength: counted('characters', 'at least'),
  maxLength: counted('characters', 'at most'),
  minItems: counted('items', 'at least'),
  maxItems: counted('items', 'at most'),
  minProperties: counted('properties', 'at least'),
  maxProperties: counted('properties', 'at most'),
  uniqueItems: (params) => `must have no item twice (items ${String(params['j'])} and ${String(params['i'])} are equal)`,
  required: (params) => `must have the property '${String(params['missingProperty'])}'`,
  dependentRequired: (params) =>
    `must have the property '${String(params['missingProperty'])}' where it has '${String(params['property'])}'`,
  additionalProperties: unknownProperty,
  unevaluatedProperties: unknownProperty,
  additionalItems: (params) => `must have at most ${String(params['limit'])} items`,
  unevaluatedItems: (params) => `must have at most ${String(params['len'])} items`,
  items: (params) => `must have at most ${String(params['limit'])} items`,
  contains: () => 'must contain an item of the declared form',
  not: () => 'must not have the form that is forbidden for it',
  anyOf: () => 'must have one of the allowed forms',
  oneOf: (params) =>
    params['passingSchemas'] ? 'must have only one of the allowed forms, but has several' : 'must have one of the allowed forms',
  propertyNames: () => 'must have only property names of the declared form',
  'false schema': () => 'must not be there',
};

/** What a validation error expected, as the end of a sentence: `must be >= 1`. Holds values of the schema, never of the data. */
export function expectationOf(error: ErrorObject): string {
  const phrase = Object.hasOwn(PHRASES, error.keyword) ? PHRASES[error.keyword] : undefined;
  return phrase === undefined ? (error.message ?? `must fit '${error.keyword}'`) : phrase(error.params, error);
}
