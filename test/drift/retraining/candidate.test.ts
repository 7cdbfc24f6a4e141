import { describe, expect, it } from 'vitest';
import { createRandom } from '#core';
import { trainerSettings } from '#drift';
import { trainCandidate } from '../../../drift/retraining/candidate.ts';
import type { TimedRows } from '../../../drift/retraining/training-rows.ts';
import { syntheticInputs, syntheticRows } from '../synthetic-rows.ts';

const BOTH = trainerSettings({ algorithms: ['logistic-regression', 'gradient-boosting'] });
const INPUTS = syntheticInputs(2);

/** Two columns in [−1, 1); the label follows from them by `chance`. */
function rowsOf(count: number, chance: (a: number, b: number) => number): TimedRows {
  const random = createRandom(12);
  const values = Float32Array.from({ length: 2 * count }, () => random() * 2 - 1);
  return {
    matrix: { values, rowCount: count, columnCount: 2 },
    labels: Uint8Array.from({ length: count }, (_, row) =>
      Number(random() < chance(values[2 * row] ?? 0, values[2 * row + 1] ?? 0)),
    ),
    timesMs: Float64Array.from({ length: count }, (_, row) => row),
  };
}

const linear = rowsOf(1000, (a, b) => 1 / (1 + Math.exp(-a - 2 * b)));
const crossed = rowsOf(1000, (a, b) => (a * b > 0 ? 0.85 : 0.15));

function candidateOf(rows: TimedRows, settings = BOTH) {
  const candidate = trainCandidate(rows, INPUTS, settings);
  if (!candidate.ok) throw new Error(candidate.message);
  return candidate.value;
}

describe('trainCandidate', () => {
  it.each([
    { name: 'linear', rows: linear, algorithm: 'logistic-regression' },
    { name: 'crossed', rows: crossed, algorithm: 'gradient-boosting' },
  ])('takes what predicts the newest fifth better: $algorithm where the truth is $name', ({ rows, algorithm }) => {
    const { algorithm: chosen, metrics } = candidateOf(rows);
    expect(chosen).toBe(algorithm);
    const losses = [metrics['logisticRegressionHoldoutLogLoss'], metrics['gradientBoostingHoldoutLogLoss']];
    expect(metrics['holdoutLogLoss']).toBe(Math.min(...losses.map(Number)));
    expect(candidateOf(rows, { ...BOTH, algorithms: BOTH.algorithms.toReversed() }).algorithm).toBe(algorithm);
  });

  it('names the metrics of every algorithm that took part, and what the fit took', () => {
    const { metrics } = candidateOf(crossed);
    expect(metrics).toMatchObject({ holdoutRows: 200 });
    expect(metrics['trainingTrees']).toBeGreaterThan(1);
    for (const statistic of ['Auc', 'LogLoss', 'Accuracy', 'CalibrationError']) {
      for (const prefix of ['training', 'holdout', 'logisticRegressionHoldout', 'gradientBoostingHoldout']) {
        expect(metrics[`${prefix}${statistic}`]).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('fits the model to all rows: the metrics are of the same settings on older ones', () => {
    const { classifier, probabilities } = candidateOf(crossed, { ...BOTH, algorithms: ['gradient-boosting'] });
    expect(classifier.predict(crossed.matrix)).toEqual(probabilities);
    expect(probabilities).toHaveLength(1000);
  });

  it('lets the other algorithm have it where one cannot be fitted', () => {
    const separated = rowsOf(1000, (a) => Number(a > 0));
    const settings = { ...BOTH, logisticRegression: { ...BOTH.logisticRegression, l2: 0 } };
    const { algorithm, metrics } = candidateOf(separated, settings);
    expect(algorithm).toBe('gradient-boosting');
    expect(metrics).not.toHaveProperty('logisticRegressionHoldoutLogLoss');
    expect(trainCandidate(separated, INPUTS, { ...settings, algorithms: ['logistic-regression'] })).toMatchObject({
      ok: false,
      reason: 'separable',
    });
  });

  it('leaves out what cannot be measured: older rows of one class', () => {
    const late = { ...linear, labels: Uint8Array.from(linear.labels, (_, row) => Number(row > 900)) };
    const { algorithm, metrics } = candidateOf(late);
    expect(algorithm).toBe('logistic-regression');
    expect(metrics).not.toHaveProperty('holdoutLogLoss');
    expect(metrics['trainingAuc']).toBeGreaterThan(0);
  });

  it('leaves out what one class among the newest rows does not allow', () => {
    const quiet = { ...linear, labels: Uint8Array.from(linear.labels, (label, row) => (row < 800 ? label : 0)) };
    const { metrics } = candidateOf(quiet);
    expect(metrics).not.toHaveProperty('holdoutAuc');
    expect(metrics['holdoutLogLoss']).toBeGreaterThan(0);
  });

  it.each([
    { reason: 'too_few_rows', rows: rowsOf(150, () => 0.5) },
    { reason: 'one_class', rows: rowsOf(300, () => 0) },
  ])('refuses $reason', ({ reason, rows }) => {
    expect(trainCandidate(rows, INPUTS, BOTH)).toMatchObject({ ok: false, reason });
  });

  it('gives the same bits for the same rows', () => {
    const rows = {
      ...syntheticRows({ rowCount: 500, columnCount: 2, seed: 2, missing: 0.2 }),
      timesMs: linear.timesMs.slice(0, 500),
    };
    const fileOf = () => candidateOf(rows).classifier.write({ name: 'm', version: 1, metadata: {} });
    expect(fileOf()).toEqual(fileOf());
  });
});
