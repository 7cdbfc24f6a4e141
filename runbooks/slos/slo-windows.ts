import { parseDuration } from '#core';
import type { SloFile } from '../config.ts';
import { literal, SETTLE_MS, scaledMs, within } from '../sql-text.ts';
import { type BurnRateRow, burnFactor } from './burn-rates.ts';
import type { Sli, SliQuestion } from './sli.ts';
import { rowsOf } from './slo-limits.ts';

const FLOORS = { longMs: 10_000, shortMs: 3000 } as const;
const DEFAULT_MINIMUM_EVENTS = 20;

/** A row of burn rates as it is evaluated. */
export interface SloWindow {
  readonly severity: BurnRateRow['severity'];
  /** Scaled, ms. */
  readonly longMs: number;
  readonly shortMs: number;
  /** Of the period as it is written: scale changes no factor. */
  readonly factor: number;
  /** Fewer events than this in a window, and the row does not fire. */
  readonly longMinimum: number;
  readonly shortMinimum: number;
}

/** The rows that an SLO is watched by, in the order of the table. */
export function sloWindows(
  sli: Sli,
  { period, minimumEvents = DEFAULT_MINIMUM_EVENTS }: SloFile,
  scale: number,
): readonly SloWindow[] {
  const periodMs = parseDuration(period);
  return rowsOf(sli.name).map((row) => ({
    severity: row.severity,
    longMs: scaledMs(row.longMs, scale, FLOORS.longMs),
    shortMs: scaledMs(row.shortMs, scale, FLOORS.shortMs),
    factor: burnFactor(row, periodMs),
    longMinimum: minimumEvents,
    shortMinimum: Math.ceil((minimumEvents * row.shortMs) / row.longMs),
  }));
}

/**
 * A statement of one row: for each window the burn rates `long_0`, `short_0`, `long_1` …: the share of bad events over the budget's share;
 * NULL where there are fewer events than the minimum.
 */
export function burnStatement(sli: Sli, question: Omit<SliQuestion, 'window'>, windows: readonly SloWindow[]): string {
  const budget = literal(1 - question.slo.objective);
  const columns = windows.flatMap(({ longMs, shortMs, longMinimum, shortMinimum }, index) => [
    { name: `long_${index}`, ms: longMs, minimum: longMinimum },
    { name: `short_${index}`, ms: shortMs, minimum: shortMinimum },
  ]);
  const sums = columns.map(({ name, ms }) => {
    const isIn = within('at', { fromMs: ms + SETTLE_MS, toMs: SETTLE_MS });
    return `sumIf(bad, ${isIn}) AS ${name}_bad, sumIf(total, ${isIn}) AS ${name}_total`;
  });
  const rates = columns.map(
    ({ name, minimum }) =>
      `if(${name}_total >= ${literal(Math.max(1, minimum))}, ${name}_bad / ${name}_total / ${budget}, NULL) AS ${name}`,
  );
  const widest = Math.max(...columns.map(({ ms }) => ms));
  const events = sli.events({ ...question, window: { fromMs: widest + SETTLE_MS, toMs: SETTLE_MS } });
  return `SELECT ${rates.join(',\n  ')}\nFROM (SELECT ${sums.join(',\n  ')}\nFROM (${events}))`;
}
