import { checkProbabilities, computed, notComputable, rowAt, type ScoredLabels, type Statistic } from './statistic.ts';

/** From this probability on (inclusive) a row counts as predicted positive. */
export const ACCURACY_THRESHOLD = 0.5;

/**
 * Share of rows whose predicted class is the label: (1/n) Σ [ (p ≥ 0.5) = y ]. Not computable without rows.
 * The threshold is {@link ACCURACY_THRESHOLD}, whatever threshold a pipeline decides with.
 */
export function accuracy(rows: ScoredLabels): Statistic {
  checkProbabilities(rows);
  if (rows.labels.length === 0) return notComputable('no_rows');
  let right = 0;
  for (let row = 0; row < rows.labels.length; row++) {
    const { label, score } = rowAt(rows, row);
    if (score >= ACCURACY_THRESHOLD === (label === 1)) right++;
  }
  return computed(right / rows.labels.length);
}
