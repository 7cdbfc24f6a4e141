import type { Histogram } from './histogram.ts';

/** Sums over rows: first and second derivatives of the loss by the log odds, and how many rows there are. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

/** What a split must respect. */
export interface SplitLimits {
  readonly l2: number;
  /** At least 1, on each side. */
  readonly minimumLeafRows: number;
  /** Above 0, on each side. */
  readonly minimumLeafHessian: number;
}

/** Rows whose bin in `column` is at most `bin` go left, and missing values where `missingLeft`; the rest goes right. */
export interface Split {
  readonly column: number;
  /** Counted within the column; its last bin of values parts all values from the missing ones. */
  readonly bin: number;
  /** Where no row of the leaf lacks the value: to the side of more rows, left if equal. */
  readonly missingLeft: boolean;
  /** Twice what the split takes from the penalised loss; above 0. */
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** A leaf to be split; `offsets` as in a BinnedMatrix. */
export interface SearchedLeaf {
  readonly histogram: Histogram;
  readonly offsets: Int32Array;
  readonly sums: Sums;
}

/** The bins of one column in a histogram over all; the missing values are at `missing`, right behind the bins of values. */
interface ColumnRange {
  readonly column: number;
  readonly from: number;
  readonly missing: number;
}

const NOTHING: Sums = { gradient: 0, hessian: 0, count: 0 };

function sumsOf(histogram: Histogram, bin: number): Sums {
  return { gradient: histogram[4 * bin] ?? 0, hessian: histogram[4 * bin + 1] ?? 0, count: rowsIn(histogram, bin) };
}

function rowsIn(histogram: Histogram, bin: number): number {
  return histogram[4 * bin + 2] ?? 0;
}

function minus(total: Sums, part: Sums): Sums {
  return { gradient: total.gradient - part.gradient, hessian: total.hessian - part.hessian, count: total.count - part.count };
}

/**
 * Finds the best split of a leaf from its histogram: every threshold between bins of every column, missing values left and right,
 * by the second-order gain G_L²/(H_L+λ) + G_R²/(H_R+λ) − G²/(H+λ). Of equally good ones the first: by column, missing values
 * right before left, then by bin. Source: Friedman 2001; Chen & Guestrin 2016, eq. 7; Ke et al. 2017.
 */
export class SplitSearch {
  readonly #limits: SplitLimits;
  #total = NOTHING;
  /** Of the best split so far: both sides' scores together, and what goes left. */
  #score = 0;
  #column = -1;
  #bin = 0;
  #missingLeft = false;
  #left = NOTHING;

  constructor(limits: SplitLimits) {
    this.#limits = limits;
  }

  /** Undefined where no split is allowed, or none lowers the loss. */
  find({ histogram, offsets, sums }: SearchedLeaf): Split | undefined {
    const parentScore = sums.gradient ** 2 / (sums.hessian + this.#limits.l2);
    this.#total = sums;
    this.#score = parentScore;
    this.#column = -1;
    for (let column = 0; column < offsets.length - 1; column++) {
      const range = { column, from: offsets[column] ?? 0, missing: (offsets[column + 1] ?? 0) - 1 };
      this.#scan(histogram, range, false);
      if (rowsIn(histogram, range.missing) > 0) this.#scan(histogram, range, true);
    }
    if (this.#column < 0) return undefined;
    const left = this.#left;
    const right = minus(sums, left);
    const hasMissing = rowsIn(histogram, (offsets[this.#column + 1] ?? 0) - 1) > 0;
    return {
      column: this.#column,
      bin: this.#bin,
      missingLeft: hasMissing ? this.#missingLeft : left.count >= right.count,
      gain: this.#score - parentScore,
      left,
      right,
    };
  }

  /** All thresholds of a column, the missing values on one side. */
  #scan(histogram: Histogram, { column, from, missing }: ColumnRange, missingLeft: boolean): void {
    let { gradient, hessian, count } = missingLeft ? sumsOf(histogram, missing) : NOTHING;
    for (let bin = from; bin < missing; bin++) {
      const rows = rowsIn(histogram, bin);
      if (rows === 0) continue;
      gradient += histogram[4 * bin] ?? 0;
      hessian += histogram[4 * bin + 1] ?? 0;
      count += rows;
      if (this.#total.count - count < this.#limits.minimumLeafRows) break;
      const score = this.#scoreOf(gradient, hessian, count);
      if (score <= this.#score) continue;
      this.#score = score;
      this.#column = column;
      this.#bin = bin - from;
      this.#missingLeft = missingLeft;
      this.#left = { gradient, hessian, count };
    }
  }

  /** Both sides' scores together for what goes left, of which the right side has enough rows; 0 where a limit is not respected. */
  #scoreOf(gradient: number, hessian: number, count: number): number {
    const { l2, minimumLeafRows, minimumLeafHessian } = this.#limits;
    const rightHessian = this.#total.hessian - hessian;
    if (count < minimumLeafRows || hessian < minimumLeafHessian || rightHessian < minimumLeafHessian) return 0;
    const rightGradient = this.#total.gradient - gradient;
    return (gradient * gradient) / (hessian + l2) + (rightGradient * rightGradient) / (rightHessian + l2);
  }
}
