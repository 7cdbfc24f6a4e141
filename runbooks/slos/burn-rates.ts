/**
 * When an error budget is spent too fast: multi-window, multi-burn-rate alerts. Google, "The Site Reliability Workbook" (2018),
 * chapter 5, table 5-8; the third row as in Sloth. The long window says that it matters, the short one (a twelfth) that it goes on.
 */

const HOUR_MS = 3_600_000;
/** Of the long window. */
const SHORT_SHARE = 1 / 12;

export interface BurnRateRow {
  readonly severity: 'page' | 'ticket';
  readonly longMs: number;
  readonly shortMs: number;
  /** The share of the period's budget that is spent when the long window has burnt at the factor. */
  readonly budgetShare: number;
}

function row(severity: BurnRateRow['severity'], longHours: number, budgetShare: number): BurnRateRow {
  const longMs = longHours * HOUR_MS;
  return { severity, longMs, shortMs: longMs * SHORT_SHARE, budgetShare };
}

export const BURN_RATE_ROWS: readonly BurnRateRow[] = [
  row('page', 1, 0.02),
  row('page', 6, 0.05),
  row('ticket', 24, 0.1),
  row('ticket', 72, 0.1),
];

/** How many times as fast as the period allows the budget must be spent: share × period / long. */
export function burnFactor({ budgetShare, longMs }: BurnRateRow, periodMs: number): number {
  return (budgetShare * periodMs) / longMs;
}
