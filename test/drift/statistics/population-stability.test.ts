import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binCounts,
  evidentlyBins,
  psiEvidently,
  psiOfCounts,
  psiTenths,
  sturgesEdges,
  tenthEdges,
} from '../../../drift/statistics/population-stability.ts';
import { seededRandom } from '../synthetic-rows.ts';
import { relativeDifference, vectorsOf } from './vectors.ts';

const valueOf = (result: ReturnType<typeof psiEvidently>) => (result.status === 'ok' ? result.value : Number.NaN);
const sample = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 80 });

describe('psiEvidently, psi@evidently-0.7', () => {
  it.each(vectorsOf<{ readonly score: number }>('psi'))('is Evidently’s: $name', ({ reference, current, expected }) => {
    expect(relativeDifference(valueOf(psiEvidently({ reference, current })), expected.score, 1e-12)).toBeLessThan(1e-9);
  });

  it.each(
    vectorsOf<{ readonly edges: readonly number[]; readonly ref: readonly number[]; readonly cur: readonly number[] }>(
      'binned_data',
    ),
  )('bins as Evidently does: $name', ({ reference, current, expected }) => {
    expect(evidentlyBins({ reference, current })).toEqual({ reference: expected.ref, current: expected.cur });
    const values = [...reference, ...current].flatMap((value) =>
      typeof value === 'number' && Number.isFinite(value) ? [value] : [],
    );
    const edges = sturgesEdges({
      from: values.reduce((a, b) => Math.min(a, b)),
      to: values.reduce((a, b) => Math.max(a, b)),
      rows: values.length,
    });
    expect(edges).toEqual(expected.edges);
  });

  it('fills an empty share by a millionth of the least one where that is no larger than 0.0001', () => {
    // Vector edge_cat_rare_1e5: a category of one row in 20,001 on either side.
    const column = (counts: Readonly<Record<string, number>>) =>
      Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));
    const reference = column({ a: 15_000, b: 5000, c: 1 });
    const current = column({ a: 14_000, b: 6000, d: 1 });
    expect(relativeDifference(valueOf(psiEvidently({ reference, current })), 0.013946573759602687)).toBeLessThan(1e-9);
  });

  it('is the same either way round where each value is a category, and 0 for the same values in another order', () => {
    const few = fc.array(fc.constantFrom('a', 'b', 'c', null), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(few, few, (reference, current) => {
        const there = psiEvidently({ reference, current });
        const back = psiEvidently({ reference: current, current: reference });
        if (there.status === 'ok') expect(valueOf(back)).toBeCloseTo(valueOf(there), 12);
        if (reference.some((value) => value !== null)) {
          expect(valueOf(psiEvidently({ reference, current: reference.toReversed() }))).toBeCloseTo(0, 12);
        }
      }),
    );
  });

  it('says why nothing was computed', () => {
    expect(psiEvidently({ reference: [1, 2], current: [null] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
    expect(psiEvidently({ reference: [Number.NaN], current: [1] })).toEqual({
      status: 'not_computable',
      reason: 'no_reference_rows',
    });
  });
});

describe('psiTenths, psi@tenths', () => {
  it('cuts a reference at its tenths, each once, and gives a value that is two of them a bin of its own', () => {
    const hundred = Float64Array.from({ length: 100 }, (_none, i) => i);
    expect(tenthEdges(hundred)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    const mostlyZero = Float64Array.from({ length: 100 }, (_none, i) => Math.max(0, i - 69));
    expect(tenthEdges(mostlyZero)).toEqual([1, 11, 21]);
    expect(binCounts(mostlyZero, [1, 11, 21])).toEqual([70, 10, 10, 10]);
    expect(tenthEdges(Float64Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1, 1))).toEqual([1]);
    expect(tenthEdges(Float64Array.of(4, 4, 4))).toEqual([]);
  });

  it('has at most 13 edges, ascending, over the least value, all of them values of the reference', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const sorted = Float64Array.from(values).sort();
        const edges = tenthEdges(sorted);
        expect(edges.length).toBeLessThanOrEqual(13);
        expect([...new Set(edges)].sort((a, b) => a - b)).toEqual(edges);
        for (const edge of edges) expect(edge > (sorted[0] ?? 0) && sorted.includes(edge)).toBe(true);
        expect(binCounts(sorted, edges).reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it('is never negative, the same for swapped counts, and 0 for shares that are the same', () => {
    const counts = fc.integer({ min: 2, max: 12 }).chain((bins) => {
      const side = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: bins, maxLength: bins });
      return fc.tuple(side, side).filter((sides) => sides.every((one) => one.some((count) => count > 0)));
    });
    fc.assert(
      fc.property(counts, ([reference, current]) => {
        const there = psiOfCounts({ reference, current });
        expect(valueOf(there)).toBeGreaterThanOrEqual(0);
        expect(valueOf(psiOfCounts({ reference: current, current: reference }))).toBeCloseTo(valueOf(there), 12);
        expect(valueOf(psiOfCounts({ reference, current: reference }))).toBe(0);
      }),
    );
  });

  it('is near Evidently’s and far from a shifted window’s for the same distribution', () => {
    const random = seededRandom(5);
    const draw = (count: number, from: number) => Array.from({ length: count }, () => from + random() + random());
    const [reference, same, shifted] = [draw(2000, 0), draw(500, 0), draw(500, 0.5)];
    expect(valueOf(psiTenths({ reference, current: same }))).toBeLessThan(0.05);
    expect(valueOf(psiTenths({ reference, current: shifted }))).toBeGreaterThan(0.5);
  });

  it('follows the chi-square law without drift: its p-values are as often small as they say', () => {
    const random = seededRandom(11);
    const draw = (count: number) => Array.from({ length: count }, () => Math.floor(random() ** 3 * 200));
    let [sum, small] = [0, 0];
    const runs = 600;
    for (let run = 0; run < runs; run++) {
      const result = psiTenths({ reference: draw(1000), current: draw(100) });
      if (result.status !== 'ok' || result.pValue === null) throw new Error('a p-value was promised');
      sum += result.value;
      if (result.pValue <= 0.05) small++;
    }
    // Mean (bins − 1)(1/n + 1/m) = 9 · 0.011; the share has a standard deviation of 0.009.
    expect(sum / runs / 0.099).toBeGreaterThan(0.85);
    expect(sum / runs / 0.099).toBeLessThan(1.15);
    expect(small / runs).toBeLessThan(0.08);
  });

  it('has no value for a constant reference, or an empty side', () => {
    expect(psiTenths({ reference: [4, 4], current: [5] })).toEqual({ status: 'not_computable', reason: 'constant' });
    expect(psiTenths({ reference: [1, 2], current: [] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
  });
});
