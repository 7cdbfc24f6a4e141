import type { Split, SplitLimits, Sums } from '../../drift/retraining/boosting/split.ts';
import type { FeatureMatrix } from '../../drift/retraining/preprocessing.ts';

/** Rows with their derivatives, as a search over raw values sees them. */
export interface DerivedRows {
  readonly matrix: FeatureMatrix;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/** A way to part rows that the definition of a split allows; `threshold` parts all values from missing ones where it is infinite. */
export interface NaiveSplit {
  readonly column: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: readonly number[];
}

function sumsOf({ gradients, hessians }: DerivedRows, rows: readonly number[]): Sums {
  return {
    gradient: rows.reduce((sum, row) => sum + (gradients[row] ?? 0), 0),
    hessian: rows.reduce((sum, row) => sum + (hessians[row] ?? 0), 0),
    count: rows.length,
  };
}

const scoreOf = ({ gradient, hessian }: Sums, l2: number): number => gradient ** 2 / (hessian + l2);

/** Every allowed split of some rows at every value of every column, by going through the rows each time. */
export function naiveSplits(derived: DerivedRows, rows: readonly number[], limits: SplitLimits): readonly NaiveSplit[] {
  const { values, columnCount } = derived.matrix;
  const isAllowed = ({ count, hessian }: Sums) => count >= limits.minimumLeafRows && hessian >= limits.minimumLeafHessian;
  const parent = sumsOf(derived, rows);
  return Array.from({ length: columnCount }, (_, column) => {
    const valueOf = (row: number) => values[row * columnCount + column] ?? Number.NaN;
    const thresholds = new Set(rows.map(valueOf).filter((value) => !Number.isNaN(value)));
    return [false, true].flatMap((missingLeft) =>
      [...thresholds].flatMap((threshold): NaiveSplit[] => {
        const goesLeft = (value: number) => (Number.isNaN(value) ? missingLeft : value <= threshold);
        const left = rows.filter((row) => goesLeft(valueOf(row)));
        const sums = sumsOf(derived, left);
        const rest = sumsOf(
          derived,
          rows.filter((row) => !goesLeft(valueOf(row))),
        );
        if (!isAllowed(sums) || !isAllowed(rest)) return [];
        const gain = scoreOf(sums, limits.l2) + scoreOf(rest, limits.l2) - scoreOf(parent, limits.l2);
        return gain > 0 ? [{ column, threshold, missingLeft, gain, left }] : [];
      }),
    );
  }).flat();
}

/** The highest gain of all; 0 where no split is allowed. */
export function bestGain(splits: readonly (NaiveSplit | Split)[]): number {
  return splits.reduce((best, { gain }) => Math.max(best, gain), 0);
}
