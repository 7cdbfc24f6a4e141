import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileSketch, type SketchParts } from '../../../drift/fields/quantile-sketch.ts';

const ROUNDING = 1e-9;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const numbers = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1000, max: 1000, noNaN: true }),
    fc.integer({ min: -20, max: 20 }),
    fc.constantFrom(0, -0, 1, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022),
  ),
  { minLength: 1, maxLength: 300 },
);

function sketchOf(values: readonly number[], accuracy = 0.01): QuantileSketch {
  const sketch = new QuantileSketch(accuracy);
  for (const value of values) sketch.add(value);
  return sketch;
}

/** By the definition: the value at the rank. */
function exactly(values: readonly number[], at: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(at * (values.length - 1))] ?? Number.NaN;
}

/** Sums of doubles depend on their order; all else must be the same. */
const withoutSum = ({ sum: _sum, ...parts }: SketchParts): Omit<SketchParts, 'sum'> => parts;

describe('QuantileSketch', () => {
  it('knows every quantile within its relative accuracy, whatever the values', () => {
    fc.assert(
      fc.property(numbers, share, fc.constantFrom(0.01, 0.05, 0.2), (values, at, accuracy) => {
        const exact = exactly(values, at);
        const estimate = sketchOf(values, accuracy).quantile(at) ?? Number.NaN;
        const allowed = Math.abs(exact) < 2 ** -1022 ? 2 ** -1022 : Math.abs(exact) * (accuracy + ROUNDING);
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(allowed);
      }),
      { numRuns: 500 },
    );
  });

  it('is, merged from parts, what it would be of all values', () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 4 }), (groups) => {
        const merged = new QuantileSketch();
        for (const group of groups) merged.merge(sketchOf(group).parts());
        const whole = sketchOf(groups.flat());
        expect(withoutSum(merged.parts())).toEqual(withoutSum(whole.parts()));
        expect(merged.quantile(0.5)).toBe(whole.quantile(0.5));
      }),
    );
  });

  it('survives being written as JSON', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const parts = sketchOf(values).parts();
        const read = JSON.parse(JSON.stringify(parts)) as SketchParts;
        const again = new QuantileSketch();
        again.merge(read);
        // JSON has no −0, and it is the same number.
        expect(again.parts()).toEqual({ ...parts, min: (parts.min ?? 0) + 0, max: (parts.max ?? 0) + 0, sum: parts.sum + 0 });
      }),
    );
  });

  it('keeps to its number of buckets, and to its accuracy for all but the smallest', () => {
    const values = Array.from({ length: 6000 }, (_, index) => 1.02 ** (index - 3000));
    const sketch = sketchOf(values);
    expect(sketch.parts().positive.keys).toHaveLength(2048);
    expect(sketch.parts().positive.counts.reduce((sum, count) => sum + count, 0)).toBe(6000);
    const exact = exactly(values, 0.95);
    expect(Math.abs((sketch.quantile(0.95) ?? 0) - exact) / exact).toBeLessThanOrEqual(0.01 + ROUNDING);
  });

  it('says nothing without values', () => {
    expect(new QuantileSketch().quantile(0.5)).toBeUndefined();
    expect(new QuantileSketch().parts()).toMatchObject({ values: 0, min: null, max: null, sum: 0 });
  });

  it('refuses to add what has other buckets', () => {
    expect(() => new QuantileSketch(0.01).merge(new QuantileSketch(0.02).parts())).toThrow(/different buckets/u);
  });
});
