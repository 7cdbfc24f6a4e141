import { driftError } from '../errors.ts';
import { type FeatureMatrix, type ModelInput, prepareMatrix } from './preprocessing.ts';

/** A logistic regression on prepared (filled, transformed) inputs: p = 1 / (1 + e^−(intercept + Σ coefficient · input)). */
export interface LogisticModel {
  readonly inputs: readonly ModelInput[];
  readonly intercept: number;
  /** One for each input, in units of the prepared input. */
  readonly coefficients: readonly number[];
}

/** 1 / (1 + e^−z) without overflow. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/**
 * Probability of the positive class for each row, computed directly in float64: what the ONNX file is held against.
 * Throws DRIFT_MODEL_SHAPE where the rows do not have the model's inputs.
 */
export function predictProbabilities(model: LogisticModel, matrix: FeatureMatrix): Float64Array {
  if (model.coefficients.length !== model.inputs.length) {
    throw driftError(
      'DRIFT_MODEL_SHAPE',
      `${model.coefficients.length} coefficients for ${model.inputs.length} inputs: each input has one`,
    );
  }
  const prepared = prepareMatrix(model.inputs, matrix);
  const width = model.inputs.length;
  return Float64Array.from({ length: matrix.rowCount }, (_, row) =>
    sigmoid(
      model.coefficients.reduce(
        (sum, coefficient, column) => sum + coefficient * (prepared[row * width + column] ?? 0),
        model.intercept,
      ),
    ),
  );
}
