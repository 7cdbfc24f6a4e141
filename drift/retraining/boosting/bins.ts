import type { FeatureMatrix } from '../preprocessing.ts';

/**
 * Where a column is cut, ascending: a value is in bin k when it is above threshold k − 1 and not above threshold k. Every threshold
 * is a float32 that lies between two served values or on the lower one, so that a float32 comparison x ≤ threshold parts the rows
 * as the bins do.
 */
export type Thresholds = Float32Array;

/** Rows by bin: what a tree is grown from. */
export interface BinnedMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Row-major; bins are counted through all columns: that of a value is its place in its column plus the column's offset. */
  readonly bins: Uint16Array | Uint32Array;
  readonly thresholds: readonly Thresholds[];
  /** First bin of each column, and the number of all bins. A column's last bin holds its missing values. */
  readonly offsets: Int32Array;
}

interface DistinctValues {
  /** Ascending, without NaN; 0 and −0 are one value. */
  readonly values: Float32Array;
  readonly counts: Int32Array;
}

function distinctValues(column: Float32Array): DistinctValues {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const values = new Float32Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let size = 0;
  for (const value of sorted) {
    if (size === 0 || value !== values[size - 1]) values[size++] = value;
    counts[size - 1] = (counts[size - 1] ?? 0) + 1;
  }
  return { values: values.subarray(0, size), counts: counts.subarray(0, size) };
}

/** A float32 t with lower ≤ t < upper: their middle, or the lower one where float32 has nothing in between. */
function thresholdBetween(lower: number, upper: number): number {
  const middle = Math.fround(lower / 2 + upper / 2);
  return middle >= lower && middle < upper ? middle + 0 : lower;
}

/** Whether a bin ends behind a value: it is full, or a value that fills a bin by itself stands here or comes next. */
function closesBin(rowsInBin: number, meanRows: number, isHeavy: { readonly here: boolean; readonly next: boolean }): boolean {
  return isHeavy.here || rowsInBin >= meanRows || (isHeavy.next && rowsInBin >= Math.max(1, meanRows / 2));
}

/** Indices of the distinct values behind which a bin ends, where there are more values than bins; at most maxBins − 1. */
function packBins({ counts }: DistinctValues, maxBins: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  /** Rows of values that do not fill a bin by themselves; those that do are not shared out. */
  const light = counts.map((count) => (count >= total / maxBins ? 0 : count));
  const isHeavy = (index: number): boolean => light[index] === 0;
  let binsLeft = light.reduce((bins, count) => (count === 0 ? bins - 1 : bins), maxBins);
  let rowsLeft = light.reduce((sum, count) => sum + count, 0);
  let meanRows = rowsLeft / binsLeft;
  const ends: number[] = [];
  let rowsInBin = 0;
  for (const [index, count] of counts.subarray(0, -1).entries()) {
    rowsLeft -= light[index] ?? 0;
    rowsInBin += count;
    if (!closesBin(rowsInBin, meanRows, { here: isHeavy(index), next: isHeavy(index + 1) })) continue;
    ends.push(index);
    rowsInBin = 0;
    if (!isHeavy(index)) meanRows = rowsLeft / --binsLeft;
  }
  return ends.slice(0, maxBins - 1);
}

/**
 * Thresholds of a column (served values, NaN where missing): a bin for each distinct value where maxBins suffice, else bins of
 * about equally many rows, values that fill one by themselves apart. At most maxBins − 1 of them; none where nothing varies.
 * Source: Ke et al. 2017, LightGBM (its greedy bins).
 */
export function chooseThresholds(column: Float32Array, maxBins: number): Thresholds {
  const distinct = distinctValues(column);
  const { values } = distinct;
  const ends = values.length <= maxBins ? [...values.keys()].slice(0, -1) : packBins(distinct, maxBins);
  return Float32Array.from(ends, (index) => thresholdBetween(values[index] ?? 0, values[index + 1] ?? 0));
}

/** Bin of a value: the number of thresholds below it; one more than there are for NaN. */
export function binOf(thresholds: Thresholds, value: number): number {
  if (Number.isNaN(value)) return thresholds.length + 1;
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (thresholds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function columnOf({ values, rowCount, columnCount }: FeatureMatrix, column: number): Float32Array {
  return Float32Array.from({ length: rowCount }, (_, row) => values[row * columnCount + column] ?? Number.NaN);
}

/** Cuts every column of a matrix into at most maxBins bins of values, and one of missing values. */
export function binMatrix(matrix: FeatureMatrix, maxBins: number): BinnedMatrix {
  const { rowCount, columnCount } = matrix;
  const columns = Array.from({ length: columnCount }, (_, column) => columnOf(matrix, column));
  const thresholds = columns.map((column) => chooseThresholds(column, maxBins));
  const offsets = new Int32Array(columnCount + 1);
  for (const [column, { length }] of thresholds.entries()) offsets[column + 1] = (offsets[column] ?? 0) + length + 2;
  const size = rowCount * columnCount;
  const bins = (offsets[columnCount] ?? 0) > 2 ** 16 ? new Uint32Array(size) : new Uint16Array(size);
  for (const [column, values] of columns.entries()) {
    const offset = offsets[column] ?? 0;
    const chosen = thresholds[column] ?? new Float32Array();
    for (let row = 0; row < rowCount; row++) {
      bins[row * columnCount + column] = offset + binOf(chosen, values[row] ?? Number.NaN);
    }
  }
  return { rowCount, columnCount, bins, thresholds, offsets };
}
