import fc from 'fast-check';
import type { DerivedRows } from './naive-splits.ts';

const present = fc.oneof(fc.integer({ min: -2, max: 3 }), fc.float({ min: -5, max: 5, noNaN: true }));
const served = fc.oneof({ weight: 4, arbitrary: present }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
/** Derivatives as the log loss has them, on the grid where sums are exact. */
const derivatives = fc.record({ p: fc.integer({ min: 1, max: 2 ** 12 - 1 }), label: fc.integer({ min: 0, max: 1 }) });

/** Small matrices with missing values, and derivatives of the log loss. */
export const derivedRows: fc.Arbitrary<DerivedRows> = fc
  .record({ rowCount: fc.integer({ min: 2, max: 40 }), columnCount: fc.integer({ min: 1, max: 3 }) })
  .chain(({ rowCount, columnCount }) =>
    fc
      .record({
        values: fc.array(served, { minLength: rowCount * columnCount, maxLength: rowCount * columnCount }),
        rows: fc.array(derivatives, { minLength: rowCount, maxLength: rowCount }),
      })
      .map(({ values, rows }) => ({
        matrix: { values: Float32Array.from(values), rowCount, columnCount },
        gradients: Float64Array.from(rows, ({ p, label }) => p / 2 ** 12 - label),
        hessians: Float64Array.from(rows, ({ p }) => (p / 2 ** 12) * (1 - p / 2 ** 12)),
      })),
  );
