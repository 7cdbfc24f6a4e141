import type { AlertList, AlertView, DriftList, IncidentSummary } from '#core';
import { askedOf, byUrgency, isOpen } from '../incidents/standing.ts';
import { driftHref, incidentHref, sloHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';

/** Something that burns: an open incident, or an alert that fires and has none. */
export interface Flame {
  readonly severity: IncidentSummary['severity'];
  readonly href: string;
  readonly summary: string;
  readonly owner: IncidentSummary['owner'];
  readonly since: string;
  readonly incident: IncidentSummary | undefined;
}

/** Open incidents, most urgent first, then what fires without one. What is about no failure (Watchdog) is left out. */
export function burningOf(incidents: readonly IncidentSummary[], alerts: readonly AlertView[]): readonly Flame[] {
  const open = incidents.filter((incident) => isOpen(incident) && incident.severity !== 'none').toSorted(byUrgency);
  const known = new Set(open.map(({ fingerprint }) => fingerprint));
  const without = alerts
    .filter(({ severity }) => severity !== 'none')
    .flatMap(({ severity, owner, series, id }) =>
      series
        .filter(({ state, hasIncident, fingerprint }) => state === 'firing' && !hasIncident && !known.has(fingerprint))
        .map(
          ({ summary, since }): Flame => ({ severity, owner, summary, since, href: sloHref({ rule: id }), incident: undefined }),
        ),
    );
  return [
    ...open.map((incident): Flame => {
      const { severity, summary, owner, startsAt, fingerprint } = incident;
      return { severity, summary, owner, since: startsAt, incident, href: incidentHref(fingerprint, { startsAt }) };
    }),
    ...without,
  ];
}

export interface Waiting {
  readonly href: string;
  readonly words: string;
}

interface WaitingInput {
  readonly incidents: readonly IncidentSummary[];
  readonly alerts: AlertList | undefined;
  readonly jobs: DriftList['jobs'];
}

/** One is told by its name and linked; several of whom the same is asked are told together: what burns names them already. */
function askedOfAll(incidents: readonly IncidentSummary[]): readonly Waiting[] {
  const groups = new Map<string, IncidentSummary[]>();
  for (const incident of incidents.toSorted(byUrgency)) {
    const words = askedOf(incident);
    if (words !== undefined) groups.set(words, [...(groups.get(words) ?? []), incident]);
  }
  return [...groups].map(([words, [first, ...more]]): Waiting => {
    if (first === undefined || more.length > 0) return { words: `${more.length + 1} incidents: ${words}`, href: '/incidents' };
    return { words: `${first.alert}: ${words}`, href: incidentHref(first.fingerprint, { startsAt: first.startsAt }) };
  });
}

/** What goes on only once a person acts. */
export function waitingOf({ incidents, alerts, jobs }: WaitingInput): readonly Waiting[] {
  const asked = askedOfAll(incidents.filter((incident) => isOpen(incident) && incident.severity !== 'none'));
  const rules = alerts?.alerts ?? [];
  const failed = rules.filter(({ state }) => state === 'failed');
  const bare = rules.filter(({ hasRunbook, severity }) => !hasRunbook && severity !== 'none');
  const mute = (alerts?.notifications ?? []).filter(({ problem }) => problem !== null);
  const findings = jobs.filter(({ openFindings }) => openFindings > 0);
  return [
    ...asked,
    ...failed.map(({ alert, id }) => ({ words: `${alert}: its rule cannot be evaluated`, href: sloHref({ rule: id }) })),
    ...mute.map(({ name }) => ({ words: `${name} does not take our notifications`, href: sloHref() })),
    ...(bare.length === 0 ? [] : [{ words: `${plural(bare.length, 'alert')} without a runbook`, href: sloHref() }]),
    ...findings.map(({ job, openFindings }) => ({
      words: `${plural(openFindings, 'field')} of ${job} ${openFindings === 1 ? 'means' : 'mean'} something else: finding open`,
      href: driftHref(job),
    })),
  ];
}
