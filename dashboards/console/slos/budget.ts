import type { SloView } from '#core';
import { formatPeriod } from '../words/durations.ts';
import { formatShare } from '../words/numbers.ts';

/** Below this share of the budget its figure is drawn as a warning. */
const LITTLE_LEFT = 0.1;

/** What is left of an error budget, as a figure and what it means. */
export function budgetWords(budgetLeft: number | null): {
  readonly figure: string;
  readonly sentence: string;
  readonly isBad: boolean;
} {
  if (budgetLeft === null) return { figure: '–', sentence: 'no event counts yet', isBad: false };
  if (budgetLeft < 0)
    return { figure: formatShare(-budgetLeft, 1), sentence: 'over the error budget: all of it is spent', isBad: true };
  return { figure: formatShare(budgetLeft, 1), sentence: 'of the error budget left', isBad: budgetLeft < LITTLE_LEFT };
}

/** 0.999 → 99.9 %, with as many digits as it has. */
export function percentOf(share: number): string {
  return `${Number((100 * share).toFixed(4))}\u202f%`;
}

export function objectiveWords({ objective, periodSeconds }: Pick<SloView, 'objective' | 'periodSeconds'>): string {
  return `promised ${percentOf(objective)} over ${formatPeriod(periodSeconds)}`;
}

/** 14.4×; with one digit below ten, none from a hundred on. */
export function burnFigure(rate: number | null): string {
  if (rate === null) return '–';
  return `${rate >= 100 ? Math.round(rate) : Number(rate.toFixed(rate >= 10 ? 1 : 2))}×`;
}
