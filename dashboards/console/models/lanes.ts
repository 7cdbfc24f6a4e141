import type { ModelAnswer, ModelVersionView } from '#core';
import { newestTime, oldestTime } from './line-facts.ts';

/** A span of event time, epoch ms. */
export interface Axis {
  readonly fromMs: number;
  readonly toMs: number;
}

/** live: it decided · trial: it scored in shadow as a candidate · baseline: the first model goes on scoring, decides nothing. */
export interface Bar {
  readonly kind: 'live' | 'trial' | 'baseline';
  readonly left: number;
  readonly width: number;
  /** It goes on. */
  readonly isOpen: boolean;
}

export interface Mark {
  readonly kind: 'promoted' | 'refused' | 'rolled_back';
  readonly left: number;
  readonly at: string;
}

export interface Lane {
  readonly version: ModelVersionView;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
}

const WEEK_MS = 604_800_000;

/** From the month in which the line begins to what the event clock says; never empty. */
export function axisOf(answer: Pick<ModelAnswer, 'versions' | 'trainings'>, now: string | undefined): Axis {
  const oldest = Date.parse(oldestTime(answer) ?? now ?? '1970-01-01T00:00:00Z');
  const newest = Date.parse(newestTime(answer) ?? now ?? '1970-01-01T00:00:00Z');
  const end = Math.max(newest, now === undefined ? newest : Date.parse(now));
  return { fromMs: oldest - WEEK_MS / 2, toMs: Math.max(end, oldest + WEEK_MS) };
}

/** Where a time stands on an axis, in percent, held within it. */
export function percentOf({ fromMs, toMs }: Axis, time: string | number): number {
  const ms = typeof time === 'number' ? time : Date.parse(time);
  return (100 * (Math.min(Math.max(ms, fromMs), toMs) - fromMs)) / (toMs - fromMs);
}

export function laneOf(version: ModelVersionView, axis: Axis): Lane {
  const { live, shadow, isBaseline } = version;
  const bar = (kind: Bar['kind'], { from, to }: { readonly from: string; readonly to: string | null }): Bar => {
    const left = percentOf(axis, from);
    return { kind, left, width: percentOf(axis, to ?? axis.toMs) - left, isOpen: to === null };
  };
  const shadowBar = shadow === null ? [] : [bar(isBaseline ? 'baseline' : 'trial', shadow)];
  return { version, bars: [...shadowBar, ...live.map((span) => bar('live', span))], marks: marksOf(version, axis) };
}

function marksOf({ live, shadow, status }: ModelVersionView, axis: Axis): readonly Mark[] {
  const mark = (kind: Mark['kind'], at: string): Mark => ({ kind, left: percentOf(axis, at), at });
  const promoted = live.map(({ from }) => mark('promoted', from));
  const last = live.at(-1)?.to ?? undefined;
  const end = shadow?.to ?? undefined;
  return [
    ...promoted,
    ...(status === 'rolled_back' && last !== undefined ? [mark('rolled_back', last)] : []),
    ...(status === 'refused' && end !== undefined ? [mark('refused', end)] : []),
  ];
}

export interface Reign {
  readonly version: number;
  readonly from: string;
  readonly to: string | null;
  readonly left: number;
  readonly width: number;
}

/** Who decided when, oldest first. */
export function reignsOf(versions: readonly ModelVersionView[], axis: Axis): readonly Reign[] {
  return versions
    .flatMap(({ version, live }) => live.map(({ from, to }) => ({ version, from, to })))
    .toSorted((left, right) => left.from.localeCompare(right.from))
    .map((reign) => {
      const left = percentOf(axis, reign.from);
      return { ...reign, left, width: percentOf(axis, reign.to ?? axis.toMs) - left };
    });
}
