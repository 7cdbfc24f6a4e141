import type { EpochMs } from '#core';
import type { LineOfModels } from './line-of-models.ts';

/** What was decided about a model in a period, counted. */
export interface LineCounts {
  /** Requests that led to a version. */
  readonly trainings: number;
  /** By a gate, or as the first version; roll-backs are not counted. */
  readonly promotions: number;
  /** By a gate. */
  readonly refusals: number;
}

const NONE: LineCounts = { trainings: 0, promotions: 0, refusals: 0 };

const monthOf = (ms: EpochMs): string => new Date(ms).toISOString().slice(0, 7);

/** By UTC month of event time (`YYYY-MM`); months without a decision are left out. Pure. */
export function countByMonth(line: LineOfModels): ReadonlyMap<string, LineCounts> {
  const months = new Map<string, LineCounts>();
  const add = (ms: EpochMs, what: keyof LineCounts): void => {
    const counts = months.get(monthOf(ms)) ?? NONE;
    months.set(monthOf(ms), { ...counts, [what]: counts[what] + 1 });
  };
  const requestedMs = new Map(line.requested.map(({ requestId, atMs }) => [requestId, atMs]));
  for (const { requestId } of line.registered) {
    const atMs = requestedMs.get(requestId);
    if (atMs !== undefined) add(atMs, 'trainings');
  }
  for (const { atMs, cause } of line.promoted) if (cause !== 'rollback') add(atMs, 'promotions');
  for (const { atMs } of line.refusedByGate) add(atMs, 'refusals');
  return months;
}
