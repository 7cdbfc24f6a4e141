import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovUpperTail } from '../../../drift/statistics/kolmogorov-law.ts';
import { type KsLaw, kolmogorovSmirnov, ksPValue } from '../../../drift/statistics/kolmogorov-smirnov.ts';
import { relativeDifference, vectorsOf } from './vectors.ts';

interface Expected {
  readonly statistic: number;
  readonly pvalue: number;
}

const LAWS: readonly (readonly [method: string, law: KsLaw])[] = [
  ['ks_2samp_auto', 'auto'],
  ['ks_2samp_exact', 'exact'],
  ['ks_2samp_asymp', 'asymptotic'],
];
const numbers = (values: readonly (number | string | null)[]) => values.map((value) => (value === null ? null : Number(value)));
/** Coarse, so that ties are common; with missing values. */
const sample = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { freq: 8 }), { minLength: 1, maxLength: 40 });

function found(samples: { reference: readonly (number | null)[]; current: readonly (number | null)[] }, law: KsLaw = 'auto') {
  const result = kolmogorovSmirnov(samples, law);
  return result.status === 'ok' ? result : { value: Number.NaN, pValue: Number.NaN };
}

/** Every split of the pooled values into two samples of these sizes, and the share of those at least as far apart. */
function permutationTail(reference: readonly number[], current: readonly number[]): number {
  const pooled = [...reference, ...current];
  const value = found({ reference, current }).value;
  let [splits, far] = [0, 0];
  for (let mask = 0; mask < 2 ** pooled.length; mask++) {
    const picked = pooled.filter((_none, i) => Math.floor(mask / 2 ** i) % 2 === 1);
    if (picked.length !== reference.length) continue;
    splits++;
    const rest = pooled.filter((_none, i) => Math.floor(mask / 2 ** i) % 2 === 0);
    if (found({ reference: picked, current: rest }).value >= value - 1e-12) far++;
  }
  return far / splits;
}

describe('kolmogorovSmirnov, ks@scipy-1.14', () => {
  describe.each(LAWS)('%s', (method, law) => {
    it.each(vectorsOf<Expected>(method))('is SciPy’s: $name', ({ reference, current, expected }) => {
      const { value, pValue } = found({ reference: numbers(reference), current: numbers(current) }, law);
      expect(relativeDifference(value, expected.statistic)).toBeLessThan(1e-12);
      expect(relativeDifference(pValue ?? Number.NaN, expected.pvalue)).toBeLessThan(1e-9);
    });
  });

  it('has the exact chance of a permutation test where no values tie', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 10 });
    fc.assert(
      fc.property(distinct, fc.integer({ min: 1, max: 3 }), (values, size) => {
        const [reference, current] = [values.slice(0, size), values.slice(size)];
        expect(found({ reference, current }).pValue).toBeCloseTo(permutationTail(reference, current), 12);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same either way round and in any order, within 0 and 1, and deaf to missing values', () => {
    fc.assert(
      fc.property(sample, sample, ([...reference], current) => {
        const there = found({ reference, current });
        const shuffled = [null, ...reference.toReversed(), Number.NaN, Number.POSITIVE_INFINITY];
        expect(found({ reference: current, current: shuffled })).toEqual(there);
        if (Number.isNaN(there.value)) return;
        expect(there.value).toBeGreaterThanOrEqual(0);
        expect(there.value).toBeLessThanOrEqual(1);
        expect(there.pValue).toBeGreaterThan(0);
        expect(there.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is unchanged by what keeps the order of values', () => {
    fc.assert(
      fc.property(sample, sample, (reference, current) => {
        const stretched = (values: readonly (number | null)[]) =>
          values.map((value) => (value === null ? null : Math.exp(value) * 7 - 3));
        expect(found({ reference: stretched(reference), current: stretched(current) })).toEqual(found({ reference, current }));
      }),
    );
  });

  it('says why nothing was computed', () => {
    expect(kolmogorovSmirnov({ reference: [1], current: [null, Number.NaN] })).toEqual({
      status: 'not_computable',
      reason: 'no_rows',
    });
    expect(kolmogorovSmirnov({ reference: [], current: [1] })).toEqual({ status: 'not_computable', reason: 'no_reference_rows' });
  });

  it('takes the asymptotic law over 10,000 rows, and where the exact one has no room', () => {
    const large = { reference: 10_001, current: 300, steps: 90_000 };
    expect(ksPValue(large)).toBe(ksPValue(large, 'asymptotic'));
    const huge = { reference: 70_001, current: 70_003, steps: 4_000_000 };
    expect(ksPValue(huge, 'exact')).toBe(ksPValue(huge, 'asymptotic'));
  });
});

describe('kolmogorovUpperTail', () => {
  // scipy.stats.kstwo.sf(d, n) of SciPy 1.14.1: each of the laws that it is put together from, and both sides of where they meet.
  it.each([
    { n: 1, d: 0.75, expected: 0.5 },
    { n: 2, d: 0.3, expected: 0.98 },
    { n: 10, d: 0.07, expected: 0.9999999619492741 },
    { n: 10, d: 0.1, expected: 0.99963712 },
    { n: 50, d: 0.02, expected: 1.0 },
    { n: 50, d: 0.105, expected: 0.6025659357929162 },
    { n: 100, d: 0.2, expected: 0.0005551927327988775 },
    { n: 100, d: 0.6, expected: 5.912822156396238e-35 },
    { n: 140, d: 0.0735, expected: 0.41601087723723035 },
    { n: 140, d: 0.17, expected: 0.0005246108687519814 },
    { n: 141, d: 0.0735, expected: 0.4116536467624736 },
    { n: 200, d: 0.005, expected: 1.0 },
    { n: 500, d: 0.03, expected: 0.7473166700457021 },
    { n: 500, d: 0.0663, expected: 0.0235380017038046 },
    { n: 500, d: 0.0664, expected: 0.02322568590080756 },
    { n: 1000, d: 0.5, expected: 1.064517291557782e-231 },
    { n: 3000, d: 0.01, expected: 0.9220855022879386 },
    { n: 4990, d: 0.03, expected: 0.0002459812664823575 },
    { n: 99999, d: 0.0005, expected: 1.0 },
    { n: 100001, d: 0.002, expected: 0.8178361459744294 },
    { n: 500000, d: 0.0015, expected: 0.21034190155828947 },
    { n: 500000, d: 0.01, expected: 7.374635645083527e-44 },
    { n: 1000000, d: 0.02, expected: 0.0 },
  ])('is kstwo.sf: n = $n, d = $d', ({ n, d, expected }) => {
    expect(relativeDifference(kolmogorovUpperTail({ n, d }), expected)).toBeLessThan(1e-9);
  });

  it('falls with the distance, from 1 to 0', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (n, all) => {
          const tails = all.toSorted((a, b) => a - b).map((d) => kolmogorovUpperTail({ n, d }));
          for (const [i, tail] of tails.entries()) {
            expect(tail).toBeGreaterThanOrEqual(0);
            expect(tail).toBeLessThanOrEqual((tails[i - 1] ?? 1) + 1e-9);
          }
        },
      ),
      { numRuns: 50 },
    );
    expect(kolmogorovUpperTail({ n: 50, d: 0 })).toBe(1);
    expect(kolmogorovUpperTail({ n: 50, d: 1 })).toBe(0);
  });
});
