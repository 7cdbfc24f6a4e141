import { describe, expect, test } from 'vitest';
import { createRandom } from '#core';

const draws = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('a stream of random numbers', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(draws(7, 100)).toEqual(draws(7, 100));
    expect(draws(7, 5)).not.toEqual(draws(8, 5));
  });

  test('stays what it is: stored results were made with it', () => {
    expect(draws(0, 3).map((value) => value.toFixed(12))).toMatchInlineSnapshot(`
      [
        "0.413314023055",
        "0.537438884377",
        "0.932514115702",
      ]
    `);
  });

  test('is spread evenly over [0, 1), in every tenth and without memory', () => {
    const values = draws(1, 100_000);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // χ² with 9 degrees of freedom is under 27.9 in 99.9 % of such draws; the seed is fixed.
    const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9);
    const mean = values.slice(1).reduce((sum, value, at) => sum + (value - 0.5) * ((values[at] ?? 0) - 0.5), 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.001);
  });
});
