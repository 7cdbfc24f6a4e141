import type { BinnedMatrix } from './bins.ts';

/**
 * Sums over the rows of a leaf for each bin of a BinnedMatrix: gradients at 4 · bin, hessians at 4 · bin + 1, rows at
 * 4 · bin + 2; the fourth place stays empty, so that a bin lies in one line of the processor's cache.
 */
export type Histogram = Float64Array;

const WIDTH = 4;

/** First and second derivative of the loss by each row's log odds. */
export interface Derivatives {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/** An empty histogram. */
export function createHistogram({ offsets }: BinnedMatrix): Histogram {
  return new Float64Array(WIDTH * (offsets.at(-1) ?? 0));
}

/** A row's bins, from `from` to before `to`, and its derivatives. */
interface Row {
  readonly bins: BinnedMatrix['bins'];
  readonly from: number;
  readonly to: number;
  readonly gradient: number;
  readonly hessian: number;
}

/** In a function of its own, as the compiler keeps few things in registers. */
function addRow(histogram: Histogram, { bins, from, to, gradient, hessian }: Row): void {
  for (let index = from; index < to; index++) {
    const at = (bins[index] ?? 0) << 2;
    histogram[at] = (histogram[at] ?? 0) + gradient;
    histogram[at + 1] = (histogram[at + 1] ?? 0) + hessian;
    histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
  }
}

/** Rows of a matrix, and everybody's derivatives. */
export interface CountedRows extends Derivatives {
  readonly binned: BinnedMatrix;
  readonly rows: Int32Array;
}

/** Makes `target` the histogram of these rows. */
export function fillHistogram(target: Histogram, { binned, rows, gradients, hessians }: CountedRows): void {
  const { bins, columnCount } = binned;
  target.fill(0);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const from = row * columnCount;
    addRow(target, { bins, from, to: from + columnCount, gradient: gradients[row] ?? 0, hessian: hessians[row] ?? 0 });
  }
}

/** target −= part: a parent's histogram becomes that of the child that is not `part`, bit for bit, as all sums are exact. */
export function subtractHistogram(target: Histogram, part: Histogram): void {
  for (let index = 0; index < target.length; index++) target[index] = (target[index] ?? 0) - (part[index] ?? 0);
}
