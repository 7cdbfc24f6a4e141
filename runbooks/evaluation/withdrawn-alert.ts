import type { AlertEventRecord, EpochMs, FiredAlert } from '#core';
import type { SeriesState } from './series-state.ts';

const SUMMARY = 'The rule of this alert is not in the workspace any more.';

/** An alert whose rule is gone: resolved, with what its labels say. */
export function withdrawnAlertOf({ fingerprint, labels, value, sinceMs }: SeriesState, nowMs: EpochMs): FiredAlert {
  const annotations = { summary: SUMMARY, description: SUMMARY };
  const identity = { fingerprint, startsAtMs: sinceMs, endsAtMs: nowMs };
  return { ...identity, status: 'resolved', labels, annotations, value, origin: 'throughline' };
}

export function withdrawnEventOf(ruleId: string, series: SeriesState, atMs: EpochMs): AlertEventRecord {
  const { fingerprint, labels, value, sinceMs } = series;
  return {
    atMs,
    alert: labels['alertname'] ?? '',
    ruleId,
    fingerprint,
    state: 'resolved',
    startsAtMs: sinceMs,
    severity: labels['severity'] ?? 'none',
    pipeline: labels['pipeline'] ?? '',
    labels,
    value,
    summary: SUMMARY,
  };
}
