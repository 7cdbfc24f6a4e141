import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core';
import { auc, logLoss } from '#drift';
import { type BoostedTrees, predictBoosted } from '../../../../drift/retraining/boosting/boosted-trees.ts';
import { type BoostingSettings, fitGradientBoosting } from '../../../../drift/retraining/boosting/gradient-boosting.ts';
import type { TimedRows } from '../../../../drift/retraining/training-rows.ts';
import { syntheticInputs, syntheticRows } from '../../synthetic-rows.ts';

const SETTINGS: BoostingSettings = {
  trees: 40,
  leaves: 8,
  learningRate: 0.1,
  minimumLeafRows: 10,
  minimumLeafHessian: 1e-3,
  l2: 1,
  maxBins: 64,
  subsample: 1,
  patience: 0,
  seed: 1,
};

const timed = <T extends Omit<TimedRows, 'timesMs'>>(rows: T): TimedRows => ({
  ...rows,
  timesMs: Float64Array.from(rows.labels, (_, row) => row),
});

function fitted(rows: TimedRows, settings: Partial<BoostingSettings> = {}): BoostedTrees {
  const fit = fitGradientBoosting(rows, syntheticInputs(rows.matrix.columnCount), { ...SETTINGS, ...settings });
  if (!fit.ok) throw new Error(fit.message);
  return fit.value;
}

/** Rows whose label is drawn with the probability that `chance` gives to its values. */
function drawnRows(vectors: readonly (readonly number[])[], chance: (values: readonly number[]) => number): TimedRows {
  const random = createRandom(9);
  const columnCount = vectors[0]?.length ?? 0;
  return timed({
    matrix: { values: Float32Array.from(vectors.flat()), rowCount: vectors.length, columnCount },
    labels: Uint8Array.from(vectors, (values) => Number(random() < chance(values))),
  });
}

function vectorsOf(count: number, columnCount: number): readonly (readonly number[])[] {
  const random = createRandom(5);
  return Array.from({ length: count }, () => Array.from({ length: columnCount }, () => random() * 2 - 1));
}

function aucOf(model: BoostedTrees, rows: TimedRows): number {
  const result = auc({ labels: rows.labels, scores: predictBoosted(model, rows.matrix) });
  return result.status === 'ok' ? result.value : Number.NaN;
}

describe('fitGradientBoosting', () => {
  const xor = drawnRows(vectorsOf(2000, 2), ([a = 0, b = 0]) => (a * b > 0 ? 0.9 : 0.1));

  it('learns what no linear model can', () => {
    expect(aucOf(fitted(xor), xor)).toBeGreaterThan(0.88);
  });

  it('lowers the training loss with every tree', () => {
    const lossAt = (trees: number) => {
      const loss = logLoss({ labels: xor.labels, scores: predictBoosted(fitted(xor, { trees }), xor.matrix) });
      return loss.status === 'ok' ? loss.value : Number.NaN;
    };
    const losses = [1, 2, 5, 10, 20].map(lossAt);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses[0]).toBeLessThan(Math.LN2);
  });

  it('gives the same bits for the same rows, settings and seed, and others for another seed where rows are drawn', () => {
    const rows = timed(syntheticRows({ rowCount: 600, columnCount: 5, seed: 3, missing: 0.2 }));
    expect(fitted(rows, { subsample: 0.6 })).toEqual(fitted(rows, { subsample: 0.6 }));
    expect(fitted(rows, { subsample: 0.6 })).not.toEqual(fitted(rows, { subsample: 0.6, seed: 2 }));
    expect(fitted(rows)).toEqual(fitted(rows, { seed: 2 }));
  });

  it('does not care about the order of rows, bit for bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 298 }), (seed, shift) => {
        const rows = syntheticRows({ rowCount: 299, columnCount: 3, seed, missing: 0.1 });
        const order = Array.from({ length: 299 }, (_, row) => (row * 7 + shift) % 299);
        const values = order.flatMap((row) => [...rows.matrix.values.subarray(row * 3, row * 3 + 3)]);
        const permuted = {
          matrix: { ...rows.matrix, values: Float32Array.from(values) },
          labels: Uint8Array.from(order, (row) => rows.labels[row] ?? 0),
        };
        expect(fitted(timed(permuted))).toEqual(fitted(timed(rows)));
      }),
      { numRuns: 10 },
    );
  });

  it('does not care about a monotone transform of a column, beyond where thresholds lie', () => {
    const rows = drawnRows(vectorsOf(500, 2), ([a = 0]) => (a > 0.2 ? 0.8 : 0.3));
    const bent = { ...rows, matrix: { ...rows.matrix, values: rows.matrix.values.map((value) => Math.exp(3 * value)) } };
    expect(predictBoosted(fitted(bent), bent.matrix)).toEqual(predictBoosted(fitted(rows), rows.matrix));
  });

  it('learns that a value is missing', () => {
    const vectors = vectorsOf(1000, 1).map(([a = 0], row) => [row % 3 === 0 ? Number.NaN : a]);
    const rows = drawnRows(vectors, ([a = 0]) => (Number.isNaN(a) ? 0.9 : 0.2));
    const model = fitted(rows);
    const matrix = { values: Float32Array.of(Number.NaN, -0.9, 0, 0.9), rowCount: 4, columnCount: 1 };
    const [missing = 0, ...present] = predictBoosted(model, matrix);
    expect(missing).toBeGreaterThan(0.8);
    for (const p of present) expect(p).toBeLessThan(0.5);
  });

  it.each([
    { name: 'constant', extra: () => 7 },
    { name: 'missing everywhere', extra: () => Number.NaN },
  ])('is not harmed by a column that is $name', ({ extra }) => {
    const vectors = vectorsOf(500, 2);
    const chance = ([a = 0]: readonly number[]) => (a > 0 ? 0.8 : 0.3);
    const narrow = drawnRows(vectors, chance);
    const wide = drawnRows(
      vectors.map((values) => [...values, extra()]),
      chance,
    );
    expect(predictBoosted(fitted(wide), wide.matrix)).toEqual(predictBoosted(fitted(narrow), narrow.matrix));
  });

  it('falls back to the base rate where no column says anything', () => {
    const rows = drawnRows(
      Array.from({ length: 300 }, () => [1, Number.NaN]),
      () => 0.25,
    );
    const model = fitted(rows);
    expect(model.trees).toEqual([]);
    const rate = rows.labels.reduce((sum, label) => sum + label, 0) / 300;
    expect(predictBoosted(model, rows.matrix)[0]).toBeCloseTo(rate, 6);
  });

  it('predicts rates, not classes, where positives are one in a hundred', () => {
    const rows = drawnRows(vectorsOf(20_000, 2), ([a = 0]) => (a > 0.5 ? 0.03 : 0.003));
    const p = predictBoosted(fitted(rows, { minimumLeafRows: 200 }), rows.matrix);
    const meanWhere = (isHigh: boolean) => {
      const of = p.filter((_, row) => (rows.matrix.values[2 * row] ?? 0) > 0.5 === isHigh);
      return of.reduce((sum, value) => sum + value, 0) / of.length;
    };
    expect(meanWhere(true)).toBeGreaterThan(0.02);
    expect(meanWhere(true)).toBeLessThan(0.04);
    expect(meanWhere(false)).toBeLessThan(0.006);
  });

  it('orders infinite values as all others', () => {
    const vectors = vectorsOf(400, 1).map(([a = 0], row) => [row % 10 === 0 ? Number.POSITIVE_INFINITY * Math.sign(a) : a]);
    const rows = drawnRows(vectors, ([a = 0]) => (a > 0 ? 0.9 : 0.1));
    expect(aucOf(fitted(rows), rows)).toBeGreaterThan(0.85);
  });

  it('stops adding trees when the newest rows say so, and fits all rows with the best number', () => {
    const noise = drawnRows(vectorsOf(600, 6), ([a = 0]) => 0.5 + a / 4);
    const stopped = fitted(noise, { trees: 400, patience: 10 });
    expect(stopped.trees.length).toBeGreaterThan(0);
    expect(stopped.trees.length).toBeLessThan(120);
    expect(stopped).toEqual(fitted(noise, { trees: stopped.trees.length }));
  });

  it('adds as many trees as it may where the older rows are of one class', () => {
    const rows = drawnRows(vectorsOf(200, 1), () => 0);
    const late = { ...rows, labels: Uint8Array.from(rows.labels, (_, row) => Number(row >= 170)) };
    expect(fitted(late, { trees: 7, patience: 3 }).trees).toHaveLength(7);
  });

  it.each([
    { name: 'no rows', rows: drawnRows([], () => 0), columns: 0, reason: 'too_few_rows' },
    { name: 'one class', rows: drawnRows(vectorsOf(20, 1), () => 1.1), columns: 1, reason: 'one_class' },
  ])('refuses $name', ({ rows, columns, reason }) => {
    expect(fitGradientBoosting(rows, syntheticInputs(columns), SETTINGS)).toMatchObject({ ok: false, reason });
  });

  it('throws where labels, rows and inputs do not belong together', () => {
    const code = expect.objectContaining({ code: 'DRIFT_MODEL_SHAPE' });
    const short = { ...xor, labels: new Uint8Array(3) };
    expect(() => fitGradientBoosting(short, syntheticInputs(2), SETTINGS)).toThrow(code);
    expect(() => fitGradientBoosting(xor, syntheticInputs(3), SETTINGS)).toThrow(code);
    expect(() => predictBoosted(fitted(xor), { ...xor.matrix, columnCount: 4 })).toThrow(code);
  });
});
