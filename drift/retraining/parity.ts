import type { ModelArtifact, ModelRunner } from '#core';
import type { FeatureMatrix } from './preprocessing.ts';

/** A file whose scores are this far from direct computation is not the model that was fitted. */
export const PARITY_LIMIT = 1e-5;

const ROWS_PER_CALL = 1024;

/** Rows and the probabilities that direct computation gives them. */
export interface ExpectedScores {
  readonly matrix: FeatureMatrix;
  readonly probabilities: Float64Array;
}

async function scoreAll(runner: ModelRunner, artifact: ModelArtifact, matrix: FeatureMatrix): Promise<Float32Array> {
  const scores = new Float32Array(matrix.rowCount);
  for (let from = 0; from < matrix.rowCount; from += ROWS_PER_CALL) {
    const to = Math.min(from + ROWS_PER_CALL, matrix.rowCount);
    const rows = matrix.values.slice(from * matrix.columnCount, to * matrix.columnCount);
    const scored = await runner.score({ name: artifact.name, version: artifact.version, rows, rowCount: to - from });
    scores.set(scored.scores, from);
  }
  return scores;
}

/**
 * Largest |ONNX − direct| over all rows; infinite where the ONNX score is not a number. Loads the artefact into the
 * runner and unloads it again, whatever happens. Throws the runner's MODEL_* errors.
 */
export async function measureParity(runner: ModelRunner, artifact: ModelArtifact, expected: ExpectedScores): Promise<number> {
  await runner.load(artifact);
  try {
    const scores = await scoreAll(runner, artifact, expected.matrix);
    return expected.probabilities.reduce((largest, probability, row) => {
      const difference = Math.abs(probability - (scores[row] ?? Number.NaN));
      return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
    }, 0);
  } finally {
    await runner.unload({ name: artifact.name, version: artifact.version });
  }
}
