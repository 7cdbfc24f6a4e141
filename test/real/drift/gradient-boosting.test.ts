import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auc, logLoss } from '#drift';
import type { GradientBoostingSettings } from '../../../drift/config.ts';
import { predictBoosted } from '../../../drift/retraining/boosting/boosted-trees.ts';
import { fitGradientBoosting } from '../../../drift/retraining/boosting/gradient-boosting.ts';
import { predictProbabilities } from '../../../drift/retraining/logistic-model.ts';
import { fitLogisticRegression } from '../../../drift/retraining/logistic-regression.ts';
import { writeBoostedModel } from '../../../drift/retraining/onnx/tree-graph.ts';
import type { ModelInput } from '../../../drift/retraining/preprocessing.ts';
import { splitByTime, type TimedRows, type TrainingRows } from '../../../drift/retraining/training-rows.ts';
import { OnnxRunner } from '../../drift/onnx-runner.ts';
import { preparePython, runPython } from '../python-environment.ts';
import { BIKE_INPUTS, readBikeHours } from './bike-hours.ts';
import { type RetailRows, readRetailRows } from './retail-rows.ts';

/** Quality on the rows that were held out. */
interface Quality {
  readonly auc: number;
  readonly logLoss: number;
}

/** What gradient-boosting.py prints. */
interface PythonAnswer {
  readonly lightgbm: Quality;
  readonly histGradientBoosting: Quality;
  readonly logisticRegression: Quality;
  readonly onnxLabels: readonly number[];
  readonly onnxProbabilities: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly sameBytes: boolean;
}

const SCRIPT = new URL('gradient-boosting.py', import.meta.url).pathname;
/** How far our held-out AUC may be from that of another library: never below it by more. */
const AUC_TOLERANCE = 0.005;
/**
 * And above it, where trees are many and large enough to fit noise: the libraries differ among themselves then, and which of them has
 * more luck says nothing.
 */
const LUCK = 0.02;
const LARGE: GradientBoostingSettings = {
  trees: 200,
  leaves: 31,
  learningRate: 0.1,
  minimumLeafRows: 20,
  minimumLeafHessian: 1e-3,
  l2: 1,
  maxBins: 255,
  subsample: 1,
  patience: 0,
};
const SMALL: GradientBoostingSettings = { ...LARGE, trees: 100, leaves: 8, learningRate: 0.05, minimumLeafRows: 40 };
const OPTIONS = { name: 'held', version: 1, metadata: { model: 'held', rows: 'older' } };
const LOGISTIC = { l2: 1, maxIterations: 50, tolerance: 1e-8, minimumRows: 200 };

function parseAnswer(answer: unknown): PythonAnswer {
  return answer as PythonAnswer;
}

function qualityOf(labels: Uint8Array, scores: Float64Array): Quality {
  const [ofRanks, ofLoss] = [auc({ labels, scores }), logLoss({ labels, scores })];
  if (ofRanks.status !== 'ok' || ofLoss.status !== 'ok') throw new Error('held-out rows of one class');
  return { auc: ofRanks.value, logLoss: ofLoss.value };
}

const jsonOf = ({ matrix, labels }: TrainingRows) => ({
  values: Array.from(matrix.values, (value) => (Number.isNaN(value) ? null : value)),
  labels: [...labels],
});

function boosted(rows: TimedRows, inputs: readonly ModelInput[], settings: GradientBoostingSettings) {
  const fit = fitGradientBoosting(rows, inputs, { ...settings, seed: 0 });
  if (!fit.ok) throw new Error(fit.message);
  return fit.value;
}

function logisticScores(older: TimedRows, newer: TimedRows, inputs: readonly ModelInput[]): Float64Array {
  const fit = fitLogisticRegression(older, inputs, LOGISTIC);
  if (!fit.ok) throw new Error(fit.message);
  return predictProbabilities(fit.value.model, newer.matrix);
}

describe('the trainer against LightGBM, scikit-learn and onnx, on the newest fifth by time', () => {
  let python: string;
  let folder: string;
  let retail: RetailRows;
  beforeAll(async () => {
    python = await preparePython();
    folder = await mkdtemp(join(tmpdir(), 'throughline-boosting-'));
    retail = await readRetailRows(folder);
  });
  afterAll(async () => rm(folder, { recursive: true }));

  const bike = { rows: readBikeHours, inputs: () => BIKE_INPUTS };
  const year = { rows: async () => retail.set, inputs: () => retail.inputs };
  it.each([
    { name: 'Bike Sharing, 200 trees of 31 leaves', settings: LARGE, ...bike, above: AUC_TOLERANCE },
    { name: 'Bike Sharing, 100 trees of 8 leaves', settings: SMALL, ...bike, above: AUC_TOLERANCE },
    { name: 'the bundled year, 200 trees of 31 leaves', settings: LARGE, ...year, above: LUCK },
    { name: 'the bundled year, 100 trees of 8 leaves', settings: SMALL, ...year, above: AUC_TOLERANCE },
  ])('agrees on $name', async ({ settings, rows, inputs: inputsOf, above }) => {
    const inputs = inputsOf();
    const { older, newer } = splitByTime(await rows(), 0.2);
    const model = boosted(older, inputs, settings);
    const scores = predictBoosted(model, newer.matrix);
    const onnx = writeBoostedModel(model, OPTIONS);
    const file = join(folder, 'held.onnx');
    await writeFile(file, onnx);
    const task = { onnx: file, inputs, older: jsonOf(older), newer: jsonOf(newer), settings, l2: LOGISTIC.l2 };
    const theirs = parseAnswer(await runPython(python, SCRIPT, task));

    const ours = qualityOf(newer.labels, scores);
    const linear = qualityOf(newer.labels, logisticScores(older, newer, inputs));
    for (const library of [theirs.lightgbm, theirs.histGradientBoosting]) {
      expect(ours.auc).toBeGreaterThan(library.auc - AUC_TOLERANCE);
      expect(ours.auc).toBeLessThan(library.auc + above);
    }
    expect(Math.abs(linear.auc - theirs.logisticRegression.auc)).toBeLessThan(AUC_TOLERANCE);

    const runner = new OnnxRunner();
    await runner.load({ ...OPTIONS, onnx, inputs: inputs.length });
    const { scores: runtime } = await runner.score({
      ...OPTIONS,
      rows: newer.matrix.values.slice(),
      rowCount: newer.labels.length,
    });
    await runner.close();
    for (const [row, score] of scores.entries()) expect(Math.abs(score - (runtime[row] ?? 9))).toBeLessThan(1e-6);
    for (const [row, reference] of theirs.onnxProbabilities.entries()) {
      expect(Math.abs((scores[row] ?? 9) - reference)).toBeLessThan(1e-5);
      if (Math.abs(reference - 0.5) > 1e-5) expect(theirs.onnxLabels[row]).toBe(Number(reference > 0.5));
    }
    expect(theirs.metadata).toEqual(OPTIONS.metadata);
    expect(theirs.sameBytes).toBe(true);
  });
});
