import type { EpochMs } from '#core';

/** What a rule says of one of its series in one round. */
export interface Sample {
  readonly fingerprint: string;
  /** With alertname. */
  readonly labels: Readonly<Record<string, string>>;
  /** null where there is none: no data. */
  readonly value: number | null;
  /** Over the threshold; or, where no data is the failure, that there is none. */
  readonly isOver: boolean;
}

/** A series that is or was over its threshold; one that is not has no state. */
export interface SeriesState {
  readonly fingerprint: string;
  readonly phase: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
  /** The last one over the threshold. */
  readonly value: number | null;
  /** When it began to be over: the alert's start. */
  readonly sinceMs: EpochMs;
  /** The last round in which it was over. */
  readonly overMs: EpochMs;
  /** The first round since then in which it was not; null while it is over. */
  readonly clearMs: EpochMs | null;
}

export interface Transition {
  readonly state: 'firing' | 'resolved';
  readonly series: SeriesState;
}

/** Durations of a rule, ms. */
export interface Patience {
  /** How long a series is over before it fires. */
  readonly forMs: number;
  /** How long it is not over any more before it is resolved. */
  readonly keepMs: number;
  /** A pending series that was not looked at for longer than this begins anew: nobody knows what it was meanwhile. */
  readonly gapMs: number;
}

export interface Round {
  readonly nowMs: EpochMs;
  readonly samples: readonly Sample[];
  readonly patience: Patience;
}

export interface Step {
  readonly states: ReadonlyMap<string, SeriesState>;
  /** In the order of their start. */
  readonly transitions: readonly Transition[];
}

/** What a round makes of a rule's series, by fingerprint. Does no I/O, and depends on nothing but what it is given. */
export function stepSeries(states: ReadonlyMap<string, SeriesState>, { nowMs, samples, patience }: Round): Step {
  const over = new Map(samples.filter(({ isOver }) => isOver).map((sample) => [sample.fingerprint, sample]));
  const next = new Map<string, SeriesState>();
  const transitions: Transition[] = [];
  for (const fingerprint of new Set([...states.keys(), ...over.keys()])) {
    const before = states.get(fingerprint);
    const sample = over.get(fingerprint);
    const after = sample === undefined ? cleared(before, nowMs) : raised(before, sample, { nowMs, patience });
    if (after === undefined) continue;
    if (after.clearMs !== null && nowMs - after.clearMs >= patience.keepMs) {
      transitions.push({ state: 'resolved', series: after });
      continue;
    }
    if (after.phase === 'firing' && before?.phase !== 'firing') transitions.push({ state: 'firing', series: after });
    next.set(fingerprint, after);
  }
  return { states: next, transitions: transitions.sort((a, b) => a.series.sinceMs - b.series.sinceMs) };
}

/** A pending series that is not over is forgotten; one that fires goes on for a while. */
function cleared(before: SeriesState | undefined, nowMs: EpochMs): SeriesState | undefined {
  if (before?.phase !== 'firing') return undefined;
  return { ...before, clearMs: before.clearMs ?? nowMs };
}

function raised(
  before: SeriesState | undefined,
  { fingerprint, labels, value }: Sample,
  { nowMs, patience }: Pick<Round, 'nowMs' | 'patience'>,
): SeriesState {
  const isKnown = before !== undefined && (before.phase === 'firing' || nowMs - before.overMs <= patience.gapMs);
  const sinceMs = isKnown ? before.sinceMs : nowMs;
  const fires = before?.phase === 'firing' || nowMs - sinceMs >= patience.forMs;
  return { fingerprint, labels, value, sinceMs, overMs: nowMs, clearMs: null, phase: fires ? 'firing' : 'pending' };
}

/** Whether a state has to be written down again: a value that moves on while the alert fires does not change what follows. */
export function isSameState(a: SeriesState | undefined, b: SeriesState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const isSame = a.phase === b.phase && a.sinceMs === b.sinceMs && a.clearMs === b.clearMs;
  return isSame && (a.phase === 'firing' || a.overMs === b.overMs);
}
