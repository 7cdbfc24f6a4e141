import type { DiagnosisQuestion } from './pathway.ts';

/** The processing time that a diagnosis looks at. */
export interface Lookback {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly bucketMs: number;
  /** How far a change may be from a first sign to have to do with it, ms. */
  readonly changeMs: number;
}

const HOUR_MS = 3_600_000;
/**
 * Four hours before the alert: the slowest page has a window of six, and burns for the part of it that is over its budget. In scaled
 * time no less than two minutes, so that there is traffic to compare with.
 */
const BEFORE_MS = 4 * HOUR_MS;
const MIN_BEFORE_MS = 120_000;
const AFTER_MS = HOUR_MS;
const MIN_AFTER_MS = 60_000;
const CHANGE_MS = 30 * 60_000;
const MIN_CHANGE_MS = 15_000;
const BUCKETS = 120;

/** What a diagnosis of this question looks at: from well before the alert to now, and no more than an hour (times scale) after it. */
export function lookbackOf({ startsAtMs, nowMs, scale }: DiagnosisQuestion): Lookback {
  const fromMs = Math.floor(startsAtMs - Math.max(BEFORE_MS * scale, MIN_BEFORE_MS));
  const latestMs = startsAtMs + Math.max(AFTER_MS * scale, MIN_AFTER_MS);
  const toMs = Math.ceil(Math.max(startsAtMs + 1, Math.min(nowMs, latestMs))) + 1;
  const bucketMs = Math.max(500, Math.ceil((toMs - fromMs) / BUCKETS));
  return { fromMs, toMs, bucketMs, changeMs: Math.max(CHANGE_MS * scale, MIN_CHANGE_MS) };
}
