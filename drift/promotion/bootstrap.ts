import { createRandom } from '#core';

/** A mean with a percentile interval around it. */
export interface BootstrapInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Share of the resampled means inside the interval, such as 0.95. */
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Percentile interval of the mean of paired differences: rows are drawn with replacement, both sides of a row together. The same
 * values in the same order under the same seed give the same interval. At least one value. Source: Efron & Tibshirani 1993, ch. 13.
 */
export function pairedBootstrap(differences: Float64Array, options: BootstrapOptions): BootstrapInterval {
  const { confidence, resamples, seed } = options;
  const random = createRandom(seed);
  const rows = differences.length;
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let draw = 0; draw < rows; draw++) sum += differences[Math.floor(random() * rows)] ?? 0;
    means[sample] = sum / rows;
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  return {
    mean: differences.reduce((sum, value) => sum + value, 0) / rows,
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
  };
}

/** Linear interpolation between the neighbouring order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
