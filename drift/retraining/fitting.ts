import { trainCandidate } from './candidate.ts';
import { lineageOf, metadataOf } from './lineage.ts';
import type { FittingAnswer, FittingTask } from './model-fitter.ts';

/** {@link trainCandidate} with its lineage and its ONNX file, in the caller's thread. Pure. Throws DRIFT_MODEL_SHAPE. */
export function fitModel(task: FittingTask): FittingAnswer {
  const { model, inputs, settings, set } = task;
  const candidate = trainCandidate(set, inputs, settings);
  if (!candidate.ok) return candidate;
  const { classifier, probabilities } = candidate.value;
  const lineage = lineageOf(task, candidate.value);
  const onnx = classifier.write({ ...model, metadata: metadataOf(lineage, model) });
  return { ok: true, value: { lineage, onnx, expected: { matrix: set.matrix, probabilities } } };
}
