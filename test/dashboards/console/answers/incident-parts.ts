import type { Diagnosis, IncidentAnswer, IncidentSummary, NearbyChange } from '#core';
import { hex, PIPELINE } from './parts.ts';

/** Pieces of the canned incidents. The fixture's server says that it is a little after this. */
export const NOW = '2026-11-24T22:00:00.000Z';

export const TEAMS = {
  growth: { name: 'growth-analytics', contact: 'growth-analytics@example.com' },
  shop: { name: 'shop-platform', contact: 'shop-platform@example.com' },
  ml: { name: 'ml-platform', contact: 'ml-platform@example.com' },
} as const;

/** ISO time so many minutes before the fixture's now. */
export function before(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

export function fingerprint(name: string): string {
  return hex(`incident ${name}`, 16);
}

export const FINGERPRINTS = {
  slow: fingerprint('slow consumer'),
  broken: fingerprint('contract break'),
  diagnosing: fingerprint('diagnosing'),
  outside: fingerprint('outside'),
  notFound: fingerprint('not found'),
  away: fingerprint('store away'),
  resolved: fingerprint('field meaning'),
} as const;

/** An incident that is open, with what differs. */
export function summary(more: Partial<IncidentSummary> & Pick<IncidentSummary, 'fingerprint' | 'alert'>): IncidentSummary {
  return {
    startsAt: before(12),
    endsAt: null,
    severity: 'page',
    pipeline: PIPELINE,
    origin: 'throughline',
    summary: `${more.alert} of ${PIPELINE}.`,
    owner: TEAMS.growth,
    state: 'open',
    acknowledgedBy: null,
    declaredCause: null,
    firstHypothesis: null,
    ...more,
  };
}

/** All of an incident that is told of a summary alone: nothing is known yet. */
export function bare(incident: IncidentSummary): IncidentAnswer {
  const { alert, severity, pipeline } = incident;
  return {
    incident,
    labels: { alertname: alert, severity, pipeline, team: incident.owner?.name ?? 'unknown' },
    description: '',
    value: null,
    impact: [],
    cohorts: null,
    changes: [],
    exemplars: [],
    runbook: null,
    diagnosis: null,
    audit: [{ at: incident.startsAt, kind: 'opened', actor: 'throughline', text: incident.summary }],
    earlier: [],
    links: { dashboard: null, runbook: null },
  };
}

export function change(
  minutesFromStart: number,
  { start, ...more }: Partial<NearbyChange['change']> & { readonly start: string },
): NearbyChange['change'] {
  const at = new Date(Date.parse(start) + minutesFromStart * 60_000).toISOString();
  return { at, recordedAt: at, kind: 'deploy', subject: PIPELINE, summary: 'It was deployed.', actor: 'release-bot', ...more };
}

/** A diagnosis with nothing in it, with what differs. */
export function diagnosis(start: string, more: Partial<Diagnosis>): Diagnosis {
  return {
    at: new Date(Date.parse(start) + 11_400).toISOString(),
    tookMs: 1_840,
    verdict: 'found',
    summary: '',
    hypotheses: [],
    ruledOut: [],
    problems: [],
    ...more,
  };
}
