import { defineErrors, type ErrorTable } from '#core';

/** Failures of the collector, by stable code; those of the store itself are in clickhouse/errors.ts, of the receiver in otlp/errors.ts. */
export const COLLECTOR_ERRORS = {
  COLLECTOR_SETTING_INVALID: {
    status: 400,
    retryable: false,
    doc: 'The setting `clickhouse` is none of `embedded`, `off` or the URL of a server.',
  },
  COLLECTOR_OTHER_LOG: {
    status: 409,
    retryable: false,
    doc: 'The telemetry store holds the records of another data folder.',
  },
} as const satisfies ErrorTable;

/** Makes the errors of the collector. */
export const collectorError = defineErrors(COLLECTOR_ERRORS);
