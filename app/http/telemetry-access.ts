import type { Database } from '#core';
import { appError } from '../errors.ts';
import type { Telemetry } from './deps.ts';

/** The store to ask. Throws APP_TELEMETRY_OFF or APP_TELEMETRY_UNAVAILABLE, which say what to do. */
export function databaseOf(telemetry: Telemetry): Database {
  const database = telemetry.database();
  const { status, problem, lagRecords } = telemetry.status();
  if (status === 'off')
    throw appError(
      'APP_TELEMETRY_OFF',
      'telemetry is switched off, so that journeys are not stored: switch it on in throughline.yaml and start again; the records of the outbox are stored then',
    );
  if (database !== undefined) return database;
  const why =
    status === 'starting'
      ? 'the telemetry store is starting'
      : `the telemetry store is not there: ${problem ?? 'it does not answer'}`;
  throw appError(
    'APP_TELEMETRY_UNAVAILABLE',
    `${why}; scoring goes on, ${lagRecords} records wait in the outbox and are stored when it is back: ask again then`,
  );
}

/** Telemetry that is switched off; the outbox is counted all the same. */
export function telemetryOff(lagRecords: () => number): Telemetry {
  return {
    database: () => undefined,
    status: () => ({ status: 'off', engine: 'none', lagRecords: lagRecords(), problem: null }),
  };
}
