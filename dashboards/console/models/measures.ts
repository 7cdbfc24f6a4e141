import type { LineMonth } from '#core';

/** What the line of models is told by. */
export const MEASURES = [
  { key: 'auc', name: 'AUC', isHigherBetter: true, note: 'higher is better; 0.5 is chance' },
  { key: 'logLoss', name: 'log loss', isHigherBetter: false, note: 'lower is better' },
  { key: 'accuracy', name: 'accuracy', isHigherBetter: true, note: 'higher is better' },
] as const;
export type Measure = (typeof MEASURES)[number];

export interface Comparison {
  readonly governed: number | null;
  readonly frozen: number | null;
  /** Governed less frozen; null where one is missing. */
  readonly difference: number | null;
  /** Of the governed line; same where the difference does not show in three digits. */
  readonly verdict: 'better' | 'worse' | 'same' | 'unknown';
}

const SHOWN = 0.0005;

/** The governed line against the frozen first model in one measure. */
export function compared(month: Pick<LineMonth, 'governed' | 'frozen'>, { key, isHigherBetter }: Measure): Comparison {
  const governed = month.governed[key];
  const frozen = month.frozen[key];
  const difference = governed === null || frozen === null ? null : governed - frozen;
  return { governed, frozen, difference, verdict: verdictOf(difference, isHigherBetter) };
}

function verdictOf(difference: number | null, isHigherBetter: boolean): Comparison['verdict'] {
  if (difference === null) return 'unknown';
  if (Math.abs(difference) < SHOWN) return 'same';
  return difference > 0 === isHigherBetter ? 'better' : 'worse';
}
