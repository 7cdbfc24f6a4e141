import type { ThroughlineError } from '#core';
import { clickhouseError } from '../errors.ts';

/** ClickHouse's own exceptions that the engine's front raises itself: its code, and the HTTP status that a server answers. */
const EXCEPTIONS = {
  UNKNOWN_FORMAT: { code: 73, status: 400 },
  UNKNOWN_SETTING: { code: 115, status: 404 },
  READONLY: { code: 164, status: 403 },
  SYNTAX_ERROR: { code: 62, status: 400 },
  TOO_MANY_SIMULTANEOUS_QUERIES: { code: 202, status: 503 },
  SUPPORT_IS_DISABLED: { code: 344, status: 501 },
  QUERY_WAS_CANCELLED: { code: 394, status: 499 },
  BAD_QUERY_PARAMETER: { code: 457, status: 400 },
  UNKNOWN_QUERY_PARAMETER: { code: 456, status: 400 },
  REQUIRED_PASSWORD: { code: 194, status: 401 },
  AUTHENTICATION_FAILED: { code: 516, status: 403 },
  HTTP_LENGTH_REQUIRED: { code: 381, status: 400 },
  TOO_LARGE_BODY: { code: 131, status: 413 },
  ABORTED: { code: 236, status: 503 },
} as const;

export type ExceptionName = keyof typeof EXCEPTIONS;

/** A request that the engine's front refuses, in ClickHouse's words: `exception` is ClickHouse's name for it. */
export function refusal(exception: ExceptionName, sentence: string, cause?: unknown): ThroughlineError {
  const { code, status } = EXCEPTIONS[exception];
  return clickhouseError('CLICKHOUSE_STATEMENT_REFUSED', sentence, { cause, details: { exception, code, status } });
}
