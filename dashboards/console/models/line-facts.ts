import type { ModelAnswer, ModelVersionView } from '#core';
import { daysBetween } from '../words/times.ts';

type LineFacts = Pick<ModelAnswer, 'versions' | 'trainings'>;

/** The newest time that the line of models names; undefined where it names none. */
export function newestTime({ versions, trainings }: LineFacts): string | undefined {
  const ofVersions = versions.flatMap(({ live, shadow }) => [...live, ...(shadow === null ? [] : [shadow])]);
  const times = [...ofVersions.flatMap(({ from, to }) => [from, to ?? from]), ...trainings.map(({ at }) => at)];
  return times.toSorted().at(-1);
}

/** The oldest time that the line of models names. */
export function oldestTime({ versions, trainings }: LineFacts): string | undefined {
  const times = [
    ...versions.flatMap(({ live, shadow }) => [...live.map(({ from }) => from), ...(shadow === null ? [] : [shadow.from])]),
    ...trainings.map(({ at }) => at),
  ];
  return times.toSorted()[0];
}

export function findVersion({ versions }: Pick<ModelAnswer, 'versions'>, version: number | null): ModelVersionView | undefined {
  return version === null ? undefined : versions.find((candidate) => candidate.version === version);
}

/** Since when a version decides without a break; undefined where it does not decide. */
export function decidesSince({ live }: Pick<ModelVersionView, 'live'>): string | undefined {
  return live.find(({ to }) => to === null)?.from;
}

export interface Trial {
  readonly from: string;
  /** Of the event clock; 1 on its first day. */
  readonly day: number;
  /** How long it is; undefined where that is not told. */
  readonly days: number | undefined;
  readonly due: string | undefined;
}

/** Where a candidate's trial stands at a time of the event clock; undefined where it is on none. */
export function trialOf({ shadow, status }: Pick<ModelVersionView, 'shadow' | 'status'>, now: string): Trial | undefined {
  if (shadow === null || status !== 'shadow') return undefined;
  const { from, due } = shadow;
  const days = due === undefined ? undefined : daysBetween(from, due);
  const day = daysBetween(from, now) + 1;
  return { from, due, days, day: days === undefined ? day : Math.min(day, days) };
}

/** Which version a page shows that names none: the one on trial is judged next, else the one that decides, else the newest. */
export function versionToShow(
  answer: Pick<ModelAnswer, 'versions' | 'liveVersion'>,
  asked: string | undefined,
): ModelVersionView | undefined {
  const named = asked === undefined ? undefined : findVersion(answer, Number(asked));
  return named ?? findVersion(answer, answer.liveVersion) ?? answer.versions[0];
}
