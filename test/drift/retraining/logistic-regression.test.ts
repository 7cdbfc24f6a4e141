import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictProbabilities } from '../../../drift/retraining/logistic-model.ts';
import { fitLogisticRegression, type LogisticFit } from '../../../drift/retraining/logistic-regression.ts';
import { type ModelInput, prepareMatrix } from '../../../drift/retraining/preprocessing.ts';
import { measureColumns } from '../../../drift/retraining/standardisation.ts';
import type { TrainingRows } from '../../../drift/retraining/training-rows.ts';
import { syntheticInputs, syntheticRows } from '../synthetic-rows.ts';

const SETTINGS = { l2: 1, maxIterations: 50, tolerance: 1e-8, minimumRows: 10 };

function fitted(rows: TrainingRows, inputs: readonly ModelInput[], settings = SETTINGS): LogisticFit {
  const fit = fitLogisticRegression(rows, inputs, settings);
  if (!fit.ok) throw new Error(fit.message);
  return fit.value;
}

/** Rows of one or two columns, written out. */
function rowsOf(vectors: readonly (readonly number[])[], labels: readonly number[]): TrainingRows {
  const columnCount = vectors[0]?.length ?? 0;
  return {
    matrix: { values: Float32Array.from(vectors.flat()), rowCount: vectors.length, columnCount },
    labels: Uint8Array.from(labels),
  };
}

/** Gradient of the penalised negative log likelihood by the standardised coefficients, the intercept first. */
function gradientAt({ model }: LogisticFit, rows: TrainingRows, l2: number): readonly number[] {
  const width = model.inputs.length;
  const prepared = prepareMatrix(model.inputs, rows.matrix);
  const { means, scales } = measureColumns(prepared, width);
  const errors = predictProbabilities(model, rows.matrix).map((p, row) => p - (rows.labels[row] ?? 0));
  const ofColumn = (column: number) =>
    errors.reduce((sum, error, row) => {
      const z = ((prepared[row * width + column] ?? 0) - (means[column] ?? 0)) / (scales[column] ?? 1);
      return sum + error * z;
    }, 0) +
    l2 * (model.coefficients[column] ?? 0) * (scales[column] ?? 1);
  return [errors.reduce((sum, error) => sum + error, 0), ...model.coefficients.map((_, column) => ofColumn(column))];
}

function withColumn(rows: TrainingRows, valueOf: (row: number) => number): TrainingRows {
  const { rowCount, columnCount, values } = rows.matrix;
  const wider = new Float32Array(rowCount * (columnCount + 1));
  for (let row = 0; row < rowCount; row++) {
    wider.set(values.subarray(row * columnCount, (row + 1) * columnCount), row * (columnCount + 1));
    wider[row * (columnCount + 1) + columnCount] = valueOf(row);
  }
  return { matrix: { values: wider, rowCount, columnCount: columnCount + 1 }, labels: rows.labels };
}

describe('fitLogisticRegression', () => {
  const someRows = fc.record({
    seed: fc.integer({ min: 0, max: 10_000 }),
    columnCount: fc.integer({ min: 1, max: 6 }),
    l2: fc.constantFrom(0.01, 1, 25),
  });

  it('ends where the gradient vanishes', () => {
    fc.assert(
      fc.property(someRows, ({ seed, columnCount, l2 }) => {
        const rows = syntheticRows({ rowCount: 300, columnCount, seed, missing: 0.1 });
        const fit = fitted(rows, syntheticInputs(columnCount, true), { ...SETTINGS, l2 });
        for (const slope of gradientAt(fit, rows, l2)) expect(Math.abs(slope)).toBeLessThan(1e-7);
      }),
      { numRuns: 30 },
    );
  });

  it('does not care about the order of rows beyond 1e-9', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 299 }), ({ seed, columnCount, l2 }, shift) => {
        const rows = syntheticRows({ rowCount: 300, columnCount, seed });
        const order = rows.labels.map((_, row) => row).length;
        const rotated = Array.from({ length: order }, (_, row) => (row * 7 + shift) % order);
        const permuted: TrainingRows = {
          matrix: {
            ...rows.matrix,
            values: Float32Array.from(
              rotated.flatMap((row) => Array.from(rows.matrix.values.subarray(row * columnCount, (row + 1) * columnCount))),
            ),
          },
          labels: Uint8Array.from(rotated, (row) => rows.labels[row] ?? 0),
        };
        const inputs = syntheticInputs(columnCount);
        const one = predictProbabilities(fitted(rows, inputs, { ...SETTINGS, l2 }).model, rows.matrix);
        const other = predictProbabilities(fitted(permuted, inputs, { ...SETTINGS, l2 }).model, rows.matrix);
        for (const [row, p] of one.entries()) expect(Math.abs(p - (other[row] ?? Number.NaN))).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same bits for the same rows', () => {
    const rows = syntheticRows({ rowCount: 500, columnCount: 5, seed: 3, missing: 0.2 });
    expect(fitted(rows, syntheticInputs(5, true))).toEqual(fitted(rows, syntheticInputs(5, true)));
  });

  it.each([{ constant: 0.1 }, { constant: 0 }, { constant: -1e6 }])(
    'is not harmed by a column of nothing but $constant',
    ({ constant }) => {
      const rows = syntheticRows({ rowCount: 300, columnCount: 3, seed: 11 });
      for (const l2 of [0, 1]) {
        const narrow = fitted(rows, syntheticInputs(3), { ...SETTINGS, l2 });
        const wide = fitted(
          withColumn(rows, () => constant),
          syntheticInputs(4),
          { ...SETTINGS, l2 },
        );
        expect(wide.model.coefficients).toEqual([...narrow.model.coefficients, 0]);
        expect(wide.model.intercept).toBe(narrow.model.intercept);
      }
    },
  );

  it('fits the same probabilities when a column stands there twice, even without a penalty', () => {
    const rows = syntheticRows({ rowCount: 300, columnCount: 3, seed: 12 });
    const doubled = withColumn(rows, (row) => 3 * (rows.matrix.values[row * 3] ?? 0) + 1);
    const one = predictProbabilities(fitted(rows, syntheticInputs(3), { ...SETTINGS, l2: 0 }).model, rows.matrix);
    const other = predictProbabilities(fitted(doubled, syntheticInputs(4), { ...SETTINGS, l2: 0 }).model, doubled.matrix);
    for (const [row, p] of one.entries()) expect(other[row]).toBeCloseTo(p, 6);
  });

  const separated = rowsOf(
    Array.from({ length: 20 }, (_, row) => [row]),
    Array.from({ length: 20 }, (_, row) => Number(row >= 10)),
  );

  it('converges on separated data because of the penalty', () => {
    for (const l2 of [1e-6, 1, 100]) {
      const fit = fitted(separated, syntheticInputs(1), { ...SETTINGS, l2 });
      for (const slope of gradientAt(fit, separated, l2)) expect(Math.abs(slope)).toBeLessThan(1e-6);
    }
  });

  it('names separation as the reason to stop when there is no penalty', () => {
    expect(fitLogisticRegression(separated, syntheticInputs(1), { ...SETTINGS, l2: 0 })).toMatchObject({
      ok: false,
      reason: 'separable',
    });
  });

  it('stops without a model where the classes touch in one point only and there is no penalty', () => {
    const touching = rowsOf([...Array.from({ length: 20 }, (_, row) => [row]), [10]], [...separated.labels, 0]);
    expect(fitLogisticRegression(touching, syntheticInputs(1), { ...SETTINGS, l2: 0 })).toMatchObject({
      ok: false,
      reason: 'not_converged',
    });
  });

  it('says that it did not converge when too few steps are allowed', () => {
    const rows = syntheticRows({ rowCount: 300, columnCount: 3, seed: 5 });
    expect(fitLogisticRegression(rows, syntheticInputs(3), { ...SETTINGS, maxIterations: 2 })).toMatchObject({
      ok: false,
      reason: 'not_converged',
    });
  });

  it.each([
    { name: 'too few rows', rows: rowsOf([[1], [2]], [0, 1]), reason: 'too_few_rows' },
    {
      name: 'one class only',
      rows: rowsOf(
        Array.from({ length: 12 }, (_, row) => [row]),
        Array.from({ length: 12 }, () => 1),
      ),
      reason: 'one_class',
    },
    {
      name: 'an infinite value',
      rows: rowsOf(
        Array.from({ length: 12 }, (_, row) => [row === 7 ? Number.POSITIVE_INFINITY : row]),
        [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
      ),
      reason: 'non_finite_input',
    },
  ])('refuses $name', ({ rows, reason }) => {
    expect(fitLogisticRegression(rows, syntheticInputs(1), SETTINGS)).toMatchObject({ ok: false, reason });
  });

  it('throws where labels and rows do not belong together', () => {
    const rows = syntheticRows({ rowCount: 20, columnCount: 2, seed: 1 });
    const code = expect.objectContaining({ code: 'DRIFT_MODEL_SHAPE' });
    expect(() => fitLogisticRegression({ ...rows, labels: new Uint8Array(3) }, syntheticInputs(2), SETTINGS)).toThrow(code);
    expect(() => fitLogisticRegression(rows, syntheticInputs(3), SETTINGS)).toThrow(code);
  });

  it('recovers the intercept of a model without any varying column', () => {
    const rows = rowsOf(
      Array.from({ length: 40 }, () => [5]),
      Array.from({ length: 40 }, (_, row) => Number(row % 4 === 0)),
    );
    const { model } = fitted(rows, syntheticInputs(1));
    expect(model.intercept).toBeCloseTo(Math.log(1 / 3), 10);
  });
});
