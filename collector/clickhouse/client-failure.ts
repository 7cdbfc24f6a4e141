import { ClickHouseError } from '@clickhouse/client';
import { messageOf, type ThroughlineError } from '#core';
import { type CLICKHOUSE_ERRORS, clickhouseError } from './errors.ts';

export interface AskedStore {
  /** What to call the store in a sentence. */
  readonly name: string;
  /** The answer did not come in time. */
  readonly isLate: boolean;
  /** The limit that the statement had. */
  readonly seconds: number;
}

type Code = keyof typeof CLICKHOUSE_ERRORS;

/** ClickHouse's exceptions that mean something else than a wrong statement (src/Common/ErrorCodes.cpp). */
const CODES: Readonly<Record<string, Code>> = {
  159: 'CLICKHOUSE_LIMIT', // TIMEOUT_EXCEEDED
  160: 'CLICKHOUSE_LIMIT', // TOO_SLOW
  241: 'CLICKHOUSE_LIMIT', // MEMORY_LIMIT_EXCEEDED
  202: 'CLICKHOUSE_UNAVAILABLE', // TOO_MANY_SIMULTANEOUS_QUERIES
  209: 'CLICKHOUSE_UNAVAILABLE', // SOCKET_TIMEOUT
  210: 'CLICKHOUSE_UNAVAILABLE', // NETWORK_ERROR
  236: 'CLICKHOUSE_UNAVAILABLE', // ABORTED: it is being stopped
  242: 'CLICKHOUSE_UNAVAILABLE', // TABLE_IS_READ_ONLY: its keeper is away
  252: 'CLICKHOUSE_UNAVAILABLE', // TOO_MANY_PARTS: merges do not keep up
  279: 'CLICKHOUSE_UNAVAILABLE', // ALL_CONNECTION_TRIES_FAILED
  394: 'CLICKHOUSE_UNAVAILABLE', // QUERY_WAS_CANCELLED, by someone else than the caller
  999: 'CLICKHOUSE_UNAVAILABLE', // KEEPER_EXCEPTION
};
const MAX_SENTENCE = 400;

/** The failure of the table that something thrown by @clickhouse/client stands for. */
export function failureOf(error: unknown, asked: AskedStore): ThroughlineError {
  if (error instanceof ClickHouseError) {
    const code = CODES[error.code] ?? 'CLICKHOUSE_QUERY_FAILED';
    // Its message quotes the statement, in which the client finds other names in brackets.
    const type = error.code === '62' ? 'SYNTAX_ERROR' : (error.type ?? 'an error');
    const message = `${asked.name} answered ${type} (code ${error.code}): ${firstSentence(error.message)}`;
    return clickhouseError(code, message, {
      cause: error,
      details: { clickhouseCode: Number(error.code), clickhouseType: type },
    });
  }
  if (asked.isLate) {
    return clickhouseError(
      'CLICKHOUSE_LIMIT',
      `${asked.name} did not answer within the ${asked.seconds} s that the statement had`,
      { cause: error },
    );
  }
  return clickhouseError('CLICKHOUSE_UNAVAILABLE', `${asked.name} does not answer: ${firstSentence(messageOf(error))}`, {
    cause: error,
  });
}

function firstSentence(message: string): string {
  const text = message.trim().replace(/\s+/gu, ' ');
  const end = text.search(/[.:] [A-Z]/u);
  return (end === -1 ? text : text.slice(0, end)).slice(0, MAX_SENTENCE);
}
