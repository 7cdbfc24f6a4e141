import { type ParameterType, parseParameterType } from './parameter-type.ts';
import { refusal } from './refusals.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const SPECIAL = /[\\'\0\b\f\n\r\t]/gu;

/** A text as ClickHouse's string literal: nothing in it can end it, or the statement. */
export function quoteText(text: string): string {
  return `'${text.replace(SPECIAL, (found) => ESCAPES[found] ?? found)}'`;
}

/** A name as ClickHouse's quoted identifier. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replace(SPECIAL, (found) => ESCAPES[found] ?? found).replaceAll('`', '\\`')}\``;
}

const UNESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a `param_…`, which comes as a field of the format TabSeparated: backslash escapes, and no bare tab or line feed. */
function unescapeField(field: string, type: ParameterType): string {
  if (/[\t\n]/u.test(field)) throw unreadable(field, type);
  return field.replace(/\\(?:x([0-9A-Fa-f]{2})|([^]))/gu, (_all, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (UNESCAPES[letter ?? ''] ?? letter ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/**
 * A parameter's value as the literal that a ClickHouse server puts in its place: a string literal, cast to the declared
 * type by the engine, which refuses what does not fit. `field` is the value as it stands in the URL (see unescapeField).
 */
export function literalOf(declared: string, field: string): string {
  const type = parseParameterType(declared);
  if (type.name === 'Identifier') return quoteIdentifier(unescapeField(field, type));
  return literalFor(type, field);
}

function literalFor(type: ParameterType, field: string): string {
  const [inner] = type.args;
  if (type.name === 'String') return quoteText(unescapeField(field, type));
  // A string that does not fit a Nullable type casts to NULL without a word, so the cast goes by way of the inner type.
  if (type.name === 'Nullable' && typeof inner === 'object') {
    return `_CAST(${field === '\\N' ? 'NULL' : literalFor(inner, field)}, ${quoteText(type.text)})`;
  }
  if (type.name === 'LowCardinality' && typeof inner === 'object') {
    return `_CAST(${literalFor(inner, field)}, ${quoteText(type.text)})`;
  }
  // Arrays and tuples are text in which ClickHouse itself reads the quotes and escapes.
  const isComposite = type.name === 'Array' || type.name === 'Tuple';
  return `_CAST(${quoteText(isComposite ? field : unescapeField(field, type))}, ${quoteText(type.text)})`;
}

function unreadable(field: string, type: ParameterType): Error {
  return refusal(
    'BAD_QUERY_PARAMETER',
    `a value of ${field.length} characters cannot be read as ${type.text}: it holds a bare tab or line feed`,
  );
}
