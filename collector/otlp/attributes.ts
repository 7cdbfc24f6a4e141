import { fieldError, type JsonObject, listAt, objectAt, textAt } from './fields.ts';

/** Attributes as the tables hold them: text by text. */
export type TextAttributes = Readonly<Record<string, string>>;

/** Values within values: deeper than this is refused. */
const MAX_DEPTH = 16;

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A list of KeyValue as text by text: what is no text becomes JSON, bytes base64, as the OpenTelemetry collector writes them. The last of one key counts. */
export function attributesAt(value: unknown, path: string): TextAttributes {
  const entries = listAt(value, path).map((item, index): readonly [string, string] => {
    const [key, inner] = keyValueAt(item, { path: `${path}[${index}]`, depth: 0 });
    return [key, textOf(inner)];
  });
  return Object.fromEntries(entries);
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function keyValueAt(item: unknown, { path, depth }: Place): readonly [string, JsonValue] {
  const { key, value } = objectAt(item, path);
  const name = textAt(key, `${path}.key`);
  return [name, anyValueAt(value, { path: `${path}.value`, depth })];
}

/** Readers of AnyValue's cases, the one that is set; none set is an empty value. */
const CASES: Readonly<Record<string, (value: unknown, place: Place) => JsonValue>> = {
  stringValue: (value, { path }) => textAt(value, path),
  boolValue: (value, { path }) => {
    if (typeof value !== 'boolean') throw fieldError(path, 'true or false', value);
    return value;
  },
  intValue: (value, { path }) => int64At(value, path),
  doubleValue: (value, { path }) => doubleAt(value, path),
  bytesValue: (value, { path }) => textAt(value, path),
  arrayValue: (value, { path, depth }) =>
    listAt(objectAt(value, path)['values'], `${path}.values`).map((item, index) =>
      anyValueAt(item, { path: `${path}.values[${index}]`, depth: depth + 1 }),
    ),
  kvlistValue: (value, { path, depth }) =>
    Object.fromEntries(
      listAt(objectAt(value, path)['values'], `${path}.values`).map((item, index) =>
        keyValueAt(item, { path: `${path}.values[${index}]`, depth: depth + 1 }),
      ),
    ),
};

function anyValueAt(value: unknown, place: Place): JsonValue {
  if (place.depth > MAX_DEPTH) throw fieldError(place.path, `nested at most ${MAX_DEPTH} deep`, '…');
  const set = objectAt(value, place.path);
  const name = caseOf(set);
  const read = name === undefined ? undefined : CASES[name];
  if (name === undefined || read === undefined) return null;
  return read(set[name], { ...place, path: `${place.path}.${name}` });
}

function caseOf(set: JsonObject): string | undefined {
  return Object.keys(set).find((name) => Object.hasOwn(CASES, name) && set[name] !== null);
}

function int64At(value: unknown, path: string): JsonValue {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/u.test(value))
    throw fieldError(path, 'a 64-bit integer, as text or a number', value);
  const integer = Number(value);
  return Number.isSafeInteger(integer) ? integer : value;
}

function doubleAt(value: unknown, path: string): JsonValue {
  if (typeof value === 'number') return value;
  const isNumeric =
    typeof value === 'string' && (/^(?:NaN|-?Infinity)$/u.test(value) || /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu.test(value));
  if (!isNumeric) throw fieldError(path, 'a number, "NaN", "Infinity" or "-Infinity"', value);
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
