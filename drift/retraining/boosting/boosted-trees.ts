import { sigmoid } from '../logistic-model.ts';
import { checkShape, type FeatureMatrix } from '../preprocessing.ts';
import { addTree, type Tree } from './tree.ts';

/**
 * A sum of trees on raw served values, NaN where one is missing: p = 1 / (1 + e^−(initial + Σ tree)). The inputs' `transform` and
 * `missing` are not applied: a monotone transform moves no row to another side, and a missing value has its own.
 */
export interface BoostedTrees {
  readonly columnCount: number;
  /** Log odds before the first tree. */
  readonly initialLogOdds: number;
  readonly trees: readonly Tree[];
}

/** Probability of the positive class for each row, computed directly: what the ONNX file is held against. Throws DRIFT_MODEL_SHAPE. */
export function predictBoosted(model: BoostedTrees, matrix: FeatureMatrix): Float64Array {
  checkShape(matrix, model.columnCount);
  const logOdds = new Float64Array(matrix.rowCount).fill(model.initialLogOdds);
  for (const tree of model.trees) addTree(logOdds, tree, matrix);
  return logOdds.map(sigmoid);
}
