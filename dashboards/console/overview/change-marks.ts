import type { Timeline } from '#core';
import { driftHref, modelHref } from '../words/links.ts';
import { noonOf } from './quality.ts';

type Change = Timeline['changes'][number];

/** Lanes of the time line, top down. */
export const LANES = ['models', 'training', 'drift', 'fields', 'contracts'] as const;
export type LaneName = (typeof LANES)[number];

export interface ChangeKind {
  readonly lane: LaneName;
  /** In a box of 14 by 14; drawn as an outline, or filled. */
  readonly path: string;
  readonly isFilled: boolean;
  readonly tone: 'good' | 'bad' | 'warn' | 'plain';
}

const UP = 'M7 2l5.5 10h-11z';
const DOWN = 'M2.5 3h9L7 11z';
const CROSS = 'M3 3l8 8M11 3l-8 8';
const DIAMOND = 'M7 1.5L12.5 7 7 12.5 1.5 7z';
const FLAG = 'M3.5 13V1.5M3.5 2h7.5L8.5 5l2.5 3H3.5';
const PAGE = 'M3.5 1.5h5l2.5 2.5v8.5h-7.5z';
const ROCKET = 'M7 1.5l3.5 5H9v6H5v-6H3.5z';
const SLIDERS = 'M2 4.5h10M2 9.5h10M5 2.5v4M9 7.5v4';
const TICK = 'M2 7.5l3.5 3.5L12 3.5';
const HALF = 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zM7 2v10';

/** What each kind of change is drawn as; its shape tells it, its colour only helps. */
const KINDS: Readonly<Record<string, ChangeKind>> = {
  model_promoted: { lane: 'models', path: UP, isFilled: true, tone: 'good' },
  model_refused: { lane: 'models', path: CROSS, isFilled: false, tone: 'bad' },
  model_shadowed: { lane: 'models', path: HALF, isFilled: false, tone: 'plain' },
  training_requested: { lane: 'training', path: DOWN, isFilled: false, tone: 'plain' },
  retraining_requested: { lane: 'training', path: DOWN, isFilled: false, tone: 'plain' },
  training_refused: { lane: 'training', path: CROSS, isFilled: false, tone: 'bad' },
  drift_detected: { lane: 'drift', path: DIAMOND, isFilled: true, tone: 'warn' },
  field_changed: { lane: 'fields', path: FLAG, isFilled: false, tone: 'bad' },
  field_restored: { lane: 'fields', path: FLAG, isFilled: false, tone: 'good' },
  deploy: { lane: 'models', path: ROCKET, isFilled: true, tone: 'plain' },
  setting: { lane: 'models', path: SLIDERS, isFilled: false, tone: 'plain' },
  incident_opened: { lane: 'models', path: UP, isFilled: false, tone: 'bad' },
  incident_acknowledged: { lane: 'models', path: HALF, isFilled: false, tone: 'warn' },
  incident_cause_declared: { lane: 'models', path: FLAG, isFilled: false, tone: 'plain' },
  incident_resolved: { lane: 'models', path: TICK, isFilled: false, tone: 'good' },
  contract_registered: { lane: 'contracts', path: PAGE, isFilled: false, tone: 'plain' },
};

const OTHER: ChangeKind = { lane: 'models', path: 'M7 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z', isFilled: true, tone: 'plain' };

const ROLLED_BACK: ChangeKind = {
  lane: 'models',
  path: 'M5.5 2.5L2 6l3.5 3.5M2.5 6h6a3 3 0 0 1 0 6H6',
  isFilled: false,
  tone: 'bad',
};

/** A promotion that a person made by going back is told by its sentence. */
const GOES_BACK = / rolled back (?:from v\d+ )?to v(\d+)/u;

export function kindOf({ kind, summary }: Pick<Change, 'kind' | 'summary'>): ChangeKind {
  return kind === 'model_promoted' && GOES_BACK.test(summary) ? ROLLED_BACK : (KINDS[kind] ?? OTHER);
}

/** Kinds that a page is about as a whole. */
const PAGES = [
  { prefix: 'field_', href: '/drift' },
  { prefix: 'incident_', href: '/incidents' },
] as const;

/** Where a change leads: the version of a model, the drift job; undefined where no page is about it. */
export function changeHref({ kind, subject, summary }: Pick<Change, 'kind' | 'subject' | 'summary'>): string | undefined {
  if (/^(?:model|training|retraining)_/u.test(kind)) {
    const version = GOES_BACK.exec(summary)?.[1] ?? /(?:^|\s)v(\d+)\b/u.exec(`${subject} ${summary}`)?.[1];
    return modelHref(subject.replace(/ v\d+$/u, ''), version === undefined ? {} : { version: Number(version) });
  }
  if (kind !== 'drift_detected') return PAGES.find(({ prefix }) => kind.startsWith(prefix))?.href;
  const job = / detected by (\S+) in /u.exec(summary)?.[1];
  return job === undefined ? '/drift' : driftHref(job);
}

/** What follows a request for training at the same moment: the request stands for all of it. */
const ECHOES = new Set(['model_trained', 'model_registered', 'model_shadowed']);
/** The lines through the charts: what decides changed hands, or an event is judged by another contract. */
const RULES = new Set(['model_promoted', 'contract_registered']);

const HALF_DAY_SECONDS = 43_200;

export interface ChangeMark {
  readonly key: string;
  readonly lane: LaneName;
  readonly kind: ChangeKind;
  /** Along the days of the time line, in percent. */
  readonly left: number;
  readonly href: string | undefined;
  readonly words: string;
}

/** Changes that fall on the days of the time line, each as a mark on its lane; those of one kind and day as one. */
export function changeMarks({ days, changes }: Pick<Timeline, 'days' | 'changes'>): readonly ChangeMark[] {
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  const from = noonOf(first) - HALF_DAY_SECONDS;
  const to = noonOf(last) + HALF_DAY_SECONDS;
  const marks = new Map<string, { mark: ChangeMark; count: number }>();
  for (const change of changes) {
    const day = change.at.slice(0, 10);
    if (day < first || day > last || ECHOES.has(change.kind)) continue;
    const key = `${change.kind} ${day}`;
    const known = marks.get(key);
    const kind = kindOf(change);
    const left = (100 * (Date.parse(change.at) / 1_000 - from)) / (to - from);
    const mark = { key, lane: kind.lane, kind, left, href: changeHref(change), words: `${day}: ${change.summary}` };
    if (known === undefined) marks.set(key, { mark, count: 1 });
    else marks.set(key, { count: known.count + 1, mark: { ...known.mark, words: `${known.mark.words} ${change.summary}` } });
  }
  return [...marks.values()].map(({ mark }) => mark);
}

/** Days on which a rule goes through the charts, epoch seconds. */
export function ruleDays({ days, changes }: Pick<Timeline, 'days' | 'changes'>): readonly number[] {
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  const on = changes
    .map(({ kind, at }) => ({ kind, day: at.slice(0, 10) }))
    .filter(({ kind, day }) => RULES.has(kind) && day >= first && day <= last);
  return [...new Set(on.map(({ day }) => day))].map((day) => noonOf(day));
}
