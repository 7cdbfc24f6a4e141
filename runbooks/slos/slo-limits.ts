import type { SloFile } from '../config.ts';
import { BURN_RATE_ROWS, type BurnRateRow, burnFactor } from './burn-rates.ts';
import { SLI_CATALOG } from './catalog.ts';

/** The rows of burn rates that an SLI is watched by. */
export function rowsOf(sli: SloFile['sli']): readonly BurnRateRow[] {
  return BURN_RATE_ROWS.filter(({ severity }) => SLI_CATALOG[sli].severities.includes(severity));
}

/** A period is at least as long, ms. */
export function longestWindowMs(sli: SloFile['sli']): number {
  return Math.max(...rowsOf(sli).map(({ longMs }) => longMs));
}

/** Rows that can never fire: even if every event were bad, the budget would not be spent so fast. */
export function deadRows({
  sli,
  objective,
  periodMs,
}: Pick<SloFile, 'sli' | 'objective'> & { readonly periodMs: number }): readonly BurnRateRow[] {
  return rowsOf(sli).filter((row) => burnFactor(row, periodMs) * (1 - objective) >= 1);
}
