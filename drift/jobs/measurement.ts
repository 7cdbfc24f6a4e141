import type { DriftDistribution, DriftMethod, DriftResultRecord, EventWindow } from '#core';
import type { ComparisonReason } from '../statistics/comparison.ts';

/** Why a target has no value in a window: also as they stand in the rows. */
export type MeasurementReason =
  | ComparisonReason
  | 'too_few_rows'
  | 'too_few_reference_rows'
  /** The window overlaps the time whose scores are the reference. */
  | 'reference_building'
  | 'too_few_outcomes'
  | 'one_class';

/** A computed value, and what it is held against. */
export interface MeasuredValue {
  readonly status: 'ok';
  readonly value: number;
  readonly referenceValue: number | null;
  readonly pValue: number | null;
  /** Reported only, where null. */
  readonly threshold: number | null;
  /** What was found, in words and figures, without the target. */
  readonly finding: string;
  readonly distribution?: DriftDistribution;
}

/** One target by one method in a window, before it is judged. */
export interface Measurement {
  readonly targetKind: DriftResultRecord['targetKind'];
  readonly target: string;
  readonly method: DriftMethod;
  readonly rows: number;
  readonly referenceRows: number;
  /** Event time of the reference, and of the rows that were measured. */
  readonly reference: EventWindow;
  readonly measured: EventWindow;
  readonly result: MeasuredValue | { readonly status: 'not_computable'; readonly reason: MeasurementReason };
}
