import type { Result } from '#core';
import type { Algorithm, TrainerSettings } from '../config.ts';
import { predictBoosted } from './boosting/boosted-trees.ts';
import { fitGradientBoosting } from './boosting/gradient-boosting.ts';
import { predictProbabilities } from './logistic-model.ts';
import { fitLogisticRegression } from './logistic-regression.ts';
import type { ModelFileOptions } from './onnx/classifier-file.ts';
import { writeLogisticModel } from './onnx/logistic-graph.ts';
import { writeBoostedModel } from './onnx/tree-graph.ts';
import type { FeatureMatrix, ModelInput } from './preprocessing.ts';
import type { FitRefusal, TimedRows } from './training-rows.ts';

/** A fitted model, whatever the algorithm. */
export interface FittedClassifier {
  /** What the fit took, such as its iterations; by metric name. */
  readonly effort: Readonly<Record<string, number>>;
  /** Probability of the positive class for each row by direct computation, float64. Throws DRIFT_MODEL_SHAPE. */
  readonly predict: (matrix: FeatureMatrix) => Float64Array;
  /** The bytes of its ONNX file. */
  readonly write: (options: ModelFileOptions) => Uint8Array;
}

type Fit = (rows: TimedRows, inputs: readonly ModelInput[], settings: TrainerSettings) => Result<FittedClassifier, FitRefusal>;

/** An algorithm as the trainer sees it; `key` names its settings, and starts the names of its metrics. */
export interface AlgorithmSpec {
  readonly key: 'logisticRegression' | 'gradientBoosting';
  /** Pure and deterministic. Throws DRIFT_MODEL_SHAPE where rows and inputs do not belong together. */
  readonly fit: Fit;
}

const fitLogistic: Fit = (rows, inputs, { logisticRegression }) => {
  const fit = fitLogisticRegression(rows, inputs, { ...logisticRegression, minimumRows: 1 });
  if (!fit.ok) return fit;
  const { model, iterations } = fit.value;
  return {
    ok: true,
    value: {
      effort: { trainingIterations: iterations },
      predict: (matrix) => predictProbabilities(model, matrix),
      write: (options) => writeLogisticModel(model, options),
    },
  };
};

const fitBoosted: Fit = (rows, inputs, { gradientBoosting, seed }) => {
  const fit = fitGradientBoosting(rows, inputs, { ...gradientBoosting, seed });
  if (!fit.ok) return fit;
  const model = fit.value;
  return {
    ok: true,
    value: {
      effort: { trainingTrees: model.trees.length },
      predict: (matrix) => predictBoosted(model, matrix),
      write: (options) => writeBoostedModel(model, options),
    },
  };
};

/** Every algorithm that a trainer section may list. */
export const ALGORITHM_SPECS: Readonly<Record<Algorithm, AlgorithmSpec>> = {
  'logistic-regression': { key: 'logisticRegression', fit: fitLogistic },
  'gradient-boosting': { key: 'gradientBoosting', fit: fitBoosted },
};
