import type { AlertRule, IncidentAnswer, IncidentSummary, Mitigation, TeamContact } from '#core';
import type { IncidentDocument, Investigation, Runbook } from '#runbooks';
import type { Workspace } from '../config/index.ts';
import { contactOf } from '../operations/pathways.ts';

/** What an incident's page takes from elsewhere. */
export interface IncidentContext {
  readonly workspace: Workspace;
  readonly rules: readonly AlertRule[];
  /** Of the same fingerprint. */
  readonly others: readonly IncidentDocument[];
}

const MAX_EARLIER = 20;
const iso = (ms: number): string => new Date(ms).toISOString();

export function incidentSummaryOf(incident: IncidentDocument, workspace: Workspace): IncidentSummary {
  const { fingerprint, startsAtMs, endsAtMs, alert, severity, pipeline, origin, summary, state } = incident;
  const best = incident.investigation?.diagnosis;
  return {
    fingerprint,
    startsAt: iso(startsAtMs),
    endsAt: endsAtMs === null ? null : iso(endsAtMs),
    alert,
    severity,
    pipeline,
    origin,
    summary,
    owner: ownerOf(incident, workspace),
    state,
    acknowledgedBy: incident.acknowledgedBy,
    declaredCause: incident.declaredCause,
    firstHypothesis: best?.summary ?? null,
  };
}

export function incidentAnswerOf(incident: IncidentDocument, { workspace, rules, others }: IncidentContext): IncidentAnswer {
  const { investigation, labels, annotations, audit } = incident;
  const runbook = workspace.runbooks.get(incident.alert);
  const rule = rules.find(({ alert, pipeline }) => alert === incident.alert && pipeline === incident.pipeline);
  return {
    incident: incidentSummaryOf(incident, workspace),
    labels,
    description: incident.description,
    value: incident.value,
    impact: [...(investigation?.impact ?? []), ...problemsOf(incident)],
    ...foundBy(investigation),
    runbook: runbook === undefined ? null : runbookIn(runbook, investigation),
    audit: audit.map(({ atMs, kind, actor, text }) => ({ at: iso(atMs), kind, actor, text })),
    earlier: others
      .filter(({ startsAtMs }) => startsAtMs !== incident.startsAtMs)
      .toSorted((a, b) => b.startsAtMs - a.startsAtMs)
      .slice(0, MAX_EARLIER)
      .map((other) => incidentSummaryOf(other, workspace)),
    links: {
      dashboard: rule === undefined ? dashboardIn(annotations) : dashboardPath(rule.panel),
      runbook: runbook === undefined ? null : `/runbooks/${runbook.front.alert}`,
    },
  };
}

function foundBy(investigation: Investigation | null): Pick<IncidentAnswer, 'cohorts' | 'changes' | 'exemplars' | 'diagnosis'> {
  if (investigation === null) return { cohorts: null, changes: [], exemplars: [], diagnosis: null };
  const { cohorts, changes, exemplars, diagnosis } = investigation;
  return { cohorts, changes: [...changes], exemplars: [...exemplars], diagnosis };
}

function runbookIn(runbook: Runbook, investigation: Investigation | null): NonNullable<IncidentAnswer['runbook']> {
  const { alert, escalate } = runbook.front;
  return { alert, checks: [...(investigation?.checks ?? [])], mitigations: mitigationsOf(runbook), escalate };
}

/** Grafana's path of a panel. */
export function dashboardPath({ dashboardUid, panelId }: AlertRule['panel']): string {
  return `/d/${dashboardUid}?viewPanel=${panelId}`;
}

export function mitigationsOf({ front }: Runbook): Mitigation[] {
  return front.mitigations.map(({ action, command, risk, undo }) => ({ action, command: command ?? null, risk, undo }));
}

function dashboardIn(annotations: Readonly<Record<string, string>>): string | null {
  const { __dashboardUid__: uid, __panelId__: panel } = annotations;
  return uid === undefined || panel === undefined ? null : `/d/${encodeURIComponent(uid)}?viewPanel=${encodeURIComponent(panel)}`;
}

function problemsOf({ investigation, problem }: IncidentDocument): readonly string[] {
  return [...(problem === '' ? [] : [problem]), ...(investigation?.problems ?? [])];
}

function ownerOf({ labels, annotations, pipeline }: IncidentDocument, workspace: Workspace): TeamContact | null {
  const named = labels['team'] ?? annotations['owner'];
  const name = named ?? workspace.pipelines.find((file) => file.pipeline === pipeline)?.owner;
  return name === undefined ? null : contactOf(workspace, name);
}
