const PARAMETER = /\{(?<name>\w+)\s*:\s*[\w()]+\}/gu;
const SPECIAL = /[\\'\0\b\f\n\r\t]/gu;
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

/** A statement with the values of its parameters in place, as it can be run anywhere; parameters without a value stay. */
export function inlineParameters(sql: string, values: Readonly<Record<string, string | number>>): string {
  return sql.replace(PARAMETER, (written, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return written;
    return typeof value === 'number' ? `toInt64(${Math.round(value)})` : quoted(value);
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll(SPECIAL, (found) => ESCAPES[found] ?? found)}'`;
}
