import { checkProbabilities, computed, notComputable, rowAt, type ScoredLabels, type Statistic } from './statistic.ts';

/** Equal-width bins over [0, 1]: bin i is [i/10, (i+1)/10), the last one closed. */
export const CALIBRATION_BINS = 10;

/**
 * Expected calibration error: Σ over bins of (rows in bin / n) · |share of positives − mean score|, 10 equal-width bins.
 * Not computable without rows; 0 to 1. Source: Naeini, Cooper & Hauskrecht 2015 (AAAI), eq. for ECE.
 */
export function calibrationError(rows: ScoredLabels): Statistic {
  checkProbabilities(rows);
  if (rows.labels.length === 0) return notComputable('no_rows');
  // |positives − Σ score| / n is the bin's weight times its gap: the bin's own count cancels out.
  const gaps = new Float64Array(CALIBRATION_BINS);
  for (let row = 0; row < rows.labels.length; row++) {
    const { label, score } = rowAt(rows, row);
    const bin = Math.min(CALIBRATION_BINS - 1, Math.floor(score * CALIBRATION_BINS));
    gaps[bin] = (gaps[bin] ?? 0) + label - score;
  }
  return computed(gaps.reduce((total, gap) => total + Math.abs(gap), 0) / rows.labels.length);
}
