import { appError } from '../errors.ts';
import type { Operations } from '../operations/wire-operations.ts';
import type { ServerDeps } from './deps.ts';

/** Alerts and incidents. Throws APP_TELEMETRY_UNAVAILABLE where telemetry is off: there is nothing to evaluate. */
export function operationsOf({ operations }: Pick<ServerDeps, 'operations'>): Operations {
  const found = operations();
  if (found !== undefined) return found;
  throw appError(
    'APP_TELEMETRY_UNAVAILABLE',
    'alerts and incidents need the telemetry store: start with --clickhouse embedded, or a server’s address',
  );
}
