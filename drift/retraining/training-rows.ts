import type { Result } from '#core';
import { driftError } from '../errors.ts';
import { checkShape, type FeatureMatrix, type ModelInput } from './preprocessing.ts';

/** Rows to learn from: the served vectors and, for each, its label 0 or 1. */
export interface TrainingRows {
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
}

/** Rows to learn from, with the event time of each, epoch ms. */
export interface TimedRows extends TrainingRows {
  readonly timesMs: Float64Array;
}

/** Why no model was fitted. */
export type FitRefusal = 'too_few_rows' | 'one_class' | 'non_finite_input' | 'separable' | 'not_converged';

export type RefusedFit = Extract<Result<never, FitRefusal>, { ok: false }>;

/** An expected failure of a fit, as a value. */
export function refuseFit(reason: FitRefusal, message: string): RefusedFit {
  return { ok: false, reason, message };
}

/** Throws DRIFT_MODEL_SHAPE unless there is a label for each row and a column for each input. */
export function checkRowsShape({ matrix, labels }: TrainingRows, inputs: readonly ModelInput[]): void {
  if (labels.length !== matrix.rowCount) {
    throw driftError('DRIFT_MODEL_SHAPE', `${labels.length} labels for ${matrix.rowCount} rows: each row has one`);
  }
  checkShape(matrix, inputs.length);
}

/** Undefined where there is something to learn: enough rows, and rows of both classes. */
export function checkLabels(labels: Uint8Array, minimumRows: number): RefusedFit | undefined {
  if (labels.length < Math.max(1, minimumRows)) {
    return refuseFit(
      'too_few_rows',
      `${labels.length} rows with a known outcome, and ${minimumRows} are wanted: widen the window or wait`,
    );
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives !== 0 && positives !== labels.length) return undefined;
  return refuseFit(
    'one_class',
    `all ${labels.length} outcomes are ${positives === 0 ? 'negative' : 'positive'}: there is nothing to tell apart`,
  );
}

function selectRows({ matrix, labels, timesMs }: TimedRows, rows: readonly number[]): TimedRows {
  const width = matrix.columnCount;
  const values = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(matrix.values.subarray(row * width, (row + 1) * width), index * width);
  return {
    matrix: { values, rowCount: rows.length, columnCount: width },
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
    timesMs: Float64Array.from(rows, (row) => timesMs[row] ?? 0),
  };
}

/** Rows strictly before the event time at the mark of `1 − newerRatio`, and the rest; each in its order, rows of one time together. */
export function splitByTime(rows: TimedRows, newerRatio: number): { readonly older: TimedRows; readonly newer: TimedRows } {
  const sorted = Float64Array.from(rows.timesMs).sort();
  const cutMs = sorted[Math.floor(sorted.length * (1 - newerRatio))] ?? Number.POSITIVE_INFINITY;
  const older: number[] = [];
  const newer: number[] = [];
  for (const [row, timeMs] of rows.timesMs.entries()) (timeMs < cutMs ? older : newer).push(row);
  return { older: selectRows(rows, older), newer: selectRows(rows, newer) };
}
