import type { Result } from '#core';
import type { LogisticModel } from './logistic-model.ts';
import { minimiseLogistic, type NewtonLimits } from './newton.ts';
import { type ModelInput, prepareMatrix } from './preprocessing.ts';
import { type ColumnScales, measureColumns, standardise } from './standardisation.ts';
import { checkLabels, checkRowsShape, type FitRefusal, type RefusedFit, refuseFit, type TrainingRows } from './training-rows.ts';

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

function checkFinite(prepared: Float64Array, inputs: readonly ModelInput[]): RefusedFit | undefined {
  const at = prepared.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return undefined;
  const row = Math.floor(at / inputs.length);
  return refuseFit(
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
  checkRowsShape(rows, inputs);
  const prepared = prepareMatrix(inputs, rows.matrix);
  const refusal = checkLabels(rows.labels, settings.minimumRows) ?? checkFinite(prepared, inputs);
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
      return refuseFit(
        'separable',
        'the inputs separate the classes perfectly and there is no penalty: coefficients have no bound; set l2 above 0',
      );
    case 'not_converged':
      return refuseFit('not_converged', `not converged after ${found.iterations} Newton steps: raise l2 or maxIterations`);
  }
}
