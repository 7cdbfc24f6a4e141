import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSameState,
  type Patience,
  type Sample,
  type SeriesState,
  stepSeries,
  type Transition,
} from '../../../runbooks/evaluation/series-state.ts';

const EVERY_MS = 10;
const NAMES = ['a', 'b', 'c'] as const;

/** A round of three series: which of them have a row, and which of these are over. */
interface Told {
  readonly gapMs: number;
  readonly over: readonly (boolean | undefined)[];
}

const sampleOf = (fingerprint: string, isOver: boolean, value = isOver ? 2 : 0): Sample => ({
  fingerprint,
  labels: { alertname: 'Made', series: fingerprint },
  value,
  isOver,
});

const samplesOf = ({ over }: Told): readonly Sample[] =>
  NAMES.flatMap((name, index) => {
    const isOver = over[index];
    return isOver === undefined ? [] : [sampleOf(name, isOver)];
  });

const rounds = fc.array(
  fc.record({
    gapMs: fc.oneof({ weight: 8, arbitrary: fc.constant(EVERY_MS) }, fc.integer({ min: 1, max: 90 })),
    over: fc.tuple(...NAMES.map(() => fc.oneof({ weight: 4, arbitrary: fc.boolean() }, fc.constant(undefined)))),
  }),
  { maxLength: 60 },
);
const patiences = fc
  .record({ forMs: fc.constantFrom(0, 10, 15, 30), keep: fc.constantFrom(20, 30) })
  .map(({ forMs, keep }): Patience => ({ forMs, keepMs: Math.max(forMs, keep), gapMs: Math.max(forMs, 40) }));

interface Happened extends Transition {
  readonly atMs: number;
}

interface Written {
  readonly key: string;
  readonly json: string | undefined;
}

/** Plays rounds; `restart` says after which rounds only what was written down is left. */
function play(told: readonly Told[], patience: Patience, restart: (round: number) => boolean): readonly Happened[] {
  const disk = new Map<string, string>();
  let states: ReadonlyMap<string, SeriesState> = new Map();
  const happened: Happened[] = [];
  let nowMs = 1000;
  for (const [index, round] of told.entries()) {
    nowMs += round.gapMs;
    const step = stepSeries(states, { nowMs, samples: samplesOf(round), patience });
    happened.push(...step.transitions.map((transition) => ({ ...transition, atMs: nowMs })));
    for (const { key, json } of writtenOf(states, step.states)) {
      if (json === undefined) disk.delete(key);
      else disk.set(key, json);
    }
    states = restart(index) ? new Map([...disk].map(([key, json]) => [key, JSON.parse(json) as SeriesState])) : step.states;
  }
  return happened;
}

function writtenOf(before: ReadonlyMap<string, SeriesState>, after: ReadonlyMap<string, SeriesState>): readonly Written[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !isSameState(before.get(key), after.get(key)))
    .map((key) => ({ key, json: after.has(key) ? JSON.stringify(after.get(key)) : undefined }));
}

const lasting = ({ atMs, state, series: { fingerprint, sinceMs, clearMs } }: Happened) => ({
  atMs,
  state,
  fingerprint,
  sinceMs,
  clearMs,
});

describe('the state of a series', () => {
  it('goes from firing to resolved and back, each resolved with the start that fired', () => {
    fc.assert(
      fc.property(rounds, patiences, (told, patience) => {
        const open = new Map<string, Happened>();
        for (const one of play(told, patience, () => false)) {
          const { fingerprint, sinceMs } = one.series;
          const before = open.get(fingerprint);
          if (one.state === 'firing') {
            expect(before).toBeUndefined();
            expect(one.atMs - sinceMs).toBeGreaterThanOrEqual(patience.forMs);
            open.set(fingerprint, one);
          } else {
            expect(before?.series.sinceMs).toBe(sinceMs);
            expect(one.atMs - (one.series.clearMs ?? one.atMs)).toBeGreaterThanOrEqual(patience.keepMs);
            open.delete(fingerprint);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fires exactly where a plain reading of the history says so', () => {
    fc.assert(
      fc.property(rounds, patiences, (told, patience) => {
        const expected = NAMES.flatMap((_, index) => firingsOf(told, index, patience));
        const found = play(told, patience, () => false).filter(({ state }) => state === 'firing');
        const text = (atMs: number, sinceMs: number, name: string): string => `${name} ${sinceMs} ${atMs}`;
        expect(found.map(({ atMs, series }) => text(atMs, series.sinceMs, series.fingerprint)).sort()).toEqual(
          expected.map(({ atMs, sinceMs, name }) => text(atMs, sinceMs, name)).sort(),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('makes the same transitions whenever it is restarted from what was written down', () => {
    fc.assert(
      fc.property(rounds, patiences, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (told, patience, restarts) => {
        const undisturbed = play(told, patience, () => false).map(lasting);
        expect(play(told, patience, (round) => restarts[round] === true).map(lasting)).toEqual(undisturbed);
      }),
      { numRuns: 300 },
    );
  });

  it('begins anew where nobody looked for too long while it was pending, and keeps its start where it fires', () => {
    const patience: Patience = { forMs: 30, keepMs: 30, gapMs: 40 };
    const over = { over: [true, undefined, undefined] };
    const pending = play(
      [
        { ...over, gapMs: 10 },
        { ...over, gapMs: 41 },
        { ...over, gapMs: 29 },
      ],
      patience,
      () => true,
    );
    expect(pending).toEqual([]);
    const fired = play(
      [
        { ...over, gapMs: 10 },
        { ...over, gapMs: 30 },
        { ...over, gapMs: 5000 },
        { gapMs: 5000, over: [undefined, undefined, undefined] },
        { gapMs: 30, over: [false, undefined, undefined] },
      ],
      patience,
      () => true,
    );
    expect(fired.map(lasting)).toEqual([
      { state: 'firing', fingerprint: 'a', atMs: 1040, sinceMs: 1010, clearMs: null },
      { state: 'resolved', fingerprint: 'a', atMs: 11_070, sinceMs: 1010, clearMs: 11_040 },
    ]);
  });
});

interface Moment {
  readonly atMs: number;
  readonly isOver: boolean;
}

/**
 * Firings of one series, read from its history without a machine: of each moment at which it is over, the run that it belongs to goes
 * back to the last moment that ended one, and it fires once in it.
 */
function firingsOf(told: readonly Told[], index: number, patience: Patience) {
  let nowMs = 1000;
  const moments = told.map(({ gapMs, over }): Moment => {
    nowMs += gapMs;
    return { atMs: nowMs, isOver: over[index] === true };
  });
  const firings: { readonly name: string; readonly sinceMs: number; readonly atMs: number }[] = [];
  let from = 0;
  while (from < moments.length) {
    const [atMs, sinceMs, at] = firstFiring(moments, from, patience);
    if (at === undefined) break;
    firings.push({ name: NAMES[index] ?? '', sinceMs, atMs });
    from = firstResolved(moments, at, patience) + 1;
  }
  return firings;
}

/** When a series that is down fires next: time, start, place. */
function firstFiring(moments: readonly Moment[], from: number, { forMs, gapMs }: Patience): readonly [number, number, number?] {
  let sinceMs: number | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const [at, { atMs, isOver }] of [...moments.entries()].slice(from)) {
    if (atMs - lastMs > gapMs) sinceMs = undefined;
    lastMs = atMs;
    sinceMs = isOver ? (sinceMs ?? atMs) : undefined;
    if (sinceMs !== undefined && atMs - sinceMs >= forMs) return [atMs, sinceMs, at];
  }
  return [0, 0];
}

/** The place at which one that fires is resolved; the end where it is not. */
function firstResolved(moments: readonly Moment[], from: number, { keepMs }: Patience): number {
  let clearMs: number | undefined;
  for (const [at, { atMs, isOver }] of moments.entries()) {
    if (at <= from) continue;
    clearMs = isOver ? undefined : (clearMs ?? atMs);
    if (clearMs !== undefined && atMs - clearMs >= keepMs) return at;
  }
  return moments.length;
}
