import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../drift/statistics/multiple-testing.ts';
import { multipleTestingVectors, relativeDifference } from './vectors.ts';

describe('benjaminiHochberg', () => {
  it.each(multipleTestingVectors())('is statsmodels’ fdr_bh: $name', ({ pValues, adjusted }) => {
    const found = benjaminiHochberg(pValues);
    expect(found.length).toBe(adjusted.length);
    for (const [i, value] of found.entries()) expect(relativeDifference(value, adjusted[i] ?? Number.NaN)).toBeLessThan(1e-9);
  });

  it('never lowers a p-value, keeps their order, and leaves one alone as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (pValues) => {
        const adjusted = benjaminiHochberg(pValues);
        for (const [i, pValue] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(pValue);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of pValues.entries()) {
            if (pValue < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? Number.NaN);
          }
        }
      }),
    );
    expect(benjaminiHochberg([0.03])).toEqual([0.03]);
  });
});
