import type { FeatureMatrix } from '../preprocessing.ts';

/**
 * A binary tree, its nodes in arrays; node 0 is the root. A row goes left where its value is at most the threshold (both float32), or
 * is missing and `missingLeft` is 1.
 */
export interface Tree {
  /** Column that a node looks at; −1 marks a leaf. */
  readonly columns: Int32Array;
  readonly thresholds: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Log odds that a leaf adds; 0 in other nodes. */
  readonly values: Float32Array;
}

/** What a tree adds to the log odds of the row whose first value stands at `at`. */
export function leafValue(tree: Tree, values: Float32Array, at: number): number {
  let node = 0;
  for (let column = tree.columns[0] ?? -1; column >= 0; column = tree.columns[node] ?? -1) {
    const value = values[at + column] ?? Number.NaN;
    const isMissing = value !== value;
    const goesLeft = isMissing ? tree.missingLeft[node] === 1 : value <= (tree.thresholds[node] ?? 0);
    node = (goesLeft ? tree.left[node] : tree.right[node]) ?? 0;
  }
  return tree.values[node] ?? 0;
}

/** Adds what a tree gives to each row's log odds. */
export function addTree(logOdds: Float64Array, tree: Tree, { values, rowCount, columnCount }: FeatureMatrix): void {
  for (let row = 0; row < rowCount; row++) {
    logOdds[row] = (logOdds[row] ?? 0) + leafValue(tree, values, row * columnCount);
  }
}
