import { driftError } from '../errors.ts';

/** One column of a model: the feature it reads, what stands in for NaN, and what is done to the filled value (log1p is ln(1 + max(x, 0))). */
export interface ModelInput {
  readonly feature: string;
  readonly transform: 'none' | 'log1p';
  /** Stands in for a missing value, before the transform. */
  readonly missing: number;
}

/** Served vectors, row-major, as a model receives them: float32, NaN where a value is missing. */
export interface FeatureMatrix {
  readonly values: Float32Array;
  readonly rowCount: number;
  readonly columnCount: number;
}

/** Throws DRIFT_MODEL_SHAPE unless the matrix is rowCount × columnCount and has `columns` columns. */
export function checkShape(matrix: FeatureMatrix, columns: number): void {
  if (matrix.columnCount === columns && matrix.values.length === matrix.rowCount * columns) return;
  throw driftError(
    'DRIFT_MODEL_SHAPE',
    `${matrix.values.length} values said to be ${matrix.rowCount} × ${matrix.columnCount} do not make rows of ${columns} inputs`,
  );
}

/** A served value as the model's linear part sees it: filled, then transformed. NaN never comes out unless `missing` is NaN. */
export function prepareValue(input: ModelInput, value: number): number {
  const filled = Number.isNaN(value) ? input.missing : value;
  return input.transform === 'log1p' ? Math.log1p(Math.max(filled, 0)) : filled;
}

/** Every value of a matrix through {@link prepareValue}, row-major float64. Throws DRIFT_MODEL_SHAPE. */
export function prepareMatrix(inputs: readonly ModelInput[], matrix: FeatureMatrix): Float64Array {
  checkShape(matrix, inputs.length);
  const prepared = new Float64Array(matrix.values.length);
  for (const [column, input] of inputs.entries()) {
    for (let at = column; at < prepared.length; at += inputs.length) {
      prepared[at] = prepareValue(input, matrix.values[at] ?? Number.NaN);
    }
  }
  return prepared;
}
