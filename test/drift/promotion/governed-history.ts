import type { EventLog, LogPosition } from '#core';
import type { GovernedModel } from '#drift';
import { gateSettings, retrainingSettings } from '#drift';
import { boundLog } from '../../support/shop-pipeline.ts';
import { DAY_MS, FEATURES, FROM_MS, PARTITIONS, PIPELINE, type Prediction, TOPIC } from '../prediction-records.ts';
import { seededRandom } from '../synthetic-rows.ts';

export const HISTORY_DAYS = 170;
const A_DAY = 24;
const HORIZON_DAYS = 10;

/** Not any version of the tests' models: both sides of a gate are scored from the vectors that were served. */
const UNKNOWN_VERSION = 77;

/**
 * Two dozen predictions a day whose labels follow from recency and spend, and from day 40 on the other way round: a first model that
 * was right, then wrong, and candidates that are better until they say the same.
 */
export function shiftingHistory(): readonly Prediction[] {
  const random = seededRandom(7);
  return Array.from({ length: HISTORY_DAYS * A_DAY }, (_, index) => {
    const day = index / A_DAY;
    const [recency, spend] = [random() * 60, random() ** 3 * 1000];
    const sign = day < 40 ? 1 : -1;
    const z = sign * (2 - recency / 15 + Math.log1p(spend) / 6);
    return {
      index,
      timeMs: FROM_MS + Math.floor(day * DAY_MS),
      values: [random() < 0.1 ? null : recency, spend, Math.floor(random() * 9)],
      label: random() < 1 / (1 + Math.exp(-z)) ? 1 : 0,
      ...(day < 20 ? {} : { scored: { version: UNKNOWN_VERSION, score: 0.5 } }),
    };
  });
}

/** A review every week, a schedule of three, a week in shadow. */
export const GOVERNED: GovernedModel = {
  name: 'repurchase',
  pipeline: PIPELINE,
  inputs: [
    { feature: FEATURES[0], transform: 'none', missing: 60 },
    { feature: FEATURES[1], transform: 'log1p', missing: 0 },
  ],
  trainer: { algorithms: ['logistic-regression'], minimumRows: 100, window: '40d' },
  firstWindow: { fromMs: FROM_MS, toMs: FROM_MS + 10 * DAY_MS },
  horizonMs: HORIZON_DAYS * DAY_MS,
  retraining: retrainingSettings({ review: '7d', coolDown: '14d', shadow: '7d', causes: { schedule: '21d' } }),
  gate: gateSettings({ minimumOutcomes: 100, resamples: 500 }),
  computeBudgetUs: 1_000_000,
};

/** Where the partitions stand when all events before this time have been read. */
export function positionsAt(atMs: number): readonly LogPosition[] {
  const read = Math.min(HISTORY_DAYS * A_DAY, Math.ceil(((atMs - FROM_MS) / DAY_MS) * A_DAY));
  return Array.from({ length: PARTITIONS }, (_, partition) => ({
    topic: TOPIC,
    partition,
    offset: Math.ceil((read - partition) / PARTITIONS),
  }));
}

/** A log in which every commit is killed twice: before it is done, and when it is tried again, after it is. */
export function brittle(log: EventLog): { readonly log: EventLog; readonly crashes: () => number } {
  let attempts = 0;
  const commit: EventLog['commit'] = async (wanted) => {
    attempts += 1;
    if (attempts % 2 === 0) await log.commit(wanted);
    throw new TypeError('killed');
  };
  return { log: { ...boundLog(log), commit }, crashes: () => attempts };
}
