/** What is profiled of a subject: the numeric properties of its newest contract. */
export interface FieldContract {
  readonly subject: string;
  readonly contractVersion: number;
  readonly owner: string;
  /** JSON pointers into the event's data, such as /unitPrice. */
  readonly fields: readonly string[];
}

const MAX_DEPTH = 8;

/**
 * JSON pointers of the properties that a JSON Schema declares as numbers, in its order; numbers within arrays, and what stands
 * behind `$ref` or alternatives, are left out.
 */
export function numericFieldsOf(schema: unknown): readonly string[] {
  return numbersUnder(schema, '', MAX_DEPTH);
}

function numbersUnder(schema: unknown, pointer: string, depth: number): readonly string[] {
  if (!isRecord(schema) || depth === 0) return [];
  const types = [schema['type']].flat();
  if (pointer !== '' && types.some((type) => type === 'number' || type === 'integer')) return [pointer];
  const properties = schema['properties'];
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([name, inner]) => numbersUnder(inner, `${pointer}/${escape(name)}`, depth - 1));
}

/** Reads the value that a JSON pointer (RFC 6901) names; undefined where there is none. */
export type FieldReader = (data: unknown) => unknown;

/** Makes a reader of a pointer that leads through objects only. */
export function createFieldReader(pointer: string): FieldReader {
  const names = pointer.split('/').slice(1).map(unescape);
  const [only = ''] = names;
  if (names.length === 1) return (data) => propertyOf(data, only);
  return (data) => names.reduce<unknown>(propertyOf, data);
}

function propertyOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
