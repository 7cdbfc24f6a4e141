import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core';
import { drawRows } from '../../../../drift/retraining/boosting/row-sample.ts';

const draw = (count: number, ratio: number, seed: number) => drawRows(new Int32Array(count), ratio, createRandom(seed));

describe('drawRows', () => {
  it('draws as many as asked for, each row once, both parts ascending', () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.nat());
    fc.assert(
      fc.property(cases, ([count, ratio, seed]) => {
        const { rows, drawn } = draw(count, ratio, seed);
        expect(drawn).toBe(Math.max(1, Math.round(ratio * count)));
        const parts = [rows.subarray(0, drawn), rows.subarray(drawn)];
        for (const part of parts) expect([...part]).toEqual([...part].toSorted((a, b) => a - b));
        expect([...rows].toSorted((a, b) => a - b)).toEqual([...rows.keys()]);
      }),
    );
  });

  it('draws every row about equally often', () => {
    const times = new Int32Array(20);
    const random = createRandom(4);
    for (let round = 0; round < 5000; round++) {
      const { rows, drawn } = drawRows(new Int32Array(20), 0.3, random);
      for (const row of rows.subarray(0, drawn)) times[row] = (times[row] ?? 0) + 1;
    }
    for (const count of times) expect(Math.abs(count / 5000 - 0.3)).toBeLessThan(0.03);
  });

  it('follows from the seed', () => {
    expect(draw(50, 0.5, 1)).toEqual(draw(50, 0.5, 1));
    expect(draw(50, 0.5, 1)).not.toEqual(draw(50, 0.5, 2));
  });
});
