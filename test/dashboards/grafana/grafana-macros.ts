/** What Grafana and its ClickHouse plugin do to a statement before ClickHouse sees it: the macros that our panels use. */
export interface MacroContext {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
}

const seconds = (ms: number): string => `toDateTime(${Math.floor(ms / 1000)})`;

/** The text between a macro's parentheses, which may hold others. */
function replaceCalls(sql: string, macro: string, expand: (argument: string) => string): string {
  const at = sql.indexOf(`${macro}(`);
  if (at < 0) return sql;
  const from = at + macro.length + 1;
  let depth = 1;
  let to = from;
  while (depth > 0) {
    const character = sql[to];
    if (character === undefined) throw new Error(`${macro} is not closed`);
    depth += { '(': 1, ')': -1 }[character] ?? 0;
    to += 1;
  }
  return replaceCalls(`${sql.slice(0, at)}${expand(sql.slice(from, to - 1))}${sql.slice(to)}`, macro, expand);
}

const VARIABLE_FORMATS: Readonly<Record<string, (value: string) => string>> = {
  sqlstring: (value) => `'${value.replaceAll("'", "''")}'`,
  raw: (value) => value,
};

/** Expands them all; throws where something is left that nobody would fill in. */
export function expandMacros(sql: string, { fromMs, toMs, intervalSeconds, variables }: MacroContext): string {
  const chosen = sql.replaceAll(/\$\{(\w+):(\w+)\}/gu, (_, name: string, format: string) => {
    const [value, write] = [variables[name], VARIABLE_FORMATS[format]];
    if (value === undefined || write === undefined) throw new Error(`no board has \${${name}:${format}}`);
    return write(value);
  });
  const filtered = replaceCalls(
    chosen,
    '$__timeFilter',
    (column) => `${column} >= ${seconds(fromMs)} AND ${column} <= ${seconds(toMs)}`,
  );
  const stepped = replaceCalls(
    filtered,
    '$__timeInterval',
    (column) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSeconds} second)`,
  );
  const expanded = stepped
    .replaceAll('$__interval_s', String(intervalSeconds))
    .replaceAll('$__fromTime', seconds(fromMs))
    .replaceAll('$__toTime', seconds(toMs));
  if (expanded.includes('$'))
    throw new Error(`a macro is left: ${expanded.slice(expanded.indexOf('$'), expanded.indexOf('$') + 40)}`);
  return expanded;
}
