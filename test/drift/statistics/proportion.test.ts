import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newCategoryShare, proportionDifference } from '../../../drift/statistics/proportion.ts';

const proportion = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([rows, share]) => ({ rows, hits: Math.round(rows * share) }));

describe('proportionDifference', () => {
  it.each([
    // p-values: scipy.stats.chi2_contingency without correction, which is the same test.
    { reference: { hits: 30, rows: 200 }, current: { hits: 45, rows: 150 }, value: 0.15, pValue: 0.0007131933211868679 },
    { reference: { hits: 0, rows: 500 }, current: { hits: 3, rows: 100 }, value: 0.03, pValue: 0.0001033020246819204 },
    { reference: { hits: 20, rows: 100 }, current: { hits: 20, rows: 100 }, value: 0, pValue: 1 },
    { reference: { hits: 0, rows: 100 }, current: { hits: 0, rows: 10 }, value: 0, pValue: 1 },
  ])('is the pooled z-test: $reference against $current', ({ reference, current, value, pValue }) => {
    const found = proportionDifference(reference, current);
    expect(found).toEqual({ status: 'ok', value: expect.closeTo(value, 12), pValue: expect.closeTo(pValue, 10) });
  });

  it('changes its sign and nothing else when the sides are swapped', () => {
    fc.assert(
      fc.property(proportion, proportion, (reference, current) => {
        const [there, back] = [proportionDifference(reference, current), proportionDifference(current, reference)];
        if (there.status !== 'ok' || back.status !== 'ok') throw new Error('both sides have rows');
        expect(back.value).toBeCloseTo(-there.value, 12);
        expect(back.pValue).toBeCloseTo(there.pValue ?? Number.NaN, 12);
        expect(Math.abs(there.value)).toBeLessThanOrEqual(1);
        expect(there.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('says which side has no rows', () => {
    const [some, none] = [
      { hits: 1, rows: 2 },
      { hits: 0, rows: 0 },
    ];
    expect(proportionDifference(some, none)).toEqual({ status: 'not_computable', reason: 'no_rows' });
    expect(proportionDifference(none, some)).toEqual({ status: 'not_computable', reason: 'no_reference_rows' });
  });
});

describe('newCategoryShare', () => {
  it('weighs what is new against what a reference of this size must miss', () => {
    const rich = newCategoryShare({ rows: 2000, singletons: 0 }, { hits: 10, rows: 100 });
    const poor = newCategoryShare({ rows: 100, singletons: 8 }, { hits: 10, rows: 100 });
    expect(rich).toMatchObject({ status: 'ok', value: 0.1 });
    expect(poor).toMatchObject({ status: 'ok', value: 0.1 });
    expect(rich.status === 'ok' && rich.pValue).toBeLessThan(1e-9);
    expect(poor.status === 'ok' && poor.pValue).toBeGreaterThan(0.3);
  });
});
