import { defineErrors, type ErrorTable } from '#core';

/** Failures of the telemetry store, by stable code; the embedded engine and a server use the same table. */
export const CLICKHOUSE_ERRORS = {
  CLICKHOUSE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    doc: 'The telemetry store does not answer: the engine starts again, the server is down, or it has too much to do at the moment.',
  },
  CLICKHOUSE_QUERY_FAILED: {
    status: 500,
    retryable: false,
    doc: 'ClickHouse refused a statement or failed on it; the message carries its code and its first sentence.',
  },
  CLICKHOUSE_LIMIT: {
    status: 503,
    retryable: true,
    doc: 'A statement ran longer, or needed more memory, than it may; ask for a shorter time range, or try again when less runs.',
  },
  CLICKHOUSE_INSERT_SHORT: {
    status: 500,
    retryable: true,
    doc: 'The telemetry store took fewer rows than were sent; the same rows with the same token may be sent again.',
  },
  CLICKHOUSE_INSERT_TOO_LARGE: {
    status: 413,
    retryable: false,
    doc: 'One insert holds more bytes than it may; send its rows in parts.',
  },
  CLICKHOUSE_NAME_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A database, table or column name holds something else than letters, digits and underscores.',
  },
  CLICKHOUSE_STATEMENT_REFUSED: {
    status: 400,
    retryable: false,
    doc: 'The embedded engine does not take this request; the message says what it takes instead.',
  },
  CLICKHOUSE_FOLDER_IN_USE: {
    status: 409,
    retryable: true,
    doc: 'Another process has the embedded engine’s folder open; a folder has one owner.',
  },
  CLICKHOUSE_PLATFORM: {
    status: 501,
    retryable: false,
    doc: 'There is no prebuilt ClickHouse library for this platform, or it is not installed; use a server, or none.',
  },
  CLICKHOUSE_ENGINE_FAILED: {
    status: 500,
    retryable: false,
    doc: 'The embedded engine did not start; the message carries what it said.',
  },
  CLICKHOUSE_MIGRATIONS_INVALID: {
    status: 500,
    retryable: false,
    doc: 'The list of migrations itself is wrong: a number is missing or used twice, or a migration has no statements.',
  },
  CLICKHOUSE_MIGRATION_CHANGED: {
    status: 409,
    retryable: false,
    doc: 'A migration that the database has applied reads differently in this version; applied migrations are never edited.',
  },
  CLICKHOUSE_SCHEMA_NEWER: {
    status: 409,
    retryable: false,
    doc: 'The database was migrated by a newer version of Throughline than this one.',
  },
  CLICKHOUSE_SCHEMA_GAP: {
    status: 409,
    retryable: false,
    doc: 'The database misses a migration between others that it has; it was not migrated by this program alone.',
  },
} as const satisfies ErrorTable;

/** Makes the errors of the telemetry store. */
export const clickhouseError = defineErrors(CLICKHOUSE_ERRORS);
