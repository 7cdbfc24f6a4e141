import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStep, type Point, shareDistance } from '../../../runbooks/diagnosis/change-point.ts';

const series = (values: readonly number[], weight = 10): Point[] =>
  values.map((value, index) => ({ atMs: index * 1000, value, weight }));

describe('a step', () => {
  it('is found where the series was made to step, and only in the direction that is asked for', () => {
    const made = fc.record({
      before: fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 30 }),
      after: fc.array(fc.double({ min: 0.8, max: 1, noNaN: true }), { minLength: 3, maxLength: 30 }),
    });
    fc.assert(
      fc.property(made, ({ before, after }) => {
        const up = findStep(series([...before, ...after]), { direction: 'up', minimumWeight: 10 });
        expect(up).toMatchObject({ index: before.length, atMs: before.length * 1000 });
        const down = findStep(series([...after, ...before]), { direction: 'down', minimumWeight: 10 });
        expect(down?.index).toBe(after.length);
      }),
    );
  });

  it('needs weight on both sides, and is none where nothing changes', () => {
    expect(findStep(series([0, 0, 1]), { direction: 'up', minimumWeight: 11 })?.index).toBeUndefined();
    expect(findStep(series([0.5, 0.5, 0.5, 0.5]), { direction: 'up', minimumWeight: 1 })).toBeUndefined();
    expect(findStep([], { direction: 'up', minimumWeight: 1 })).toBeUndefined();
  });

  it('is as many standard errors high as the test of two shares says', () => {
    // 10 of 100 against 30 of 100: pooled 0.2, standard error 0.0566.
    expect(shareDistance({ before: 0.1, after: 0.3, beforeWeight: 100, afterWeight: 100 })).toBeCloseTo(3.5355, 3);
  });
});
