import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binMatrix, binOf, chooseThresholds } from '../../../../drift/retraining/boosting/bins.ts';

/** Served values: few or many distinct ones, neighbours in float32, zeroes of both signs, infinities, missing ones. */
const value = fc.oneof(
  fc.float({ noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: 0, max: 4 }).map((step) => Math.fround(1 + step * 2 ** -23)),
  fc.constantFrom(-0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
);
const column = fc.array(value, { maxLength: 80 }).map((values) => Float32Array.from(values));

const isPresent = (entry: number): boolean => !Number.isNaN(entry);

describe('chooseThresholds', () => {
  it('parts rows by a float32 comparison exactly as by bins', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (values, maxBins) => {
        const thresholds = chooseThresholds(values, maxBins);
        expect(thresholds.length).toBeLessThan(maxBins);
        for (const entry of values) {
          const bin = binOf(thresholds, entry);
          if (!isPresent(entry)) expect(bin).toBe(thresholds.length + 1);
          else for (const [at, threshold] of thresholds.entries()) expect(entry <= threshold).toBe(bin <= at);
        }
      }),
    );
  });

  it('has rows on both sides of every threshold, and ascends', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (values, maxBins) => {
        const thresholds = chooseThresholds(values, maxBins);
        const filled = new Set(values.filter(isPresent).map((entry) => binOf(thresholds, entry)));
        expect(filled.size).toBe(values.some(isPresent) ? thresholds.length + 1 : 0);
        expect([...thresholds]).toEqual([...thresholds].toSorted((a, b) => a - b));
      }),
    );
  });

  it('gives each distinct value a bin of its own where there are enough', () => {
    fc.assert(
      fc.property(column, (values) => {
        const distinct = new Set(values.filter(isPresent).map((entry) => entry + 0));
        const thresholds = chooseThresholds(values, 81);
        expect(thresholds).toHaveLength(Math.max(0, distinct.size - 1));
      }),
    );
  });

  it('fills bins about evenly, and puts little beside a value that fills one by itself', () => {
    const values = Float32Array.from({ length: 4000 }, (_, row) => (row % 4 === 0 ? 500 : row));
    const thresholds = chooseThresholds(values, 20);
    const rows = new Map<number, number>();
    for (const entry of values) rows.set(binOf(thresholds, entry), (rows.get(binOf(thresholds, entry)) ?? 0) + 1);
    const heavy = rows.get(binOf(thresholds, 500)) ?? 0;
    expect(heavy).toBeGreaterThanOrEqual(1000);
    expect(heavy).toBeLessThan(1080);
    const others = [...rows].filter(([bin]) => bin !== binOf(thresholds, 500)).map(([, count]) => count);
    expect(others).toHaveLength(19);
    expect(Math.max(...others)).toBeLessThan(200);
    expect(Math.min(...others)).toBeGreaterThan(60);
  });

  it.each([
    { name: 'a constant', values: [3, 3, 3] },
    { name: 'zeroes of both signs', values: [0, -0] },
    { name: 'nothing', values: [] },
    { name: 'missing values alone', values: [Number.NaN, Number.NaN] },
  ])('cuts $name nowhere', ({ values }) => {
    expect(chooseThresholds(Float32Array.from(values), 255)).toHaveLength(0);
  });
});

describe('binMatrix', () => {
  it('counts bins through all columns, the missing values of each at its end', () => {
    const values = Float32Array.from([1, Number.NaN, 2, 7, Number.NaN, 7]);
    const binned = binMatrix({ values, rowCount: 3, columnCount: 2 }, 255);
    expect([...binned.offsets]).toEqual([0, 3, 5]);
    expect([...binned.bins]).toEqual([0, 4, 1, 3, 2, 3]);
    expect(binned.thresholds.map((of) => [...of])).toEqual([[1.5], []]);
  });

  it('has room for the bins of many columns', () => {
    const [rowCount, columnCount] = [400, 300];
    const values = Float32Array.from({ length: rowCount * columnCount }, (_, at) => Math.floor(at / columnCount));
    const { bins, offsets } = binMatrix({ values, rowCount, columnCount }, 255);
    expect(offsets.at(-1)).toBe(300 * 256);
    expect(bins.at(-1)).toBe(300 * 256 - 2);
  });
});
