import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binMatrix } from '../../../../drift/retraining/boosting/bins.ts';
import { createHistogram, fillHistogram } from '../../../../drift/retraining/boosting/histogram.ts';
import { type Split, type SplitLimits, SplitSearch } from '../../../../drift/retraining/boosting/split.ts';
import { derivedRows } from '../../derived-rows.ts';
import { bestGain, type DerivedRows, naiveSplits } from '../../naive-splits.ts';

const LIMITS: SplitLimits = { l2: 1, minimumLeafRows: 1, minimumLeafHessian: 1e-9 };
const limits = fc.record({
  l2: fc.constantFrom(0, 0.5, 10),
  minimumLeafRows: fc.integer({ min: 1, max: 6 }),
  minimumLeafHessian: fc.constantFrom(1e-9, 0.3),
});

function search(derived: DerivedRows, settings: SplitLimits): Split | undefined {
  const binned = binMatrix(derived.matrix, 255);
  const histogram = createHistogram(binned);
  const rows = Int32Array.from(derived.gradients, (_, row) => row);
  fillHistogram(histogram, { binned, rows, gradients: derived.gradients, hessians: derived.hessians });
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const sums = { gradient: sum(derived.gradients), hessian: sum(derived.hessians), count: rows.length };
  return new SplitSearch(settings).find({ histogram, offsets: binned.offsets, sums });
}

function rowsOf(values: readonly number[], gradients: readonly number[]): DerivedRows {
  return {
    matrix: { values: Float32Array.from(values), rowCount: values.length, columnCount: 1 },
    gradients: Float64Array.from(gradients),
    hessians: new Float64Array(values.length).fill(0.25),
  };
}

describe('SplitSearch', () => {
  it('finds the gain that going through all rows at all values finds, and parts them so', () => {
    fc.assert(
      fc.property(derivedRows, limits, (derived, settings) => {
        const all = naiveSplits(derived, [...derived.gradients.keys()], settings);
        const found = search(derived, settings);
        expect(found?.gain ?? 0).toBeCloseTo(bestGain(all), 12);
        if (found === undefined) return;
        const same = all.filter(({ gain }) => Math.abs(gain - found.gain) < 1e-12);
        expect(same.map(({ column, left }) => `${column}: ${left.length}`)).toContain(`${found.column}: ${found.left.count}`);
      }),
      { numRuns: 300 },
    );
  });

  it('sends missing values where they lower the loss', () => {
    const values = [1, 2, 3, 4, Number.NaN, Number.NaN];
    expect(search(rowsOf(values, [1, 1, -1, -1, 1, 1]), LIMITS)).toMatchObject({ bin: 1, missingLeft: true });
    expect(search(rowsOf(values, [1, 1, -1, -1, -1, -1]), LIMITS)).toMatchObject({ bin: 1, missingLeft: false });
  });

  it('can part all values from the missing ones', () => {
    const found = search(rowsOf([1, 2, Number.NaN, Number.NaN], [1, 1, -1, -1]), LIMITS);
    expect(found).toMatchObject({ bin: 1, missingLeft: false, left: { count: 2 }, right: { count: 2 } });
  });

  it('sends values that were never missing to the side of more rows', () => {
    expect(search(rowsOf([1, 2, 3], [1, -1, -1]), LIMITS)).toMatchObject({ bin: 0, missingLeft: false });
    expect(search(rowsOf([1, 2, 3], [1, 1, -1]), LIMITS)).toMatchObject({ bin: 1, missingLeft: true });
  });

  it.each([
    { name: 'a constant column', derived: rowsOf([5, 5, 5, 5], [1, -1, 1, -1]), settings: LIMITS },
    { name: 'nothing but missing values', derived: rowsOf([Number.NaN, Number.NaN], [1, -1]), settings: LIMITS },
    { name: 'rows that are all alike', derived: rowsOf([1, 2, 3, 4], [1, 1, 1, 1]), settings: { ...LIMITS, l2: 0 } },
    { name: 'too few rows', derived: rowsOf([1, 2, 3], [1, -1, -1]), settings: { ...LIMITS, minimumLeafRows: 2 } },
    { name: 'too little hessian', derived: rowsOf([1, 2], [1, -1]), settings: { ...LIMITS, minimumLeafHessian: 0.5 } },
  ])('finds no split in $name', ({ derived, settings }) => {
    expect(search(derived, settings)).toBeUndefined();
  });
});
