import type { AlertRule, Database } from '#core';
import { type AlertFile, type AlertRulesInput, createAlertRules, type RulePipeline, type SloFile } from '#runbooks';
import { MADE } from '../support/made-history.ts';

const DAY_MS = 86_400_000;

/** The pipeline that test/support/made-history.ts makes traffic of. */
export const PIPELINE: RulePipeline = {
  name: MADE.pipeline,
  group: MADE.pipeline,
  topic: MADE.topic,
  latencyP99Ms: 400,
  horizonMs: 30 * DAY_MS,
  model: MADE.model,
  owner: 'growth-analytics',
  scoredSubject: 'purchase.completed',
  outcomeSubject: 'purchase.completed',
  views: [
    { view: 'basket_lines', subject: 'basket.updated', windowMs: 60 * DAY_MS },
    { view: 'purchase_history', subject: 'purchase.completed', windowMs: 60 * DAY_MS },
    { view: 'latest_purchase', subject: 'purchase.completed', windowMs: DAY_MS },
    { view: 'cancellations', subject: 'purchase.cancelled', windowMs: 60 * DAY_MS },
  ],
};

/** An SLO's file with what a test is about. */
export function sloFile(sli: SloFile['sli'], parts: Partial<SloFile> = {}): SloFile {
  const base = { owner: 'growth-analytics', description: 'Promised.', pipeline: MADE.pipeline, objective: 0.95, period: '30d' };
  const target = sli === 'retraining' ? { target: '35d', minimumEvents: 1 } : {};
  return { slo: `made-${sli}`, sli, ...base, ...target, ...parts };
}

/** An alert's file with what a test is about. */
export function alertFile(alert: AlertFile['alert'], parts: Partial<AlertFile> = {}): AlertFile {
  return { alert, owner: 'growth-analytics', description: 'Watched.', pipeline: MADE.pipeline, severity: 'ticket', ...parts };
}

export const SLIS: readonly SloFile['sli'][] = ['latency', 'freshness', 'contract', 'outcomes', 'retraining'];
export const CAUSES: readonly AlertFile['alert'][] = [
  'PipelineSilent',
  'ConsumerGroupEmpty',
  'ConsumerGroupLagging',
  'EventStuck',
  'QuarantineGrowing',
  'FieldMeaningChanged',
  'FeatureViewStale',
  'FeatureValuesMissing',
  'CandidateGap',
  'OutcomesNotJoined',
  'Watchdog',
];

/** Every rule that there can be of the made pipeline. */
export function allRules(input: Partial<AlertRulesInput> = {}): readonly AlertRule[] {
  const slos = SLIS.map((sli) => sloFile(sli));
  const alerts = CAUSES.map((alert) => alertFile(alert, alert === 'Watchdog' ? { severity: 'none' } : {}));
  return createAlertRules({ slos, alerts, pipelines: [PIPELINE], ...input });
}

/** A series of a rule, as a statement answers it. */
export type Series = Readonly<Record<string, string | number>> & { readonly value: number };

/** What a rule's statement answers at a moment. */
export async function evaluated(database: Database, rule: AlertRule, nowMs: number): Promise<readonly Series[]> {
  return await database.query<Series>(rule.sql, { params: { nowMs } });
}

/** The series that are over the threshold. */
export async function firing(database: Database, rule: AlertRule, nowMs: number): Promise<readonly Series[]> {
  return (await evaluated(database, rule, nowMs)).filter(({ value }) => value > rule.threshold);
}
