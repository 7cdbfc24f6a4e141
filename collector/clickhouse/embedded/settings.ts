import { quoteText } from './literals.ts';
import { refusal } from './refusals.ts';

/** Parameters of the HTTP interface that are no settings. */
export const REQUEST_PARAMETERS = new Set(['query', 'query_id', 'database', 'default_format', 'readonly', 'session_id', 'role']);

/** Settings that mean something to a server's connection and nothing here; they are taken and left. */
const IGNORED = new Set([
  'async_insert',
  'wait_for_async_insert',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_headers_progress_interval_ms',
  'send_progress_in_http_headers',
  'http_write_exception_in_output_format',
  'compress',
]);

/** Settings that go on a statement as they are asked for: by name, or by how the name begins. */
const TAKEN = new Set([
  'alter_sync',
  'date_time_input_format',
  'date_time_output_format',
  'deduplicate_blocks_in_dependent_materialized_views',
  'extremes',
  'final',
  'group_by_overflow_mode',
  'insert_deduplicate',
  'insert_deduplication_token',
  'materialized_views_ignore_errors',
  'mutations_sync',
  'read_overflow_mode',
  'result_overflow_mode',
  'session_timezone',
  'timeout_overflow_mode',
  'totals_mode',
]);
const TAKEN_BEGINNINGS =
  /^(?:allow|cast|cross|do|empty|enable|format|group|input_format|join|max|min|optimize|output_format|prefer|query_plan|transform|use)_[a-z0-9_]+$/u;

/** Limits that every statement gets, unless the request asks for others; seconds, bytes. */
const DEFAULTS: Readonly<Record<string, string>> = {
  max_execution_time: '10',
  max_memory_usage: String(1024 ** 3),
  max_result_bytes: String(256 * 1024 ** 2),
};

/** Asked for 0, ClickHouse means "no limit"; there always is one. */
const CEILINGS: Readonly<Record<string, string>> = {
  max_execution_time: '3600',
  max_memory_usage: String(16 * 1024 ** 3),
  max_result_bytes: String(1024 ** 3),
};

const NUMBER = /^-?\d{1,20}(?:\.\d{1,20})?$/u;
const MAX_VALUE_LENGTH = 1000;

/** The settings of one statement, by name. */
export type StatementSettings = Readonly<Record<string, string>>;

/**
 * Reads settings from the parameters of a request. They go on the statement, never as SET: those would stay on the
 * connection. Refuses (UNKNOWN_SETTING) names that are not in the list.
 */
export function parseSettings(parameters: URLSearchParams): StatementSettings {
  const settings: Record<string, string> = { ...DEFAULTS };
  for (const [name, value] of parameters) {
    if (REQUEST_PARAMETERS.has(name) || name.startsWith('param_') || IGNORED.has(name)) continue;
    checkSetting(name, value);
    settings[name] = value;
  }
  for (const [name, ceiling] of Object.entries(CEILINGS)) settings[name] = withinCeiling(name, settings[name] ?? '0', ceiling);
  return settings;
}

function checkSetting(name: string, value: string): void {
  if (!TAKEN.has(name) && !TAKEN_BEGINNINGS.test(name)) {
    throw refusal('UNKNOWN_SETTING', `the embedded engine does not take the setting ${name.slice(0, 100)} from a request`);
  }
  if (value.length > MAX_VALUE_LENGTH) {
    throw refusal(
      'UNKNOWN_SETTING',
      `the value of ${name} has ${value.length} characters; at most ${MAX_VALUE_LENGTH} are taken`,
    );
  }
}

function withinCeiling(name: string, value: string, ceiling: string): string {
  const wanted = Number(value);
  if (!NUMBER.test(value) || wanted < 0)
    throw refusal('UNKNOWN_SETTING', `${name} is a number from 0, not ${value.slice(0, 100)}`);
  return wanted === 0 || wanted > Number(ceiling) ? ceiling : value;
}

/** `a='1', b='x'`, for a SETTINGS clause; ClickHouse reads numbers from text. */
export function settingsClause(settings: StatementSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quoteText(value)}`)
    .join(', ');
}
