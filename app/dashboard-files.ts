import { join } from 'node:path';
import { parseDuration, STAGES, type StageName } from '#core';
import { buildGrafana, type GrafanaGoal, type GrafanaPipeline, prometheusRules } from '#dashboards';
import { createAlertRules } from '#runbooks';
import type { Workspace } from './config/index.ts';
import { rulePipelinesOf } from './operations/rule-pipelines.ts';

type Goal = Workspace['pipelines'][number]['latencyBudget']['total'];

const goalOf = ({ mean, p95, p99 }: Goal): GrafanaGoal => ({
  meanMs: parseDuration(mean),
  p95Ms: parseDuration(p95),
  p99Ms: parseDuration(p99),
});

function pipelinesOf({ pipelines }: Workspace): readonly GrafanaPipeline[] {
  return pipelines.map(({ pipeline, owner, latencyBudget: { total, stages } }) => ({
    name: pipeline,
    owner,
    latencyBudget: {
      total: goalOf(total),
      stages: Object.fromEntries(STAGES.map((stage) => [stage, goalOf(stages[stage])])) as Record<StageName, GrafanaGoal>,
    },
  }));
}

/** What other tools show of a workspace: for each the files that it reads, by path. */
export function dashboardFiles(workspace: Workspace, consoleUrl?: string): ReadonlyMap<string, string> {
  const { slos, alerts, models, contracts } = workspace;
  const rules = createAlertRules({ slos, alerts, pipelines: rulePipelinesOf(workspace) });
  const links = consoleUrl === undefined ? {} : { consoleUrl };
  const grafana = buildGrafana({
    workspace: workspace.name,
    pipelines: pipelinesOf(workspace),
    models: models.map(({ model, owner }) => ({ name: model, owner })),
    contracts: contracts.list().map(({ subject, owner }) => ({ name: subject, owner })),
    rules,
    ...links,
  });
  const prometheus = rules.length === 0 ? [] : [['prometheus/throughline-rules.yaml', prometheusRules(rules, links)] as const];
  return new Map([...[...grafana].map(([path, text]) => [join('grafana', path), text] as const), ...prometheus]);
}
