import { queryOptions } from '@tanstack/react-query';
import type {
  AlertList,
  CauseDeclaration,
  IncidentAnswer,
  IncidentList,
  IncidentNote,
  RunbookAnswer,
  RunbookList,
  SloList,
  TeamAnswer,
} from '#core';
import { getAnswer, postAnswer, queryString } from './client.ts';

/** What burns must not be old: the header counts it on every page. */
const BURNING_EVERY_MS = 5_000;
/** Until its diagnosis is there; then the line changes at a person's pace. */
const DIAGNOSING_EVERY_MS = 2_500;
const OPEN_INCIDENT_EVERY_MS = 10_000;
const SLOS_EVERY_MS = 15_000;
/** Its checks are run anew for each answer. */
const RUNBOOK_EVERY_MS = 60_000;

export const incidentsQuery = queryOptions({
  queryKey: ['incidents'],
  queryFn: ({ signal }) => getAnswer<IncidentList>('/api/incidents', signal),
  refetchInterval: BURNING_EVERY_MS,
});

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: ({ signal }) => getAnswer<AlertList>('/api/alerts', signal),
  refetchInterval: BURNING_EVERY_MS,
});

export function incidentQuery(fingerprint: string, startsAt: string | undefined) {
  return queryOptions({
    queryKey: ['incident', fingerprint, startsAt],
    queryFn: ({ signal }) =>
      getAnswer<IncidentAnswer>(`/api/incidents/${encodeURIComponent(fingerprint)}${queryString({ startsAt })}`, signal),
    refetchInterval: ({ state }) => incidentInterval(state.data),
  });
}

function incidentInterval(answer: IncidentAnswer | undefined): number | false {
  if (answer === undefined || answer.diagnosis === null) return DIAGNOSING_EVERY_MS;
  return answer.incident.state === 'resolved' ? false : OPEN_INCIDENT_EVERY_MS;
}

export const slosQuery = queryOptions({
  queryKey: ['slos'],
  queryFn: ({ signal }) => getAnswer<SloList>('/api/slos', signal),
  refetchInterval: SLOS_EVERY_MS,
});

export const runbooksQuery = queryOptions({
  queryKey: ['runbooks'],
  queryFn: ({ signal }) => getAnswer<RunbookList>('/api/runbooks', signal),
  staleTime: SLOS_EVERY_MS,
});

export function runbookQuery(alert: string) {
  return queryOptions({
    queryKey: ['runbook', alert],
    queryFn: ({ signal }) => getAnswer<RunbookAnswer>(`/api/runbooks/${encodeURIComponent(alert)}`, signal),
    refetchInterval: RUNBOOK_EVERY_MS,
    staleTime: SLOS_EVERY_MS,
  });
}

export function teamQuery(name: string) {
  return queryOptions({
    queryKey: ['team', name],
    queryFn: ({ signal }) => getAnswer<TeamAnswer>(`/api/teams/${encodeURIComponent(name)}`, signal),
    refetchInterval: SLOS_EVERY_MS,
  });
}

const actionPath = (fingerprint: string, action: string): string => `/api/incidents/${encodeURIComponent(fingerprint)}/${action}`;

/** Says that somebody is on it, or that it is over; answers the incident as it is then. */
export async function noteIncident(
  fingerprint: string,
  { action, note }: { readonly action: 'acknowledge' | 'resolve'; readonly note: IncidentNote },
): Promise<void> {
  await postAnswer<unknown>(actionPath(fingerprint, action), note);
}

export async function declareCause(fingerprint: string, declaration: CauseDeclaration): Promise<void> {
  await postAnswer<unknown>(actionPath(fingerprint, 'cause'), declaration);
}
