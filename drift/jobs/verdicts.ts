import type { DriftAlarm, DriftMethod } from '#core';
import { benjaminiHochberg } from '../statistics/multiple-testing.ts';
import type { DriftLimits } from './job-spec.ts';
import type { MeasuredValue, Measurement } from './measurement.ts';

/** A measurement, judged. */
export interface Verdict {
  readonly measurement: Measurement;
  readonly isBreach: boolean;
  /** With this one; where it is not computable, those before it. */
  readonly windowsInARow: number;
  readonly isAlarm: boolean;
}

/** Methods whose p-values stand for a whole window: each is adjusted for the columns that it tested. */
const FAMILIES: readonly DriftMethod[] = ['psi', 'ks', 'null_rate', 'new_category'];

function isOver({ value, referenceValue, threshold }: MeasuredValue): boolean {
  return threshold !== null && value - (referenceValue ?? 0) >= threshold;
}

/** p-values that count: adjusted within a family, as they are elsewhere. */
function adjustedPValues(measurements: readonly Measurement[]): ReadonlyMap<Measurement, number> {
  const adjusted = new Map<Measurement, number>();
  for (const method of new Set(measurements.map((measurement) => measurement.method))) {
    const family = measurements.flatMap((measurement) =>
      measurement.method === method && measurement.result.status === 'ok' && measurement.result.pValue !== null
        ? [{ measurement, pValue: measurement.result.pValue }]
        : [],
    );
    const pValues = family.map(({ pValue }) => pValue);
    const counted = FAMILIES.includes(method) ? benjaminiHochberg(pValues) : pValues;
    for (const [i, { measurement }] of family.entries()) adjusted.set(measurement, counted[i] ?? 1);
  }
  return adjusted;
}

/** How a target and method are named in what a job carries from window to window. */
export function breachKey({ target, method }: { readonly target: string; readonly method: DriftMethod }): string {
  return `${target} ${method}`;
}

/**
 * Judges a window's measurements. A breach is over its limit and significant. `consecutive` of them in a row, one in each window, make
 * an alarm; a window without a breach ends the row, one that is not computable neither adds to it nor ends it.
 */
export function judge(
  measurements: readonly Measurement[],
  limits: Pick<DriftLimits, 'consecutive' | 'significance'>,
  breaches: Readonly<Record<string, number>>,
): readonly Verdict[] {
  const adjusted = adjustedPValues(measurements);
  return measurements.map((measurement) => {
    const before = breaches[breachKey(measurement)] ?? 0;
    if (measurement.result.status !== 'ok') return { measurement, isBreach: false, windowsInARow: before, isAlarm: false };
    const isBreach = isOver(measurement.result) && (adjusted.get(measurement) ?? 1) <= limits.significance;
    const windowsInARow = isBreach ? before + 1 : 0;
    return { measurement, isBreach, windowsInARow, isAlarm: windowsInARow >= limits.consecutive };
  });
}

/** The counters that the next window goes on from; targets that this window did not have keep theirs. */
export function nextBreaches(
  verdicts: readonly Verdict[],
  before: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const counters = new Map(Object.entries(before));
  for (const { measurement, windowsInARow } of verdicts) counters.set(breachKey(measurement), windowsInARow);
  const kept = [...counters].filter(([, windows]) => windows > 0);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The alarm that a verdict is; undefined where it is none. */
export function findAlarm({ measurement, windowsInARow, isAlarm }: Verdict): DriftAlarm | undefined {
  const { target, method, result, targetKind } = measurement;
  if (!isAlarm || result.status !== 'ok' || result.threshold === null) return undefined;
  const row = windowsInARow === 1 ? '' : `, ${windowsInARow} windows in a row`;
  const subject = targetKind === 'outcome' ? 'Realised quality' : target;
  return {
    target,
    method,
    value: result.value,
    threshold: result.threshold,
    windowsInARow,
    summary: `${subject}: ${result.finding}${row}.`,
  };
}
