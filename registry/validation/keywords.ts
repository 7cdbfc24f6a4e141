/** What a keyword holds: a schema, a list or a map of schemas, or a plain value. */
type Shape = 'schema' | 'list' | 'map' | 'value';

/**
 * Where the keyword’s schemas apply: `same` to the value itself, `name` to the property of that name, `any` to some item or property,
 * `keys` to property names, `nowhere` until something refers to them.
 */
type Place = 'same' | 'name' | 'any' | 'keys' | 'nowhere';

interface KeywordSpec {
  readonly shape: Shape;
  readonly place: Place;
}

const of = (shape: Shape, place: Place, names: string): readonly (readonly [string, KeywordSpec])[] =>
  names.split(' ').map((name) => [name, { shape, place }] as const);

/** Every keyword of JSON Schema 2020-12 that a contract may use. Others are refused: an ignored keyword is a rule that nobody applies. */
export const KEYWORDS: ReadonlyMap<string, KeywordSpec> = new Map([
  ...of('schema', 'same', 'not if then else'),
  ...of('list', 'same', 'allOf anyOf oneOf'),
  ...of('map', 'same', 'dependentSchemas'),
  ...of('map', 'name', 'properties'),
  ...of('map', 'any', 'patternProperties'),
  ...of('schema', 'any', 'additionalProperties unevaluatedProperties items contains unevaluatedItems'),
  ...of('list', 'any', 'prefixItems'),
  ...of('schema', 'keys', 'propertyNames'),
  ...of('map', 'nowhere', '$defs definitions'),
  ...of('schema', 'nowhere', 'contentSchema'),
  ...of('value', 'same', '$schema $id $ref $anchor $dynamicRef $dynamicAnchor $comment'),
  ...of(
    'value',
    'same',
    'type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern',
  ),
  ...of(
    'value',
    'same',
    'maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired',
  ),
  ...of(
    'value',
    'same',
    'title description default deprecated readOnly writeOnly examples format contentEncoding contentMediaType',
  ),
]);

/** Our own keywords: `x-pii` (what a value says of a person), `x-unit` (what it counts). Other `x-…` are carried along unread. */
export const OWN_KEYWORDS = ['x-pii', 'x-unit'] as const;

/** A schema inside a schema, with the path from the outer one. */
export interface Subschema {
  readonly path: string;
  readonly place: Place;
  readonly name: string;
  readonly schema: unknown;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON pointer’s token for a name (RFC 6901). */
export function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function members(shape: Shape, value: unknown): readonly (readonly [string, unknown])[] {
  if (shape === 'list') return Array.isArray(value) ? value.map((schema: unknown, index) => [String(index), schema]) : [];
  return isObject(value) ? Object.entries(value) : [];
}

/** The schemas directly inside a schema object, by keyword. */
export function subschemasOf(schema: Readonly<Record<string, unknown>>): readonly Subschema[] {
  const found: Subschema[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const spec = KEYWORDS.get(keyword);
    if (spec === undefined || spec.shape === 'value') continue;
    if (spec.shape === 'schema') found.push({ path: `/${keyword}`, place: spec.place, name: keyword, schema: value });
    else {
      for (const [name, inner] of members(spec.shape, value)) {
        found.push({ path: `/${keyword}/${escapeToken(name)}`, place: spec.place, name, schema: inner });
      }
    }
  }
  return found;
}
