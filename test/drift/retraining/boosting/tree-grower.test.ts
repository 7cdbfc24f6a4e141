import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binMatrix } from '../../../../drift/retraining/boosting/bins.ts';
import { leafValue, type Tree } from '../../../../drift/retraining/boosting/tree.ts';
import { LEAF_STEP, TreeGrower, type TreeSettings } from '../../../../drift/retraining/boosting/tree-grower.ts';
import { derivedRows } from '../../derived-rows.ts';
import { bestGain, type DerivedRows, naiveSplits } from '../../naive-splits.ts';

const settings: fc.Arbitrary<TreeSettings> = fc.record({
  leaves: fc.integer({ min: 2, max: 7 }),
  learningRate: fc.constantFrom(0.1, 1),
  l2: fc.constantFrom(0.1, 3),
  minimumLeafRows: fc.integer({ min: 1, max: 4 }),
  minimumLeafHessian: fc.constant(1e-6),
});

interface Grown {
  readonly tree: Tree | undefined;
  /** What growing said that each row gets. */
  readonly added: Float64Array;
}

function grow(derived: DerivedRows, of: TreeSettings): Grown {
  const { rowCount } = derived.matrix;
  const grower = new TreeGrower(binMatrix(derived.matrix, 255), of);
  const tree = grower.grow({ rows: Int32Array.from({ length: rowCount }, (_, row) => row), drawn: rowCount }, derived);
  const added = new Float64Array(rowCount);
  grower.addToDrawn(added);
  return { tree, added };
}

const valueAt = (tree: Tree, { matrix }: DerivedRows, row: number) => leafValue(tree, matrix.values, row * matrix.columnCount);

/** Rows by the leaf that a tree sends them to; leaves of equal value are told apart by their node. */
function leavesOf(tree: Tree, derived: DerivedRows): readonly (readonly number[])[] {
  const marked = { ...tree, values: Float32Array.from(tree.columns.keys()) };
  const leaves = new Map<number, number[]>();
  for (const row of derived.gradients.keys()) {
    const node = valueAt(marked, derived, row);
    leaves.set(node, [...(leaves.get(node) ?? []), row]);
  }
  return [...leaves.values()];
}

describe('TreeGrower', () => {
  it('gives each row of the training what its tree gives to its values', () => {
    fc.assert(
      fc.property(derivedRows, settings, (derived, of) => {
        const { tree, added } = grow(derived, of);
        if (tree === undefined) return;
        for (const [row, value] of added.entries()) expect(valueAt(tree, derived, row)).toBe(value);
      }),
      { numRuns: 200 },
    );
  });

  it('gives each leaf −rate · G / (H + λ) of its rows, on a grid on which float32 sums are exact', () => {
    fc.assert(
      fc.property(derivedRows, settings, (derived, of) => {
        const { tree } = grow(derived, of);
        if (tree === undefined) return;
        for (const rows of leavesOf(tree, derived)) {
          const gradient = rows.reduce((sum, row) => sum + (derived.gradients[row] ?? 0), 0);
          const hessian = rows.reduce((sum, row) => sum + (derived.hessians[row] ?? 0), 0);
          const value = valueAt(tree, derived, rows[0] ?? 0);
          expect(Math.abs(value + (of.learningRate * gradient) / (hessian + of.l2))).toBeLessThanOrEqual(
            LEAF_STEP / 2 + Math.abs(value) * 2 ** -24,
          );
          expect(Number.isInteger(value / LEAF_STEP)).toBe(true);
          expect(rows.length).toBeGreaterThanOrEqual(of.minimumLeafRows);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('stops at the leaves it may have, or where no leaf has a split left', () => {
    fc.assert(
      fc.property(derivedRows, settings, (derived, of) => {
        const { tree } = grow(derived, of);
        const leaves = tree === undefined ? [[...derived.gradients.keys()]] : leavesOf(tree, derived);
        expect(leaves.length).toBeLessThanOrEqual(of.leaves);
        if (leaves.length === of.leaves) return;
        for (const rows of leaves) expect(bestGain(naiveSplits(derived, rows, of))).toBeLessThan(1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('splits first where the gain is highest', () => {
    // The root parts at 2; then the right side has more to gain than the left one.
    const derived: DerivedRows = {
      matrix: { values: Float32Array.from([1, 2, 3, 4]), rowCount: 4, columnCount: 1 },
      gradients: Float64Array.from([-0.5, -0.375, 0.125, 0.9375]),
      hessians: new Float64Array(4).fill(0.25),
    };
    const limits = { learningRate: 1, l2: 0, minimumLeafRows: 1, minimumLeafHessian: 0.01 };
    const { tree } = grow(derived, { ...limits, leaves: 3 });
    expect(tree === undefined ? [] : leavesOf(tree, derived)).toEqual([[0, 1], [2], [3]]);
  });

  it('parts all values from the missing ones by an infinite threshold, whatever comes later', () => {
    const derived: DerivedRows = {
      matrix: { values: Float32Array.from([1, 2, Number.NaN, Number.NaN]), rowCount: 4, columnCount: 1 },
      gradients: Float64Array.from([0.5, 0.5, -0.5, -0.5]),
      hessians: new Float64Array(4).fill(0.25),
    };
    const limits = { learningRate: 1, l2: 0, minimumLeafRows: 2, minimumLeafHessian: 0.01, leaves: 2 };
    const { tree } = grow(derived, limits);
    if (tree === undefined) throw new Error('no tree');
    const values = [-1e30, 3, Number.POSITIVE_INFINITY, Number.NaN].map((value) => leafValue(tree, Float32Array.of(value), 0));
    expect(values).toEqual([-2, -2, -2, 2]);
  });
});
