import type { DriftResultRecord, FieldProfileRecord } from '#core';
import { DAY_MS, FROM_MS, PIPELINE } from '../../drift/prediction-records.ts';

/** What drift jobs leave behind, as a test wants it. */

const WEEK_MS = 7 * DAY_MS;

/** Week `index` of the history: event time, end exclusive. */
export const weekOf = (index: number) => ({ fromMs: FROM_MS + index * WEEK_MS, toMs: FROM_MS + (index + 1) * WEEK_MS });

export function driftResultOf(week: number, change: Partial<DriftResultRecord> = {}): DriftResultRecord {
  return {
    job: 'weekly',
    pipeline: PIPELINE,
    model: 'repurchase',
    version: 1,
    window: weekOf(week),
    reference: { fromMs: FROM_MS - 31 * DAY_MS, toMs: FROM_MS },
    targetKind: 'feature',
    target: 'buyer.spend',
    method: 'psi',
    rows: 400,
    referenceRows: 1600,
    status: 'ok',
    reason: '',
    value: 0.05,
    referenceValue: null,
    pValue: null,
    threshold: 0.2,
    isBreach: false,
    windowsInARow: 0,
    isAlarm: false,
    ...change,
  };
}

/** Realised quality of a week; in breach where it is over the threshold. */
export function logLossOf(week: number, value: number | null): DriftResultRecord {
  return driftResultOf(week, {
    targetKind: 'outcome',
    target: 'outcome',
    method: 'log_loss',
    value,
    referenceValue: 0.55,
    threshold: 0.58,
    ...(value === null ? { status: 'not_computable', reason: 'too_few_outcomes' } : {}),
  });
}

export const PROFILE: FieldProfileRecord = {
  pipeline: PIPELINE,
  subject: 'basket.updated',
  contractVersion: 1,
  source: '/shop/uk',
  field: '/unitPrice',
  partition: 0,
  window: { fromMs: FROM_MS, toMs: FROM_MS + DAY_MS },
  values: 7,
  missing: 1,
  sum: 12.5,
  min: -1,
  max: 9.5,
  accuracy: 0.01,
  zeros: 1,
  positive: { keys: [-3, 0, 112], counts: [2, 1, 2] },
  negative: { keys: [0], counts: [1] },
};
