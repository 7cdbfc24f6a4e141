import type { Result } from '#core';
import type { Algorithm, TrainerSettings } from '../config.ts';
import { accuracy } from '../statistics/accuracy.ts';
import { auc } from '../statistics/auc.ts';
import { calibrationError } from '../statistics/calibration-error.ts';
import { logLoss } from '../statistics/log-loss.ts';
import type { ScoredLabels } from '../statistics/statistic.ts';
import { ALGORITHM_SPECS, type FittedClassifier } from './algorithms.ts';
import type { ModelInput } from './preprocessing.ts';
import { checkLabels, type FitRefusal, type RefusedFit, splitByTime, type TimedRows } from './training-rows.ts';

/** The model that won, fitted to all rows, with its quality. */
export interface Candidate {
  readonly algorithm: Algorithm;
  readonly classifier: FittedClassifier;
  /** Direct computation on the training rows, float64. */
  readonly probabilities: Float64Array;
  /**
   * `training…` in-sample over all rows; `holdout…` on the newest fifth, of the same algorithm fitted to the four fifths before
   * it; the latter also for each algorithm that took part (`gradientBoostingHoldoutAuc`). What cannot be computed (one class in
   * the held-out rows) is left out.
   */
  readonly metrics: Readonly<Record<string, number>>;
}

type Metrics = Readonly<Record<string, number>>;

/** An algorithm and its quality on the newest fifth; empty where it could not be fitted to the rows before. */
interface Contender {
  readonly algorithm: Algorithm;
  readonly holdout: Metrics;
}

const STATISTICS = { Auc: auc, LogLoss: logLoss, Accuracy: accuracy, CalibrationError: calibrationError } as const;
const HOLDOUT_RATIO = 0.2;

function measure(prefix: 'training' | 'holdout', rows: ScoredLabels): Metrics {
  const metrics: Record<string, number> = {};
  for (const [name, statistic] of Object.entries(STATISTICS)) {
    const result = statistic(rows);
    if (result.status === 'ok') metrics[`${prefix}${name}`] = result.value;
  }
  return metrics;
}

/**
 * Quality on newer rows of models that saw only older ones. The older rows' labels are taken as they matured later on,
 * partly after the first held-out event: an estimate of the trainer on this data, not of what was known that day.
 */
function measureHoldouts(rows: TimedRows, inputs: readonly ModelInput[], settings: TrainerSettings): readonly Contender[] {
  const { older, newer } = splitByTime(rows, HOLDOUT_RATIO);
  const canFit = checkLabels(older.labels, 1) === undefined;
  return settings.algorithms.map((algorithm) => {
    const fit = canFit ? ALGORITHM_SPECS[algorithm].fit(older, inputs, settings) : undefined;
    if (fit?.ok !== true) return { algorithm, holdout: {} };
    const scores = fit.value.predict(newer.matrix);
    return { algorithm, holdout: { holdoutRows: newer.labels.length, ...measure('holdout', { labels: newer.labels, scores }) } };
  });
}

/** The lowest held-out log loss first; equal ones, and those without, as the section lists them. */
function rank(contenders: readonly Contender[]): readonly Contender[] {
  const lossOf = ({ holdout }: Contender): number => holdout['holdoutLogLoss'] ?? Number.POSITIVE_INFINITY;
  const isLower = (a: Contender, b: Contender): number => Number(lossOf(a) > lossOf(b)) - Number(lossOf(a) < lossOf(b));
  return contenders.toSorted(isLower);
}

/** Held-out metrics of every contender, under its own name: `holdoutAuc` becomes `gradientBoostingHoldoutAuc`. */
function metricsByAlgorithm(contenders: readonly Contender[]): Metrics {
  return Object.fromEntries(
    contenders.flatMap(({ algorithm, holdout }) =>
      Object.entries(holdout)
        .filter(([name]) => name !== 'holdoutRows')
        .map(([name, value]) => [`${ALGORITHM_SPECS[algorithm].key}H${name.slice(1)}`, value]),
    ),
  );
}

/**
 * Fits every listed algorithm to the older four fifths, measures each on the newest fifth by event time, and fits the one with the
 * lowest log loss there to all rows; the next one where that fit is refused. Refusals are those of the rows, then of the algorithm
 * that is listed first. Pure and deterministic. Throws DRIFT_MODEL_SHAPE where rows and inputs do not belong together.
 */
export function trainCandidate(
  rows: TimedRows,
  inputs: readonly ModelInput[],
  settings: TrainerSettings,
): Result<Candidate, FitRefusal> {
  const refused = checkLabels(rows.labels, settings.minimumRows);
  if (refused !== undefined) return refused;
  const contenders = measureHoldouts(rows, inputs, settings);
  const refusals = new Map<Algorithm, RefusedFit>();
  for (const { algorithm, holdout } of rank(contenders)) {
    const fit = ALGORITHM_SPECS[algorithm].fit(rows, inputs, settings);
    if (fit.ok) {
      const probabilities = fit.value.predict(rows.matrix);
      const metrics = {
        ...fit.value.effort,
        ...measure('training', { labels: rows.labels, scores: probabilities }),
        ...holdout,
        ...metricsByAlgorithm(contenders),
      };
      return { ok: true, value: { algorithm, classifier: fit.value, probabilities, metrics } };
    }
    refusals.set(algorithm, fit);
  }
  const [first] = settings.algorithms.flatMap((algorithm) => refusals.get(algorithm) ?? []);
  return first ?? { ok: false, reason: 'not_converged', message: 'no algorithm is listed' };
}
