import { addTo, entry } from './vector.ts';

/** A symmetric matrix, row-major, size × size; only the lower triangle is read. */
export interface SymmetricMatrix {
  readonly values: Float64Array;
  readonly size: number;
}

/** A pivot under this share of its own diagonal entry counts as zero: the matrix is singular to working precision. */
const PIVOT_RATIO = 1e-8;
const FIRST_RIDGE_RATIO = 1e-6;
const RIDGE_GROWTH = 100;
const RIDGE_ATTEMPTS = 5;

/** Lower L with L·Lᵀ = matrix + ridge·I, row by row; undefined where a pivot vanishes. */
function factorise({ values, size }: SymmetricMatrix, ridge: number): SymmetricMatrix | undefined {
  const lower = new Float64Array(size * size);
  const dotOfRows = (row: number, other: number) => {
    let sum = 0;
    for (let k = 0; k < other; k++) sum += entry(lower, row * size + k) * entry(lower, other * size + k);
    return sum;
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const rest = entry(values, row * size + column) - dotOfRows(row, column);
      lower[row * size + column] = rest / entry(lower, column * size + column);
    }
    const diagonal = entry(values, row * size + row) + ridge;
    const pivot = diagonal - dotOfRows(row, row);
    if (!(pivot > PIVOT_RATIO * diagonal)) return undefined;
    lower[row * size + row] = Math.sqrt(pivot);
  }
  return { values: lower, size };
}

/** x of L·Lᵀ·x = rightSide: forward through L, then backward through Lᵀ. */
function substitute({ values: lower, size }: SymmetricMatrix, rightSide: Float64Array): Float64Array {
  const solution = Float64Array.from(rightSide);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) addTo(solution, row, -entry(lower, row * size + k) * entry(solution, k));
    solution[row] = entry(solution, row) / entry(lower, row * size + row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) addTo(solution, row, -entry(lower, k * size + row) * entry(solution, k));
    solution[row] = entry(solution, row) / entry(lower, row * size + row);
  }
  return solution;
}

/**
 * Solves matrix · x = rightSide by Cholesky factorisation; a singular matrix gets a ridge of 1e-6 of its largest diagonal
 * entry, growing a hundredfold four times more. Undefined where even that fails (a zero or non-finite matrix).
 * Source: Golub & Van Loan, Matrix Computations, 4.2.
 */
export function solveSymmetric(matrix: SymmetricMatrix, rightSide: Float64Array): Float64Array | undefined {
  let largest = 0;
  for (let row = 0; row < matrix.size; row++) largest = Math.max(largest, entry(matrix.values, row * matrix.size + row));
  let ridge = 0;
  for (let attempt = 0; attempt <= RIDGE_ATTEMPTS; attempt++) {
    const lower = factorise(matrix, ridge);
    if (lower !== undefined) return substitute(lower, rightSide);
    ridge = ridge === 0 ? FIRST_RIDGE_RATIO * largest : ridge * RIDGE_GROWTH;
  }
  return undefined;
}
