import { type AlertRule, BOARDS, STAGES, type StageName } from '#core';
import type { GrafanaOptions } from '#dashboards';
import { MADE } from '../../support/made-history.ts';

const GOAL = { meanMs: 5, p95Ms: 20, p99Ms: 40 };

/** A rule as the workspace's are, with a label column. */
export const LAG_RULE: AlertRule = {
  id: 'consumer-group-lagging-repurchase',
  alert: 'ConsumerGroupLagging',
  severity: 'ticket',
  pipeline: MADE.pipeline,
  owner: 'growth-analytics',
  labels: { severity: 'ticket', pipeline: MADE.pipeline, team: 'growth-analytics' },
  labelColumns: ['partition'],
  summary: 'Partition {partition} of repurchase is {value} ms behind',
  description: 'The first unread event of partition {partition} has waited {value} ms.',
  sql: `SELECT toString(partition) AS partition, toFloat64(max(lag_ms)) AS value FROM group_samples
WHERE consumer_group = 'repurchase' AND at > fromUnixTimestamp64Milli({nowMs:Int64} - 600000) AND at <= fromUnixTimestamp64Milli({nowMs:Int64})
GROUP BY partition`,
  threshold: 10_000,
  forMs: 60_000,
  noData: 'ok',
  promql: 'max by (partition) (throughline_alert_value{alert="ConsumerGroupLagging"}) > 10000',
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.lag },
};

export const SILENT_RULE: AlertRule = {
  ...LAG_RULE,
  id: 'pipeline-silent-repurchase',
  alert: 'PipelineSilent',
  severity: 'page',
  labels: { ...LAG_RULE.labels, severity: 'page' },
  labelColumns: [],
  summary: 'repurchase has been silent for {value} s',
  sql: `SELECT toFloat64(count()) AS value FROM receipts WHERE ingested > fromUnixTimestamp64Milli({nowMs:Int64} - 60000)`,
  noData: 'firing',
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.silence },
};

/** What the bundled workspace would ask for. */
export const RETAIL: GrafanaOptions = {
  workspace: 'retail',
  pipelines: [
    {
      name: MADE.pipeline,
      owner: 'growth-analytics',
      latencyBudget: {
        total: { meanMs: 60, p95Ms: 200, p99Ms: 400 },
        stages: Object.fromEntries(STAGES.map((stage) => [stage, GOAL])) as Record<StageName, typeof GOAL>,
      },
    },
  ],
  models: [{ name: MADE.model, owner: 'growth-analytics' }],
  contracts: [
    { name: 'basket.updated', owner: 'shop-platform' },
    { name: 'purchase.completed', owner: 'shop-platform' },
  ],
  rules: [LAG_RULE, SILENT_RULE],
};
