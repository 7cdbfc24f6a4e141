import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveSymmetric } from '../../../drift/retraining/cholesky.ts';

/** AᵀA + I of any square A: symmetric, positive definite. */
function positiveDefinite(a: readonly number[], size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    const products = Array.from({ length: size }, (_unused, k) => (a[k * size + row] ?? 0) * (a[k * size + column] ?? 0));
    return products.reduce((sum, product) => sum + product, row === column ? 1 : 0);
  });
}

function multiply(matrix: Float64Array, x: Float64Array): number[] {
  return Array.from(x, (_, row) => x.reduce((sum, value, column) => sum + value * (matrix[row * x.length + column] ?? 0), 0));
}

describe('solveSymmetric', () => {
  it('solves what is positive definite', () => {
    const size = 4;
    const numbers = (length: number) => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length });
    fc.assert(
      fc.property(numbers(size * size), numbers(size), (a, b) => {
        const values = positiveDefinite(a, size);
        const solution = solveSymmetric({ values, size }, Float64Array.from(b));
        expect(solution).toBeDefined();
        for (const [row, value] of multiply(values, solution ?? new Float64Array()).entries())
          expect(value).toBeCloseTo(b[row] ?? 0, 8);
      }),
    );
  });

  it('falls back to a ridge where the matrix is singular, and solves what can be solved', () => {
    const solution = solveSymmetric({ values: Float64Array.from([1, 1, 1, 1]), size: 2 }, Float64Array.from([2, 2]));
    expect([...(solution ?? [])]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
  });

  it('gives up on a matrix of zeroes, or of no numbers', () => {
    expect(solveSymmetric({ values: new Float64Array(4), size: 2 }, new Float64Array(2))).toBeUndefined();
    expect(solveSymmetric({ values: new Float64Array(4).fill(Number.NaN), size: 2 }, new Float64Array(2))).toBeUndefined();
  });
});
