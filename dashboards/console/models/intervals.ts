import type { ModelVersionView } from '#core';

export type Difference = NonNullable<NonNullable<ModelVersionView['gate']>['difference']>;

const PADDING_SHARE = 0.15;

/** A span of differences that holds all intervals and 0, with air on both sides. */
export function forestDomain(differences: readonly (Difference | null)[]): readonly [number, number] {
  const known = differences.filter((difference) => difference !== null);
  const low = Math.min(0, ...known.map((difference) => difference.low));
  const high = Math.max(0, ...known.map((difference) => difference.high));
  const pad = Math.max((high - low) * PADDING_SHARE, 0.001);
  return [low - pad, high + pad];
}

/** Whether all of an interval is on one side of 0. */
export function sideOf({ low, high }: Pick<Difference, 'low' | 'high'>): 'better' | 'worse' | 'either' {
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'either';
}

const DIGITS = 4;

/** −0.0181: differences of log loss want four digits. */
export function formatLoss(value: number): string {
  const shown = Math.abs(value).toFixed(DIGITS);
  return value < 0 ? `−${shown}` : `+${shown}`;
}

const SIDE_WORDS = {
  better: 'all of it below 0: the candidate is better beyond chance',
  worse: 'all of it above 0: the candidate is worse beyond chance',
  either: 'it reaches over 0: the difference may be chance',
} as const;

export function intervalWords(difference: Difference): string {
  const { mean, low, high, confidence } = difference;
  return `${formatLoss(mean)}, ${Math.round(100 * confidence)} % interval ${formatLoss(low)} to ${formatLoss(high)}; ${SIDE_WORDS[sideOf(difference)]}`;
}
