import type { AlertList, AlertRule, AlertView, FiredAlert } from '#core';
import type { RuleState } from '#runbooks';
import type { Workspace } from '../config/index.ts';
import { contactOf } from '../operations/pathways.ts';
import { dashboardPath } from './incident-view.ts';

export interface AlertContext {
  readonly workspace: Workspace;
  readonly hasIncident: (alert: Pick<FiredAlert, 'fingerprint' | 'startsAtMs'>) => boolean;
  readonly summaryOf: (rule: AlertRule, series: RuleState['series'][number]) => string;
}

const MAX_SERIES = 20;
const STATES: readonly AlertView['state'][] = ['firing', 'pending', 'failed', 'unknown', 'ok'];
const SEVERITIES: readonly AlertView['severity'][] = ['page', 'ticket', 'none'];

export function alertListOf(
  states: readonly RuleState[],
  notifications: AlertList['notifications'],
  context: AlertContext,
): AlertList {
  const rank = ({ state, severity }: AlertView): number => 10 * STATES.indexOf(state) + SEVERITIES.indexOf(severity);
  const alerts = states
    .map((state) => alertViewOf(state, context))
    .toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
  return { alerts, notifications };
}

function alertViewOf(state: RuleState, { workspace, hasIncident, summaryOf }: AlertContext): AlertView {
  const { rule, evaluatedAtMs, problem, value, series } = state;
  return {
    id: rule.id,
    alert: rule.alert,
    severity: rule.severity,
    pipeline: rule.pipeline,
    slo: rule.slo ?? null,
    owner: contactOf(workspace, rule.owner),
    description: rule.description,
    state: stateOf(state),
    problem,
    evaluatedAt: evaluatedAtMs === null ? null : new Date(evaluatedAtMs).toISOString(),
    threshold: rule.threshold,
    forSeconds: rule.forMs / 1000,
    value,
    series: series.slice(0, MAX_SERIES).map((one) => ({
      fingerprint: one.fingerprint,
      state: one.phase,
      since: new Date(one.sinceMs).toISOString(),
      labels: one.labels,
      value: one.value,
      summary: summaryOf(rule, one),
      hasIncident: hasIncident({ fingerprint: one.fingerprint, startsAtMs: one.sinceMs }),
    })),
    hasRunbook: workspace.runbooks.has(rule.alert),
    sql: rule.sql,
    promql: rule.promql,
    dashboard: dashboardPath(rule.panel),
  };
}

function stateOf({ evaluatedAtMs, problem, series }: RuleState): AlertView['state'] {
  if (series.some(({ phase }) => phase === 'firing')) return 'firing';
  if (problem !== null) return 'failed';
  if (evaluatedAtMs === null) return 'unknown';
  return series.length > 0 ? 'pending' : 'ok';
}
