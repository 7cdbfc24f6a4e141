import type { DriftMeasure, DriftMethod } from '#core';

/** What the heat map shows: the strongest of all measures, or one of the methods. */
export const VIEWS = ['all', 'psi', 'ks', 'null_rate', 'new_category'] as const;
export type View = (typeof VIEWS)[number];

export function isView(text: string | undefined): text is View {
  return VIEWS.some((view) => view === text);
}

/** From which value on a measure is over its limit: log loss by how far it may be over what was held out, the rest by itself. */
export function limitOf({ method, threshold, referenceValue }: DriftMeasure): number | null {
  return threshold === null || method !== 'log_loss' ? threshold : (referenceValue ?? 0) + threshold;
}

/** A measure against its limit: 1 is the limit. Null where it has none, or was not computable. Log loss counts from its reference on. */
export function strengthOf({ status, value, threshold, referenceValue, method }: DriftMeasure): number | null {
  if (status !== 'ok' || value === null || threshold === null || threshold <= 0) return null;
  const from = method === 'log_loss' ? (referenceValue ?? 0) : 0;
  return Math.max(0, (value - from) / threshold);
}

/**
 * none: nothing is known · na: not computable · 0 … 3: quarters of the limit · over: beyond its limit, which alone is no breach ·
 * breach: beyond it, with enough rows and beyond chance · alarm: for as many windows in a row as the job asks for.
 */
export type Step = 'none' | 'na' | 0 | 1 | 2 | 3 | 'over' | 'breach' | 'alarm';

const QUARTERS = 4;

export interface Cell {
  readonly step: Step;
  /** The strongest of the measures that are shown; undefined where none is. */
  readonly measure: DriftMeasure | undefined;
}

function rank({ isAlarm, isBreach }: DriftMeasure): number {
  if (isAlarm) return 2;
  return isBreach ? 1 : 0;
}

/** The strongest measure of a cell by what it means (alarm, breach), then by its size against its limit. */
export function cellOf(measures: readonly DriftMeasure[] | null | undefined, view: View): Cell {
  const shown = (measures ?? []).filter(({ method }) => view === 'all' || method === view);
  const computed = shown.filter((measure) => measure.status === 'ok');
  const [strongest] = computed.toSorted(
    (left, right) => rank(right) - rank(left) || (strengthOf(right) ?? -1) - (strengthOf(left) ?? -1),
  );
  if (strongest !== undefined) return { step: stepOf(strongest), measure: strongest };
  const [missing] = shown;
  return { step: missing === undefined ? 'none' : 'na', measure: missing };
}

export function stepOf(measure: DriftMeasure): Step {
  if (measure.status !== 'ok') return 'na';
  if (measure.isAlarm) return 'alarm';
  if (measure.isBreach) return 'breach';
  const strength = strengthOf(measure);
  if (strength === null) return 'none';
  if (strength >= 1) return 'over';
  const quarter = Math.min(Math.floor(strength * QUARTERS), QUARTERS - 1);
  return ([0, 1, 2, 3] as const)[quarter] ?? 0;
}

/** The measures of one method over the windows; null where it was not computable. */
export function seriesOf(
  cells: readonly (readonly DriftMeasure[] | null)[],
  method: DriftMethod,
): readonly (DriftMeasure | null)[] {
  return cells.map((cell) => cell?.find((measure) => measure.method === method && measure.status === 'ok') ?? null);
}
