import { driftError } from '../errors.ts';

/** Why a statistic has no value: no rows at all, or rows of one class only. */
export type NotComputableReason = 'no_rows' | 'one_class';

/** A statistic's value, or the reason why there is none; never NaN. */
export type Statistic =
  | { readonly status: 'ok'; readonly value: number }
  | { readonly status: 'not_computable'; readonly reason: NotComputableReason };

/** Two columns of equal length: labels 0 or 1, and the scores given to those rows. */
export interface ScoredLabels {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** A computed value as a statistic. */
export function computed(value: number): Statistic {
  return { status: 'ok', value };
}

/** A statistic without a value. */
export function notComputable(reason: NotComputableReason): Statistic {
  return { status: 'not_computable', reason };
}

function checkLabel(label: number | undefined, row: number): void {
  if (label !== 0 && label !== 1)
    throw driftError('DRIFT_STATISTIC_INPUT', `the label of row ${row} is ${label}: it must be 0 or 1`);
}

/** The two columns of a row, after {@link checkScores} or {@link checkProbabilities} saw them. */
export function rowAt(rows: ScoredLabels, row: number): { readonly label: number; readonly score: number } {
  return { label: rows.labels[row] ?? Number.NaN, score: rows.scores[row] ?? Number.NaN };
}

/** Throws DRIFT_STATISTIC_INPUT unless labels are 0 or 1, scores are finite and the columns are equally long. */
export function checkScores(rows: ScoredLabels): void {
  if (rows.labels.length !== rows.scores.length) {
    throw driftError(
      'DRIFT_STATISTIC_INPUT',
      `${rows.labels.length} labels came with ${rows.scores.length} scores: a row has one of each`,
    );
  }
  for (let row = 0; row < rows.labels.length; row++) {
    checkLabel(rows.labels[row], row);
    if (!Number.isFinite(rows.scores[row])) {
      throw driftError('DRIFT_STATISTIC_INPUT', `the score of row ${row} is ${rows.scores[row]}: it must be finite`);
    }
  }
}

/** As {@link checkScores}, and every score must be a probability, 0 to 1. */
export function checkProbabilities(rows: ScoredLabels): void {
  checkScores(rows);
  for (let row = 0; row < rows.scores.length; row++) {
    const { score } = rowAt(rows, row);
    if (score < 0 || score > 1) {
      throw driftError('DRIFT_STATISTIC_INPUT', `the score of row ${row} is ${score}: it must be a probability, 0 to 1`);
    }
  }
}
