/** Why two samples were not compared: one of them is empty, or the reference has one value only. */
export type ComparisonReason = 'no_rows' | 'no_reference_rows' | 'constant';

/** How far a window is from its reference, or the reason why that has no value; never NaN. */
export type Comparison =
  | {
      readonly status: 'ok';
      readonly value: number;
      /** Chance of a value at least as large where nothing changed, 0 to 1; null where the definition has none. */
      readonly pValue: number | null;
    }
  | { readonly status: 'not_computable'; readonly reason: ComparisonReason };

/** A reference and a window's values, in any order; null, NaN and infinities stand for missing values. */
export interface TwoSamples {
  readonly reference: ArrayLike<number | null>;
  readonly current: ArrayLike<number | null>;
}

/** A compared value. */
export function compared(value: number, pValue: number | null = null): Comparison {
  return { status: 'ok', value, pValue };
}

/** A comparison without a value. */
export function notCompared(reason: ComparisonReason): Comparison {
  return { status: 'not_computable', reason };
}

/** Finite values in ascending order: nulls, NaN and infinities are dropped, as Evidently 0.7 does for a column. */
export function cleaned(values: ArrayLike<number | null>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    // Adding zero makes −0 of a column the same value as 0.
    if (typeof value === 'number' && Number.isFinite(value)) kept[count++] = value + 0;
  }
  return kept.subarray(0, count).sort();
}

/** Which of two sample sizes forbids a comparison, if one does. */
export function emptySide(sizes: { readonly reference: number; readonly current: number }): ComparisonReason | undefined {
  if (sizes.reference === 0) return 'no_reference_rows';
  return sizes.current === 0 ? 'no_rows' : undefined;
}
