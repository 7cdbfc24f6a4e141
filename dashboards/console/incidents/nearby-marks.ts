import type { Hypothesis, NearbyChange } from '#core';

/** So far around the start changes are shown, minutes. */
export const AROUND_MINUTES = 30;

export interface NearbyMark {
  readonly key: string;
  readonly nearby: NearbyChange;
  /** Along the axis, per cent. */
  readonly left: number;
  /** The first hypothesis suspects it. */
  readonly isSuspect: boolean;
}

/** An address of a change: there is no other id in the API's answers. */
export function changeKey({ change: { recordedAt, kind, subject } }: Pick<NearbyChange, 'change'>): string {
  return `${recordedAt} ${kind} ${subject}`;
}

/** Changes as marks of the time line; what touches the pathway first, the nearest first. */
export function nearbyMarks(changes: readonly NearbyChange[], best: Hypothesis | undefined): readonly NearbyMark[] {
  const suspect = best?.suspect === null || best === undefined ? undefined : changeKey(best.suspect);
  return changes
    .map((nearby): NearbyMark => {
      const key = changeKey(nearby);
      const minutes = Math.min(AROUND_MINUTES, Math.max(-AROUND_MINUTES, nearby.minutesFromStart));
      return { key, nearby, left: 50 + (50 * minutes) / AROUND_MINUTES, isSuspect: key === suspect };
    })
    .toSorted(
      (a, b) =>
        Number(b.isSuspect) - Number(a.isSuspect) ||
        Number(b.nearby.touches) - Number(a.nearby.touches) ||
        Math.abs(a.nearby.minutesFromStart) - Math.abs(b.nearby.minutesFromStart),
    );
}
