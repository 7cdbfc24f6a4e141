import { checkProbabilities, computed, notComputable, rowAt, type ScoredLabels, type Statistic } from './statistic.ts';

/** Probabilities are clipped to [1e-15, 1 − 1e-15] before the logarithm, so that one certain mistake costs 34.5 and not infinity. */
export const LOG_LOSS_CLIP = 1e-15;

/**
 * Mean negative log likelihood in nats: −(1/n) Σ [y ln p + (1 − y) ln(1 − p)], p clipped by {@link LOG_LOSS_CLIP}.
 * Not computable without rows; one class is enough. Source: Good 1952, Rational Decisions (the logarithmic score).
 */
export function logLoss(rows: ScoredLabels): Statistic {
  checkProbabilities(rows);
  if (rows.labels.length === 0) return notComputable('no_rows');
  let total = 0;
  for (let row = 0; row < rows.labels.length; row++) {
    const { label, score } = rowAt(rows, row);
    const clipped = Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, score));
    total -= label === 1 ? Math.log(clipped) : Math.log1p(-clipped);
  }
  return computed(total / rows.labels.length);
}
