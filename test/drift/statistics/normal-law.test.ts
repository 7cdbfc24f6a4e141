import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareUpperTail, erfc, normalUpperTail } from '../../../drift/statistics/normal-law.ts';
import { relativeDifference } from './vectors.ts';

describe('erfc', () => {
  // scipy.special.erfc
  it.each([
    { x: -2, expected: 1.9953222650189528 },
    { x: 0, expected: 1.0 },
    { x: 0.3, expected: 0.6713732405408726 },
    { x: 1.99, expected: 0.004888586800383002 },
    { x: 2, expected: 0.004677734981047266 },
    { x: 4, expected: 1.541725790028002e-8 },
    { x: 10, expected: 2.0884875837625446e-45 },
    { x: 26, expected: 5.663192408856145e-296 },
  ])('is SciPy’s at $x', ({ x, expected }) => {
    expect(relativeDifference(erfc(x), expected)).toBeLessThan(1e-12);
  });

  it('is 2 less its mirror image, and half of it at √½ the normal tail', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6, noNaN: true }), (x) => {
        expect(erfc(-x)).toBeCloseTo(2 - erfc(x), 14);
        expect(normalUpperTail(x)).toBe(erfc(x / Math.SQRT2) / 2);
      }),
    );
  });
});

describe('chiSquareUpperTail', () => {
  // scipy.stats.chi2.sf
  it.each([
    { x: 0, degrees: 4, expected: 1.0 },
    { x: 0.5, degrees: 1, expected: 0.47950012218695337 },
    { x: 3, degrees: 2, expected: 0.22313016014842982 },
    { x: 16.9, degrees: 9, expected: 0.0503051901243108 },
    { x: 200, degrees: 9, expected: 3.312992393909567e-38 },
    { x: 30, degrees: 12, expected: 0.0027924293327009145 },
    { x: 1, degrees: 13, expected: 0.9999961652652649 },
  ])('is SciPy’s at $x with $degrees degrees', ({ x, degrees, expected }) => {
    expect(relativeDifference(chiSquareUpperTail(x, degrees), expected)).toBeLessThan(1e-12);
  });
});
