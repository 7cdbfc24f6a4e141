import type { ModelInput } from '../../drift/retraining/preprocessing.ts';
import type { TrainingRows } from '../../drift/retraining/training-rows.ts';

/** mulberry32: the same numbers in [0, 1) for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const again = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((again ^ (again >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface SyntheticOptions {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly seed: number;
  /** Share of values that are missing. */
  readonly missing?: number;
}

/** Rows whose columns have scales and offsets of their own, and labels drawn from a logistic model of them. */
export function syntheticRows({ rowCount, columnCount, seed, missing = 0 }: SyntheticOptions): TrainingRows {
  const random = seededRandom(seed);
  const weights = Array.from({ length: columnCount }, () => gaussian(random));
  const scales = Array.from({ length: columnCount }, () => 10 ** (4 * random() - 2));
  const values = new Float32Array(rowCount * columnCount);
  const labels = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let z = -0.3;
    for (const [column, scale] of scales.entries()) {
      const standard = gaussian(random);
      z += ((weights[column] ?? 0) * standard) / Math.sqrt(columnCount);
      values[row * columnCount + column] = random() < missing ? Number.NaN : scale * (standard + 1);
    }
    labels[row] = Number(random() < 1 / (1 + Math.exp(-z)));
  }
  return { matrix: { values, rowCount, columnCount }, labels };
}

/** Inputs f.x0, f.x1, …; every third is log-transformed if asked. */
export function syntheticInputs(columnCount: number, withLogarithms = false): readonly ModelInput[] {
  return Array.from({ length: columnCount }, (_, column) => ({
    feature: `f.x${column}`,
    transform: withLogarithms && column % 3 === 0 ? 'log1p' : 'none',
    missing: column % 2,
  }));
}
