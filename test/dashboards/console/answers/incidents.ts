import type { IncidentAnswer, IncidentList, IncidentSummary } from '#core';
import { fingerprint, summary } from './incident-parts.ts';
import { BEING_DIAGNOSED, CONTRACT_BREAK, JUST_DIAGNOSED, NOT_FOUND, OUTSIDE, RESOLVED, STORE_AWAY } from './other-incidents.ts';
import type { Scenario } from './overview.ts';
import { SLOW_CONSUMER } from './slow-consumer.ts';

/** What was said to the incidents since the fixture began, by fingerprint, and whether the newest is diagnosed by now. */
export interface IncidentState {
  readonly said: ReadonlyMap<string, Partial<IncidentSummary>>;
  readonly isDiagnosed: boolean;
}

export const NOTHING_SAID: IncidentState = { said: new Map(), isDiagnosed: false };

const ANSWERS: readonly IncidentAnswer[] = [
  SLOW_CONSUMER,
  CONTRACT_BREAK,
  BEING_DIAGNOSED,
  OUTSIDE,
  NOT_FOUND,
  STORE_AWAY,
  RESOLVED,
];

/** Those of a list alone: so many that only the newest are shown at once. */
const OLD: readonly IncidentSummary[] = Array.from({ length: 19 }, (_none, index) => {
  const startMs = Date.parse('2026-11-20T06:00:00.000Z') - index * 31_000_000;
  return summary({
    fingerprint: fingerprint(`old ${index}`),
    alert: index % 3 === 0 ? 'FeatureViewStale' : 'FreshnessBudgetBurn',
    severity: 'ticket',
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(startMs + 2_100_000 + index * 97_000).toISOString(),
    state: 'resolved',
    acknowledgedBy: 'jana.k',
    summary: `basket_lines is ${12 + index} minutes old.`,
    firstHypothesis: index % 4 === 0 ? null : 'The newest event of basket_lines is the last of /shop/france.',
  });
});

function isIn(incident: IncidentSummary, scenario: Scenario): boolean {
  return scenario === 'backlog' ? incident.state === 'resolved' : true;
}

function all({ said, isDiagnosed }: IncidentState): readonly IncidentAnswer[] {
  return ANSWERS.map((answer) => (answer === BEING_DIAGNOSED && isDiagnosed ? JUST_DIAGNOSED : answer)).map((answer) => {
    const more = said.get(answer.incident.fingerprint);
    return more === undefined ? answer : { ...answer, incident: { ...answer.incident, ...more } };
  });
}

export function incidents(scenario: Scenario, state: IncidentState = NOTHING_SAID): IncidentList {
  const told = all(state).map(({ incident }) => incident);
  return { incidents: [...told, ...OLD].filter((incident) => isIn(incident, scenario)) };
}

export function incidentAnswer(
  asked: string,
  { startsAt, state = NOTHING_SAID }: { readonly startsAt?: string | undefined; readonly state?: IncidentState } = {},
): IncidentAnswer | undefined {
  const answer = all(state).find(({ incident }) => incident.fingerprint === asked);
  const old = [...(answer?.earlier ?? []), ...OLD].find(
    (incident) => incident.fingerprint === asked && (startsAt === undefined || incident.startsAt === startsAt),
  );
  if (answer !== undefined && (startsAt === undefined || answer.incident.startsAt === startsAt)) return answer;
  if (old === undefined) return undefined;
  return {
    ...RESOLVED,
    incident: old,
    earlier: [],
    diagnosis: null,
    audit: [{ at: old.startsAt, kind: 'opened', actor: 'throughline', text: '' }],
  };
}
