import { otlpError } from './errors.ts';

/**
 * Readers of protobuf's JSON mapping as OTLP uses it (OTLP 1.x, "JSON Protobuf Encoding"): absent and null are the default, unknown
 * fields are ignored, 64-bit integers are text or numbers, ids are hex. Each throws OTLP_FIELD_INVALID with the place of what is wrong.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_UINT64 = 2n ** 64n - 1n;
const SHOWN_CHARACTERS = 40;

/** A field's value as it may stand in a sentence: its kind, and the beginning of what is short. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/** The error of a field: where it stands, what it must be, what it is. */
export function fieldError(path: string, expected: string, value: unknown): Error {
  return otlpError('OTLP_FIELD_INVALID', `${path} must be ${expected}, and is ${shown(value)}`);
}

export function objectAt(value: unknown, path: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw fieldError(path, 'an object', value);
  return value as JsonObject;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fieldError(path, 'an array', value);
  return value;
}

export function textAt(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw fieldError(path, 'text', value);
  return value;
}

/** A 64-bit unsigned integer, as text or as a number; above 2^53 a number has lost its last digits before it arrived. */
export function uint64At(value: unknown, path: string): bigint {
  if (value === undefined || value === null) return 0n;
  const isInteger =
    (typeof value === 'string' && /^\d{1,20}$/u.test(value)) || (typeof value === 'number' && Number.isInteger(value));
  const integer = isInteger ? BigInt(value) : -1n;
  if (integer < 0n || integer > MAX_UINT64) throw fieldError(path, 'an unsigned 64-bit integer, as text or a number', value);
  return integer;
}

/** An id of so many bytes as lower-case hex. All zeros are no id. */
export function idAt(value: unknown, path: string, bytes: number): string {
  const id = optionalIdAt(value, path, bytes);
  if (id === '') throw fieldError(path, `${bytes * 2} hex digits that are not all 0`, value);
  return id;
}

/** The same, where there may be none: then ''. */
export function optionalIdAt(value: unknown, path: string, bytes: number): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value !== 'string' || value.length !== bytes * 2 || !/^[0-9a-f]+$/iu.test(value)) {
    throw fieldError(path, `${bytes * 2} hex digits`, value);
  }
  return /^0+$/u.test(value) ? '' : value.toLowerCase();
}

/** An enum by its number or its protobuf name: `names` in the order of the numbers, as they are stored; `prefix` stands before them. */
export function enumAt(value: unknown, path: string, { prefix, names }: EnumNames): string {
  const [unspecified = ''] = names;
  if (value === undefined || value === null) return unspecified;
  const byName = names.find((name) => typeof value === 'string' && value === `${prefix}${name.toUpperCase()}`);
  const name = byName ?? (typeof value === 'number' ? names[value] : undefined);
  if (name === undefined) throw fieldError(path, `0 to ${names.length - 1} or one of ${prefix}*`, value);
  return name;
}

export interface EnumNames {
  readonly prefix: string;
  readonly names: readonly string[];
}
