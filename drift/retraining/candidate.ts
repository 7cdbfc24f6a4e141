import type { Result } from '#core';
import type { TrainerSettings } from '../config.ts';
import { accuracy } from '../statistics/accuracy.ts';
import { auc } from '../statistics/auc.ts';
import { calibrationError } from '../statistics/calibration-error.ts';
import { logLoss } from '../statistics/log-loss.ts';
import type { ScoredLabels } from '../statistics/statistic.ts';
import { type LogisticModel, predictProbabilities } from './logistic-model.ts';
import { type FitRefusal, fitLogisticRegression, type TrainingRows } from './logistic-regression.ts';
import type { ModelInput } from './preprocessing.ts';
import type { TrainingSet } from './training-set.ts';

/** A fitted model with its quality. */
export interface Candidate {
  readonly model: LogisticModel;
  /** Direct computation on the training rows, float64. */
  readonly probabilities: Float64Array;
  /**
   * `training…` in-sample over all rows; `holdout…` on the newest fifth of a model fitted to the four fifths before it.
   * What cannot be computed (one class in the held-out rows) is left out.
   */
  readonly metrics: Readonly<Record<string, number>>;
}

const STATISTICS = { Auc: auc, LogLoss: logLoss, Accuracy: accuracy, CalibrationError: calibrationError } as const;
const HOLDOUT_SHARE = 0.2;

function measure(prefix: 'training' | 'holdout', rows: ScoredLabels): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, statistic] of Object.entries(STATISTICS)) {
    const result = statistic(rows);
    if (result.status === 'ok') metrics[`${prefix}${name}`] = result.value;
  }
  return metrics;
}

function selectRows({ matrix, labels }: TrainingRows, rows: readonly number[]): TrainingRows {
  const width = matrix.columnCount;
  const values = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(matrix.values.subarray(row * width, (row + 1) * width), index * width);
  return {
    matrix: { values, rowCount: rows.length, columnCount: width },
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
  };
}

/** Rows strictly before the event time at the 80 % mark, and the rest; rows of one time stay together. */
function splitByTime(set: TrainingSet): { readonly older: TrainingRows; readonly newer: TrainingRows } {
  const sorted = Float64Array.from(set.timesMs).sort();
  const cutMs = sorted[Math.floor(sorted.length * (1 - HOLDOUT_SHARE))] ?? Number.POSITIVE_INFINITY;
  const rows = [...set.timesMs.keys()];
  return {
    older: selectRows(
      set,
      rows.filter((row) => (set.timesMs[row] ?? 0) < cutMs),
    ),
    newer: selectRows(
      set,
      rows.filter((row) => (set.timesMs[row] ?? 0) >= cutMs),
    ),
  };
}

/**
 * Quality on newer rows of a model that saw only older ones. The older rows' labels are taken as they matured later on,
 * partly after the first held-out event: an estimate of the trainer on this data, not of what was known that day.
 */
function measureHoldout(set: TrainingSet, inputs: readonly ModelInput[], settings: TrainerSettings): Record<string, number> {
  const { older, newer } = splitByTime(set);
  const fit = fitLogisticRegression(older, inputs, { ...settings, minimumRows: 1 });
  if (!fit.ok) return {};
  const scores = predictProbabilities(fit.value.model, newer.matrix);
  return { holdoutRows: newer.labels.length, ...measure('holdout', { labels: newer.labels, scores }) };
}

/** Fits the model to all rows and measures it; refusals are those of the fit. Pure and deterministic. */
export function trainCandidate(
  set: TrainingSet,
  inputs: readonly ModelInput[],
  settings: TrainerSettings,
): Result<Candidate, FitRefusal> {
  const fit = fitLogisticRegression(set, inputs, settings);
  if (!fit.ok) return fit;
  const probabilities = predictProbabilities(fit.value.model, set.matrix);
  const metrics = {
    trainingIterations: fit.value.iterations,
    ...measure('training', { labels: set.labels, scores: probabilities }),
    ...measureHoldout(set, inputs, settings),
  };
  return { ok: true, value: { model: fit.value.model, probabilities, metrics } };
}
