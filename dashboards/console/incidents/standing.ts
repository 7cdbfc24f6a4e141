import type { IncidentAnswer, IncidentSummary } from '#core';

/** How long an incident has been going on or went on, ms; `isRunning` while its alert fires. */
export function durationOf(
  { startsAt, endsAt }: Pick<IncidentSummary, 'startsAt' | 'endsAt'>,
  nowMs: number,
): { readonly ms: number; readonly isRunning: boolean } {
  const endMs = endsAt === null ? nowMs : Date.parse(endsAt);
  return { ms: Math.max(0, endMs - Date.parse(startsAt)), isRunning: endsAt === null };
}

export function isOpen({ state }: Pick<IncidentSummary, 'state'>): boolean {
  return state !== 'resolved';
}

/** What is asked of a person, most urgent first; undefined where nothing is. */
export function askedOf({ state, declaredCause, owner }: IncidentSummary): string | undefined {
  if (state === 'open') return owner === null ? 'nobody has taken it, and it has no owner' : 'nobody has taken it';
  return state === 'acknowledged' && declaredCause === null ? 'the cause is not declared yet' : undefined;
}

/** Whether a diagnosis may still come of an incident that has none. */
export function isFresh({ startsAt, state }: Pick<IncidentSummary, 'startsAt' | 'state'>, nowMs: number): boolean {
  return state !== 'resolved' && nowMs - Date.parse(startsAt) < DIAGNOSIS_WITHIN_MS;
}

/** A diagnosis takes seconds; without one for this long, none comes. */
const DIAGNOSIS_WITHIN_MS = 120_000;

/** pending: it is being made; missing: none came. */
export function diagnosisState({ diagnosis, incident, audit }: IncidentAnswer, nowMs: number): 'there' | 'pending' | 'missing' {
  if (diagnosis !== null) return 'there';
  const openedAt = audit.find(({ kind }) => kind === 'opened')?.at ?? incident.startsAt;
  return isOpen(incident) && nowMs - Date.parse(openedAt) < DIAGNOSIS_WITHIN_MS ? 'pending' : 'missing';
}

const SEVERITY_ORDER: Readonly<Record<IncidentSummary['severity'], number>> = { page: 0, ticket: 1, none: 2 };
const STATE_ORDER: Readonly<Record<IncidentSummary['state'], number>> = { open: 0, acknowledged: 1, resolved: 2 };

/** What nobody has taken first, pages before tickets, then the newest. */
export function byUrgency(left: IncidentSummary, right: IncidentSummary): number {
  return (
    STATE_ORDER[left.state] - STATE_ORDER[right.state] ||
    SEVERITY_ORDER[left.severity] - SEVERITY_ORDER[right.severity] ||
    Date.parse(right.startsAt) - Date.parse(left.startsAt)
  );
}
