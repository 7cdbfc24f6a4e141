import type { SloView } from '#core';

export interface HistoryBar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isOver: boolean;
}

interface Box {
  readonly width: number;
  readonly height: number;
}

/** The level of what is allowed never stands higher than this share of the box: what is over it has room. */
const ALLOWED_AT_MOST = 0.75;
const GAP_SHARE = 0.25;
const LEAST_HEIGHT = 1;

/** A bar a step; without events there is none. */
export function historyBars(
  { history, objective }: Pick<SloView, 'history' | 'objective'>,
  { width, height }: Box,
): { readonly bars: readonly HistoryBar[]; readonly allowedY: number; readonly worst: number } {
  const allowed = 1 - objective;
  const worst = Math.max(0, ...history.map(({ badShare }) => badShare ?? 0));
  const top = Math.max(worst, allowed / ALLOWED_AT_MOST) || 1;
  const step = width / Math.max(history.length, 1);
  const bars = history.flatMap(({ badShare }, index): HistoryBar[] => {
    if (badShare === null) return [];
    const tall = Math.max((height * badShare) / top, badShare === 0 ? 0 : LEAST_HEIGHT);
    return [{ x: index * step, y: height - tall, width: step * (1 - GAP_SHARE), height: tall, isOver: badShare > allowed }];
  });
  return { bars, allowedY: height - (height * allowed) / top, worst };
}
