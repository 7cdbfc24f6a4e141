import type { BinnedMatrix } from './bins.ts';
import { createHistogram, type Derivatives, fillHistogram, type Histogram, subtractHistogram } from './histogram.ts';
import type { RowSample } from './row-sample.ts';
import { type Split, type SplitLimits, SplitSearch, type Sums } from './split.ts';
import type { Tree } from './tree.ts';

/** Leaves hold whole multiples of this: sums of them below 16 are exact in float32, in any order. */
export const LEAF_STEP = 2 ** -20;

/** How a tree is grown. */
export interface TreeSettings extends SplitLimits {
  /** At most this many, at least 2. */
  readonly leaves: number;
  /** Share of its best value that a leaf gets. */
  readonly learningRate: number;
}

/** A leaf of the tree under construction: its rows are `order[from]` to `order[from + count − 1]`. */
interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly sums: Sums;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
}

/** A leaf's place in the tree and in the order of rows, before anything is known of how to split it. */
type Place = Pick<Leaf, 'node' | 'from' | 'sums'>;

/** Value of a leaf, −learningRate · G / (H + λ), as a multiple of {@link LEAF_STEP}. */
function valueOf({ gradient, hessian }: Sums, { l2, learningRate }: TreeSettings): number {
  return Math.round((-learningRate * gradient) / (hessian + l2) / LEAF_STEP) * LEAF_STEP + 0;
}

/**
 * Grows trees leaf by leaf, the one with the highest gain first (Ke et al. 2017), on rows that were binned once. The smaller child's
 * histogram is counted, its sibling's is the parent's less that. Holds all buffers: growing allocates per leaf, never per row.
 */
export class TreeGrower {
  readonly #binned: BinnedMatrix;
  readonly #settings: TreeSettings;
  readonly #search: SplitSearch;
  /** One for each leaf of a tree. */
  readonly #histograms: readonly Histogram[];
  readonly #scratch: Int32Array;
  readonly #nodes: Tree;
  #nodeCount = 0;
  #leaves: Leaf[] = [];
  #rows: Int32Array = new Int32Array();

  constructor(binned: BinnedMatrix, settings: TreeSettings) {
    const nodeCount = 2 * settings.leaves - 1;
    this.#binned = binned;
    this.#settings = settings;
    this.#search = new SplitSearch(settings);
    this.#histograms = Array.from({ length: settings.leaves }, () => createHistogram(binned));
    this.#scratch = new Int32Array(binned.rowCount);
    this.#nodes = {
      columns: new Int32Array(nodeCount),
      thresholds: new Float32Array(nodeCount),
      missingLeft: new Uint8Array(nodeCount),
      left: new Int32Array(nodeCount),
      right: new Int32Array(nodeCount),
      values: new Float32Array(nodeCount),
    };
  }

  /** A tree from the drawn rows, which are reordered meanwhile; undefined where not even the root can be split. */
  grow({ rows, drawn }: RowSample, derivatives: Derivatives): Tree | undefined {
    this.#rows = rows;
    this.#nodeCount = 1;
    this.#leaves = [this.#plant(drawn, derivatives)];
    while (this.#leaves.length < this.#settings.leaves) {
      const best = this.#bestLeaf();
      if (best === undefined) break;
      this.#splitLeaf(best, derivatives);
    }
    return this.#leaves.length === 1 ? undefined : this.#finish();
  }

  /** Adds the new tree's values to the log odds of the rows that it was grown from. */
  addToDrawn(logOdds: Float64Array): void {
    const rows = this.#rows;
    for (const { node, from, sums } of this.#leaves) {
      const value = this.#nodes.values[node] ?? 0;
      for (let index = from; index < from + sums.count; index++) {
        const row = rows[index] ?? 0;
        logOdds[row] = (logOdds[row] ?? 0) + value;
      }
    }
  }

  #plant(drawn: number, derivatives: Derivatives): Leaf {
    const histogram = this.#histogram(0);
    this.#count(histogram, { from: 0, count: drawn }, derivatives);
    const { gradients, hessians } = derivatives;
    let gradient = 0;
    let hessian = 0;
    for (let index = 0; index < drawn; index++) {
      const row = this.#rows[index] ?? 0;
      gradient += gradients[row] ?? 0;
      hessian += hessians[row] ?? 0;
    }
    return this.#leafAt({ node: 0, from: 0, sums: { gradient, hessian, count: drawn } }, histogram);
  }

  #histogram(leaf: number): Histogram {
    return this.#histograms[leaf] ?? createHistogram(this.#binned);
  }

  #count(into: Histogram, { from, count }: { readonly from: number; readonly count: number }, derivatives: Derivatives): void {
    fillHistogram(into, { binned: this.#binned, rows: this.#rows.subarray(from, from + count), ...derivatives });
  }

  /** Whether a leaf is worth a search: it has the rows for two. */
  #isDivisible({ count }: Sums): boolean {
    return count >= 2 * this.#settings.minimumLeafRows;
  }

  #leafAt(place: Place, histogram: Histogram): Leaf {
    const { sums } = place;
    const { offsets } = this.#binned;
    const split = this.#isDivisible(sums) ? this.#search.find({ histogram, offsets, sums }) : undefined;
    return { ...place, histogram, split };
  }

  /** Index of the leaf with the highest gain, the oldest of equal ones. */
  #bestLeaf(): number | undefined {
    let best: number | undefined;
    let gain = 0;
    for (const [index, { split }] of this.#leaves.entries()) {
      if (split === undefined || split.gain <= gain) continue;
      best = index;
      gain = split.gain;
    }
    return best;
  }

  #splitLeaf(index: number, derivatives: Derivatives): void {
    const leaf = this.#leaves[index];
    if (leaf?.split === undefined) return;
    const { left, right } = leaf.split;
    this.#part(leaf, leaf.split);
    const node = this.#nodeCount;
    this.#nodeCount += 2;
    this.#writeNode(leaf.node, leaf.split, node);
    const places: readonly [Place, Place] = [
      { node, from: leaf.from, sums: left },
      { node: node + 1, from: leaf.from + left.count, sums: right },
    ];
    const [leftLeaf, rightLeaf] = this.#searchChildren(leaf, places, derivatives);
    this.#leaves[index] = leftLeaf;
    this.#leaves.push(rightLeaf);
  }

  /** Both children with their histograms and best splits; without, where they stay leaves anyway. */
  #searchChildren(parent: Leaf, places: readonly [Place, Place], derivatives: Derivatives): readonly [Leaf, Leaf] {
    const [left, right] = places;
    const isLast = this.#leaves.length + 1 === this.#settings.leaves;
    const fresh = this.#histogram(this.#leaves.length);
    if (isLast || !(this.#isDivisible(left.sums) || this.#isDivisible(right.sums))) {
      return [
        { ...left, histogram: parent.histogram, split: undefined },
        { ...right, histogram: fresh, split: undefined },
      ];
    }
    const isLeftSmaller = left.sums.count <= right.sums.count;
    const smaller = isLeftSmaller ? left : right;
    this.#count(fresh, { from: smaller.from, count: smaller.sums.count }, derivatives);
    subtractHistogram(parent.histogram, fresh);
    return [
      this.#leafAt(left, isLeftSmaller ? fresh : parent.histogram),
      this.#leafAt(right, isLeftSmaller ? parent.histogram : fresh),
    ];
  }

  /** Moves the rows of a leaf that go left before those that go right; both keep their order. */
  #part({ from, sums }: Leaf, { column, bin, missingLeft }: Split): void {
    const { bins, columnCount, offsets } = this.#binned;
    const [rows, scratch] = [this.#rows, this.#scratch];
    const last = (offsets[column] ?? 0) + bin;
    const missing = (offsets[column + 1] ?? 0) - 1;
    let left = from;
    let right = 0;
    for (let index = from; index < from + sums.count; index++) {
      const row = rows[index] ?? 0;
      const at = bins[row * columnCount + column] ?? 0;
      if (at <= last || (at === missing && missingLeft)) rows[left++] = row;
      else scratch[right++] = row;
    }
    rows.set(scratch.subarray(0, right), left);
  }

  #writeNode(node: number, { column, bin, missingLeft }: Split, left: number): void {
    const nodes = this.#nodes;
    nodes.columns[node] = column;
    // Above all thresholds are the missing values alone.
    nodes.thresholds[node] = this.#binned.thresholds[column]?.[bin] ?? Number.POSITIVE_INFINITY;
    nodes.missingLeft[node] = Number(missingLeft);
    nodes.left[node] = left;
    nodes.right[node] = left + 1;
    nodes.values[node] = 0;
  }

  #finish(): Tree {
    const nodes = this.#nodes;
    for (const { node, sums } of this.#leaves) {
      nodes.columns[node] = -1;
      nodes.thresholds[node] = 0;
      nodes.missingLeft[node] = 0;
      nodes.left[node] = 0;
      nodes.right[node] = 0;
      nodes.values[node] = valueOf(sums, this.#settings);
    }
    const size = this.#nodeCount;
    return {
      columns: nodes.columns.slice(0, size),
      thresholds: nodes.thresholds.slice(0, size),
      missingLeft: nodes.missingLeft.slice(0, size),
      left: nodes.left.slice(0, size),
      right: nodes.right.slice(0, size),
      values: nodes.values.slice(0, size),
    };
  }
}
