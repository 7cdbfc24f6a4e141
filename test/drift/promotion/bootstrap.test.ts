import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core';
import { pairedBootstrap } from '../../../drift/promotion/bootstrap.ts';

const OPTIONS = { confidence: 0.95, resamples: 400, seed: 3 };

const differences = fc
  .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((values) => Float64Array.from(values));

describe('the paired bootstrap', () => {
  it('gives the same interval for the same rows and seed, inside what the rows span, wider for more confidence', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const interval = pairedBootstrap(values, OPTIONS);
        expect(pairedBootstrap(values, OPTIONS)).toEqual(interval);
        expect(interval.low).toBeLessThanOrEqual(interval.high);
        expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(interval.high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        const narrow = pairedBootstrap(values, { ...OPTIONS, confidence: 0.5 });
        expect(narrow.low).toBeGreaterThanOrEqual(interval.low);
        expect(narrow.high).toBeLessThanOrEqual(interval.high);
      }),
      { numRuns: 60 },
    );
  });

  it('turns with the sign of the differences', () => {
    const values = Float64Array.from({ length: 200 }, (_, row) => Math.sin(row) + 0.3);
    const interval = pairedBootstrap(values, OPTIONS);
    const turned = pairedBootstrap(
      values.map((value) => -value),
      OPTIONS,
    );
    expect(turned.mean).toBeCloseTo(-interval.mean, 12);
    expect(turned.low).toBeCloseTo(-interval.high, 12);
    expect(turned.high).toBeCloseTo(-interval.low, 12);
  });

  it('holds the true mean about as often as it says', () => {
    const random = createRandom(11);
    const trials = 200;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      // Skewed, as differences of log loss are; the true mean is 1.
      const values = Float64Array.from({ length: 150 }, () => -Math.log(1 - random()));
      const { low, high } = pairedBootstrap(values, { ...OPTIONS, seed: trial });
      if (low <= 1 && high >= 1) held += 1;
    }
    expect(held / trials).toBeGreaterThan(0.89);
    expect(held / trials).toBeLessThan(0.99);
  });
});
