import type { AlertList, DriftList, FindAnswer, IncidentList, ModelList, RunbookList } from '#core';
import { driftHref, incidentHref, modelHref, runbookHref, searchHref, sloHref, teamHref } from '../words/links.ts';

/** A line of the command list. */
export interface Choice {
  readonly kind: 'event' | 'entity' | 'trace' | 'model' | 'job' | 'incident' | 'alert' | 'runbook' | 'team' | 'place';
  readonly href: string;
  readonly title: string;
  readonly detail: string;
}

/** Places with an address of their own, found by any of their words. */
const PLACES: readonly Choice[] = [
  { kind: 'place', href: '/', title: 'Overview', detail: 'latency budget, fates, the year' },
  { kind: 'place', href: '/incidents', title: 'Incidents', detail: 'what burns, who is on it, what it was before' },
  { kind: 'place', href: '/slos', title: 'SLOs and alert rules', detail: 'objectives, error budgets, burn rates, notifications' },
  { kind: 'place', href: '/runbooks', title: 'Runbooks', detail: 'what each alert means, checks, mitigations' },
  { kind: 'place', href: '/models', title: 'Models', detail: 'who decides, promotions, quality by month, roll-back' },
  { kind: 'place', href: '/drift', title: 'Drift', detail: 'features by windows, alarms, findings' },
  { kind: 'place', href: searchHref({ fate: 'scored' }), title: 'Newest decisions', detail: 'scored events, newest first' },
  {
    kind: 'place',
    href: searchHref({ fate: 'quarantined' }),
    title: 'Quarantined events',
    detail: 'refused by their contract, with the reason',
  },
  { kind: 'place', href: searchHref({ order: 'slowest' }), title: 'Slowest live events', detail: 'by end to end' },
  {
    kind: 'place',
    href: searchHref({ breached: 'true' }),
    title: 'Latency budget breaches',
    detail: 'longer than the p99 of the budget',
  },
];

/** Models and drift jobs of the workspace, found by their names. */
export function namedPlaces(
  models: ModelList['models'] | undefined = [],
  jobs: DriftList['jobs'] | undefined = [],
): readonly Choice[] {
  return [
    ...models.map(({ name, liveVersion }) => ({
      kind: 'model' as const,
      href: modelHref(name),
      title: name,
      detail: liveVersion === null ? 'model, none decides yet' : `model, v${liveVersion} decides`,
    })),
    ...jobs.map(({ job, model }) => ({
      kind: 'job' as const,
      href: driftHref(job),
      title: job,
      detail: `drift job, watches ${model}`,
    })),
  ];
}

/** What operations know by name; each undefined until it is known. */
export interface OperationsNames {
  readonly incidents?: IncidentList['incidents'] | undefined;
  readonly alerts?: AlertList['alerts'] | undefined;
  readonly runbooks?: RunbookList['runbooks'] | undefined;
}

/** Incidents (open ones first), alert rules, runbooks, and every team that answers for one of them. */
export function operationsPlaces({ incidents = [], alerts = [], runbooks = [] }: OperationsNames): readonly Choice[] {
  const owners = [...incidents, ...alerts, ...runbooks].flatMap(({ owner }) => (owner === null ? [] : [owner]));
  const teams = new Map(owners.map(({ name, contact }) => [name, contact]));
  return [
    ...incidents.map(({ fingerprint, startsAt, summary, alert, state }) => ({
      kind: 'incident' as const,
      href: incidentHref(fingerprint, { startsAt }),
      title: summary,
      detail: `incident, ${state}, ${alert}, ${fingerprint}`,
    })),
    ...alerts.map(({ id, alert, state, slo, pipeline }) => ({
      kind: 'alert' as const,
      href: sloHref({ rule: id }),
      title: alert,
      detail: `alert rule ${id}, ${state}, ${slo ?? pipeline}`,
    })),
    ...runbooks.map(({ alert, meaning }) => ({
      kind: 'runbook' as const,
      href: runbookHref(alert),
      title: alert,
      detail: `runbook: ${meaning}`,
    })),
    ...[...teams].map(([name, contact]) => ({
      kind: 'team' as const,
      href: teamHref(name),
      title: name,
      detail: `team, ${contact}`,
    })),
  ];
}

const MAX_CHOICES = 40;

/** What the API found, then the places whose words match, then what has a name so; all places while nothing is asked. At most 40. */
export function choicesFor(asked: string, answer: FindAnswer | undefined, named: readonly Choice[] = []): readonly Choice[] {
  const words = asked.toLowerCase().split(/\s+/u);
  const places = [...PLACES, ...(asked === '' ? [] : named)].filter(({ title, detail }) =>
    words.every((word) => `${title} ${detail}`.toLowerCase().includes(word)),
  );
  return [...(answer?.matches ?? []), ...places].slice(0, MAX_CHOICES);
}
