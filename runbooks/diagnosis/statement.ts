import type { SqlValue } from '#core';

const PLACEHOLDER = /\{(\w+):([\w()]+)\}/gu;

/** A text as ClickHouse's string literal. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`;
}

function literal(value: SqlValue | undefined, type: string): string {
  if (Array.isArray(value)) return `[${value.map((item: SqlValue) => literal(item, type.slice(6, -1))).join(', ')}]`;
  if (type === 'String') return quoted(String(value));
  return `to${type}(${String(value)})`;
}

/**
 * The statement with its values in place of `{name:Type}` (String, numbers, Array of them): what was asked can be asked again as it
 * stands, by hand. A name without a value stays as it is, and the store refuses it.
 */
export function inlined(sql: string, values: Readonly<Record<string, SqlValue>>): string {
  const text = sql.replaceAll(PLACEHOLDER, (placeholder, name: string, type: string) =>
    Object.hasOwn(values, name) ? literal(values[name], type) : placeholder,
  );
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

/** A processing-time column within the look-back. */
export const within = (column: string): string =>
  `${column} >= fromUnixTimestamp64Milli({fromMs:Int64}) AND ${column} < fromUnixTimestamp64Milli({toMs:Int64})`;

/** The number of a column's bucket in the look-back. */
export const bucketOf = (column: string): string =>
  `toFloat64(intDiv(toUnixTimestamp64Milli(${column}) - {fromMs:Int64}, {bucketMs:Int64}))`;

/** Whether a column is at or past the first sign, {sinceMs:Int64}. */
export const isSince = (column: string): string => `${column} >= fromUnixTimestamp64Milli({sinceMs:Int64})`;

/** The two sides of the first sign, as rows of evidence call them. */
export const SIDE = (column: string): string => `if(${isSince(column)}, 'since', 'before')`;
