import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accuracy, auc, logLoss } from '#drift';
import { predictProbabilities } from '../../../drift/retraining/logistic-model.ts';
import { fitLogisticRegression } from '../../../drift/retraining/logistic-regression.ts';
import { writeLogisticModel } from '../../../drift/retraining/onnx/logistic-graph.ts';
import { OnnxRunner } from '../../drift/onnx-runner.ts';
import { syntheticInputs, syntheticRows } from '../../drift/synthetic-rows.ts';
import { preparePython, runPython } from '../python-environment.ts';
import { BIKE_INPUTS, readBikeHours } from './bike-hours.ts';

/** What logistic-regression.py prints. */
interface PythonAnswer {
  readonly coefficients: readonly number[];
  readonly intercept: number;
  readonly standardised: readonly number[];
  readonly scales: readonly number[];
  readonly auc: number;
  readonly ourAuc: number;
  readonly ourLogLoss: number;
  readonly ourAccuracy: number;
  readonly onnxProbabilities: readonly number[];
  readonly onnxLabels: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly sameBytes: boolean;
}

const SCRIPT = new URL('logistic-regression.py', import.meta.url).pathname;

function parseAnswer(answer: unknown): PythonAnswer {
  return answer as PythonAnswer;
}

describe('the logistic regression against scikit-learn and onnx', () => {
  let python: string;
  let folder: string;
  beforeAll(async () => {
    python = await preparePython();
    folder = await mkdtemp(join(tmpdir(), 'throughline-onnx-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  it.each([
    { name: 'Bike Sharing, 17,379 hours', load: readBikeHours, inputs: BIKE_INPUTS, l2: 1 },
    { name: 'Bike Sharing under a strong penalty', load: readBikeHours, inputs: BIKE_INPUTS, l2: 500 },
    {
      name: 'synthetic, 2,000 × 20, a tenth missing',
      load: async () => syntheticRows({ rowCount: 2000, columnCount: 20, seed: 5, missing: 0.1 }),
      inputs: syntheticInputs(20, true),
      l2: 0.5,
    },
  ])('agrees on $name', async ({ load, inputs, l2 }) => {
    const rows = await load();
    const fit = fitLogisticRegression(rows, inputs, { l2, maxIterations: 50, tolerance: 1e-8, minimumRows: 200 });
    if (!fit.ok) throw new Error(fit.message);
    const { model } = fit.value;
    const scores = predictProbabilities(model, rows.matrix);
    const options = { name: 'agrees', version: 1, metadata: { model: 'agrees', rows: String(rows.labels.length) } };
    const file = join(folder, 'agrees.onnx');
    const onnx = writeLogisticModel(model, options);
    await writeFile(file, onnx);
    const values = Array.from(rows.matrix.values, (value) => (Number.isNaN(value) ? null : value));
    const task = { onnx: file, inputs, values, labels: [...rows.labels], scores: [...scores], l2 };
    const theirs = parseAnswer(await runPython(python, SCRIPT, task));

    // Standardised, so that 1e-4 means the same for every column.
    for (const [column, coefficient] of model.coefficients.entries()) {
      const standardised = coefficient * (theirs.scales[column] ?? Number.NaN);
      expect(Math.abs(standardised - (theirs.standardised[column] ?? Number.NaN))).toBeLessThan(1e-4);
    }
    expect(model.intercept).toBeCloseTo(theirs.intercept, 3);
    const ours = { labels: rows.labels, scores };
    expect(auc(ours)).toEqual({ status: 'ok', value: expect.closeTo(theirs.ourAuc, 12) });
    expect(theirs.ourAuc).toBeCloseTo(theirs.auc, 6);
    expect(logLoss(ours)).toEqual({ status: 'ok', value: expect.closeTo(theirs.ourLogLoss, 12) });
    expect(accuracy(ours)).toEqual({ status: 'ok', value: expect.closeTo(theirs.ourAccuracy, 12) });

    const runner = new OnnxRunner();
    await runner.load({ ...options, onnx, inputs: inputs.length });
    const { scores: runtime } = await runner.score({ ...options, rows: rows.matrix.values, rowCount: rows.labels.length });
    await runner.close();
    const furthest = scores.reduce(
      (most, score, row) =>
        Math.max(most, Math.abs(score - (theirs.onnxProbabilities[row] ?? 9)), Math.abs(score - (runtime[row] ?? 9))),
      0,
    );
    expect(furthest).toBeLessThan(1e-5);
    expect(theirs.metadata).toEqual(options.metadata);
    expect(theirs.sameBytes).toBe(true);
  });
});
