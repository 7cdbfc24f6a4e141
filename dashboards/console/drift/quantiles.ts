import type { FindingView } from '#core';

type Quantiles = Pick<FindingView['before'], 'p05' | 'p50' | 'p95'>;

/** Where the quantiles stand, in percent. */
export interface Span {
  readonly left: number;
  readonly middle: number;
  readonly right: number;
}

const MARGIN_PERCENT = 3;

/** Quantiles of two windows on one scale: of their magnitude by factors where all are above 0, else evenly. */
export function logSpan(before: Quantiles, after: Quantiles): readonly [Span, Span] {
  const all = [before, after].flatMap(({ p05, p50, p95 }) => [p05, p50, p95]);
  const isPositive = all.every((value) => value > 0);
  const scaled = (value: number): number => (isPositive ? Math.log(value) : value);
  const low = Math.min(...all.map((value) => scaled(value)));
  const extent = Math.max(...all.map((value) => scaled(value))) - low;
  const at = (value: number): number => {
    const share = extent === 0 ? 0.5 : (scaled(value) - low) / extent;
    return MARGIN_PERCENT + share * (100 - 2 * MARGIN_PERCENT);
  };
  const spanOf = ({ p05, p50, p95 }: Quantiles): Span => ({ left: at(p05), middle: at(p50), right: at(p95) });
  return [spanOf(before), spanOf(after)];
}
