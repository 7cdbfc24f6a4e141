import type { DriftAnswer } from '#core';
import { LINE, midnight } from './line-of-models.ts';
import { fraction } from './parts.ts';

/** The weeks of the canned drift job. */

export const JOB = 'repurchase-weekly';
export const WINDOWS = 45;
const WEEK_DAYS = 7;
const FIRST_END = '2011-01-31';

export const weekEnd = (index: number): string => midnight(FIRST_END, index * WEEK_DAYS);

/** The version that decides at a time. */
function liveAt(time: string) {
  const found = LINE.find(({ live }) => live.some(({ from, to }) => from < time && (to === undefined || time <= to)));
  return found ?? LINE[0] ?? expectNone();
}

function expectNone(): never {
  throw new Error('the line of models is empty');
}

export function windowAt(index: number): DriftAnswer['windows'][number] {
  const to = weekEnd(index);
  const { version, trained } = liveAt(to);
  return {
    from: weekEnd(index - 1),
    to,
    version,
    reference: { from: trained.from, to: trained.to },
    decisions: 240 + Math.round(320 * fraction(`decisions ${index}`)),
  };
}

export const windowOf = (index: number) => ({ from: weekEnd(index - 1), to: weekEnd(index) });
