import { BOARDS, type CheckResult, type RunbookAnswer, type RunbookList, type TeamAnswer } from '#core';
import { type Runbook, renderMarkdown } from '#runbooks';
import type { Workspace } from '../config/index.ts';
import { contactOf } from '../operations/pathways.ts';
import { dashboardPath, mitigationsOf } from './incident-view.ts';

type Summary = RunbookList['runbooks'][number];

export function runbookSummaryOf(
  runbook: Runbook,
  { workspace, firing }: { readonly workspace: Workspace; readonly firing: boolean },
): Summary {
  const { alert, severity, owner, slo, first_checks: checks, verified_by: verifiedBy } = runbook.front;
  return {
    alert,
    severity,
    owner: contactOf(workspace, owner),
    slo: slo ?? null,
    meaning: firstSentence(runbook.sections[0]?.markdown ?? ''),
    checks: checks.length,
    firing,
    verifiedBy: verifiedBy ?? null,
  };
}

export interface RunbookContext {
  readonly workspace: Workspace;
  readonly firing: boolean;
  readonly pipeline: string;
  readonly checks: readonly CheckResult[];
  readonly checkedAtMs: number;
  readonly incidents: readonly string[];
}

export function runbookAnswerOf(runbook: Runbook, context: RunbookContext): RunbookAnswer {
  const { pipeline, checks, checkedAtMs, incidents } = context;
  return {
    runbook: runbookSummaryOf(runbook, context),
    pipeline,
    sections: runbook.sections.map(({ title, markdown }) => ({ title, html: renderMarkdown(markdown) })),
    checks: [...checks],
    checkedAt: new Date(checkedAtMs).toISOString(),
    mitigations: mitigationsOf(runbook),
    escalate: runbook.front.escalate,
    dashboard: panelPath(runbook.front.dashboard),
    incidents: [...incidents],
  };
}

/** Grafana's path of a panel that is named as runbooks do: board/panel. */
function panelPath(named: string): string {
  const [dashboardUid = '', panel = ''] = named.split('/');
  const board = Object.values(BOARDS).find(({ uid }) => uid === dashboardUid);
  const panelId = Object.entries(board?.panels ?? {}).find(([name]) => name === panel)?.[1];
  return panelId === undefined ? `/d/${dashboardUid}` : dashboardPath({ dashboardUid, panelId });
}

function firstSentence(markdown: string): string {
  const text = markdown.replaceAll(/\s+/gu, ' ').replaceAll(/[`*_]/gu, '');
  return /^.*?[.!?](?= |$)/u.exec(text)?.[0] ?? text;
}

/** A team, and all of the workspace that it answers for. */
export function teamAnswerOf(name: string, workspace: Workspace, incidents: readonly string[]): TeamAnswer {
  const isOwn = ({ owner }: { readonly owner: string }): boolean => owner === name;
  const { contracts, views, pipelines, models, driftJobs, slos, alerts, runbooks } = workspace;
  return {
    team: contactOf(workspace, name),
    description: workspace.teams.find((team) => team.name === name)?.description ?? '',
    owns: [
      ...pipelines.filter(isOwn).map(({ pipeline, description }) => ({ kind: 'pipeline' as const, name: pipeline, description })),
      ...models.filter(isOwn).map(({ model, description }) => ({ kind: 'model' as const, name: model, description })),
      ...views.filter(isOwn).map(({ view, description }) => ({ kind: 'view' as const, name: view, description })),
      ...contracts
        .subjects()
        .map((subject) => contracts.get(subject))
        .filter(isOwn)
        .map(({ subject, description }) => ({ kind: 'contract' as const, name: subject, description })),
      ...driftJobs.filter(isOwn).map(({ job, description }) => ({ kind: 'drift_job' as const, name: job, description })),
      ...slos.filter(isOwn).map(({ slo, description }) => ({ kind: 'slo' as const, name: slo, description })),
      ...alerts.filter(isOwn).map(({ alert, description }) => ({ kind: 'alert' as const, name: alert, description })),
      ...[...runbooks.values()]
        .filter(({ front }) => front.owner === name)
        .map((runbook) => ({
          kind: 'runbook' as const,
          name: runbook.front.alert,
          description: firstSentence(runbook.sections[0]?.markdown ?? ''),
        })),
    ],
    incidents: [...incidents],
  };
}
