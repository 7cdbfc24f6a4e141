import type { Result } from '#core';
import { driftError } from '../errors.ts';
import type { LogisticModel } from './logistic-model.ts';
import { minimiseLogistic, type NewtonLimits } from './newton.ts';
import { type FeatureMatrix, type ModelInput, prepareMatrix } from './preprocessing.ts';
import { type ColumnScales, measureColumns, standardise } from './standardisation.ts';

/** Rows to learn from: the served vectors and, for each, its label 0 or 1. */
export interface TrainingRows {
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
}

/** Settings of the fit; `l2` is the penalty on coefficients of standardised columns (scikit-learn's 1/C). */
export interface LogisticSettings extends NewtonLimits {
  readonly l2: number;
  readonly minimumRows: number;
}

/** A converged fit. */
export interface LogisticFit {
  readonly model: LogisticModel;
  readonly iterations: number;
  /** Penalised negative log likelihood at the optimum, in nats over all rows. */
  readonly objective: number;
}

/** Why no model was fitted. */
export type FitRefusal = 'too_few_rows' | 'one_class' | 'non_finite_input' | 'separable' | 'not_converged';

type Refused = Extract<Result<LogisticFit, FitRefusal>, { ok: false }>;

function refuse(reason: FitRefusal, message: string): Refused {
  return { ok: false, reason, message };
}

function checkRows({ labels }: TrainingRows, minimumRows: number): Refused | undefined {
  if (labels.length < Math.max(1, minimumRows)) {
    return refuse(
      'too_few_rows',
      `${labels.length} rows with a known outcome, and ${minimumRows} are wanted: widen the window or wait`,
    );
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives !== 0 && positives !== labels.length) return undefined;
  return refuse(
    'one_class',
    `all ${labels.length} outcomes are ${positives === 0 ? 'negative' : 'positive'}: there is nothing to tell apart`,
  );
}

function checkFinite(prepared: Float64Array, inputs: readonly ModelInput[]): Refused | undefined {
  const at = prepared.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return undefined;
  const row = Math.floor(at / inputs.length);
  return refuse(
    'non_finite_input',
    `${inputs[at % inputs.length]?.feature} is ${prepared[at]} in row ${row}: every filled value must be finite`,
  );
}

/** Undoes the standardisation: β/scale for each input (0 for a constant one), and the intercept that goes with it. */
function fold(beta: Float64Array, columns: readonly number[], { means, scales }: ColumnScales): Omit<LogisticModel, 'inputs'> {
  const coefficients = Array.from(scales, () => 0);
  let intercept = beta[0] ?? 0;
  for (const [index, column] of columns.entries()) {
    const coefficient = (beta[index + 1] ?? 0) / (scales[column] ?? 1);
    coefficients[column] = coefficient;
    intercept -= coefficient * (means[column] ?? 0);
  }
  return { intercept, coefficients };
}

/**
 * L2-penalised logistic regression by {@link minimiseLogistic} on standardised columns, the intercept unpenalised;
 * the standardisation is folded into the coefficients. Deterministic for the same rows in the same order.
 * Expected failures come back as a reason; throws DRIFT_MODEL_SHAPE where labels and matrix do not belong together.
 */
export function fitLogisticRegression(
  rows: TrainingRows,
  inputs: readonly ModelInput[],
  settings: LogisticSettings,
): Result<LogisticFit, FitRefusal> {
  if (rows.labels.length !== rows.matrix.rowCount) {
    throw driftError('DRIFT_MODEL_SHAPE', `${rows.labels.length} labels for ${rows.matrix.rowCount} rows: each row has one`);
  }
  const prepared = prepareMatrix(inputs, rows.matrix);
  const refusal = checkRows(rows, settings.minimumRows) ?? checkFinite(prepared, inputs);
  if (refusal !== undefined) return refusal;
  const scales = measureColumns(prepared, inputs.length);
  const design = standardise(prepared, scales);
  const found = minimiseLogistic({ design, labels: rows.labels, l2: settings.l2 }, settings);
  switch (found.status) {
    case 'converged': {
      const model = { inputs, ...fold(found.beta, design.columns, scales) };
      return { ok: true, value: { model, iterations: found.iterations, objective: found.objective } };
    }
    case 'separable':
      return refuse(
        'separable',
        'the inputs separate the classes perfectly and there is no penalty: coefficients have no bound; set l2 above 0',
      );
    case 'not_converged':
      return refuse('not_converged', `not converged after ${found.iterations} Newton steps: raise l2 or maxIterations`);
  }
}
