import { type AlertRule, METRICS, parseDuration } from '#core';
import type { AlertFile } from '../config.ts';
import { createSloRules } from '../slos/slo-rules.ts';
import { scaledMs } from '../sql-text.ts';
import type { CauseAlert, CauseQuestion } from './cause.ts';
import { findCause } from './cause-catalog.ts';
import { type AlertRulesInput, getPipeline } from './rule-input.ts';

/** What is usual is read from a day before the window. */
const REFERENCE_MS = 86_400_000;
const REFERENCE_FLOOR_MS = 120_000;

/**
 * All rules of a workspace: of each SLO a rule a severity, and of each alert file one. Pure. Throws RUNBOOK_PIPELINE_UNKNOWN,
 * RUNBOOK_SQL_VALUE.
 */
export function createAlertRules(input: AlertRulesInput): readonly AlertRule[] {
  const causes = input.alerts.flatMap((file) => {
    const cause = findCause(file.alert);
    return cause === undefined ? [] : [causeRule(cause, file, input)];
  });
  return [...createSloRules(input), ...causes];
}

function causeRule(cause: CauseAlert, file: AlertFile, { pipelines, scale = 1 }: AlertRulesInput): AlertRule {
  const pipeline = getPipeline(pipelines, file.pipeline);
  const question: CauseQuestion = {
    pipeline,
    scale,
    windowMs: durationOf(file.window, cause.window, scale),
    referenceMs: scaledMs(REFERENCE_MS, scale, REFERENCE_FLOOR_MS),
  };
  const threshold = thresholdOf(cause, file, scale);
  return {
    id: kebab(cause.alert),
    alert: cause.alert,
    severity: file.severity,
    pipeline: pipeline.name,
    owner: file.owner,
    labels: { severity: file.severity, pipeline: pipeline.name, team: file.owner },
    labelColumns: cause.labelColumns,
    summary: cause.summary(pipeline.name),
    description: file.description,
    sql: cause.sql(question),
    ...(cause.exemplarSql === undefined ? {} : { exemplarSql: cause.exemplarSql(question) }),
    threshold,
    forMs: durationOf(file.for, cause.for, scale),
    noData: 'ok',
    promql: promqlOf(cause, pipeline.name, threshold),
    panel: cause.panel,
  };
}

/** With the labels that the rule's series have, and no others: whoever evaluates it, the alert has the same fingerprint. */
function promqlOf({ alert, labelColumns }: CauseAlert, pipeline: string, threshold: number): string {
  const by = labelColumns.length === 0 ? '' : ` by (${labelColumns.join(', ')}) `;
  return `max${by}(${METRICS.alertValue}{alert=${JSON.stringify(alert)},pipeline=${JSON.stringify(pipeline)}}) > ${threshold}`;
}

function durationOf(written: string | undefined, usual: CauseAlert['window'], scale: number): number {
  if (written === undefined && usual === undefined) return 0;
  return scaledMs(parseDuration(written ?? usual?.written ?? ''), scale, usual?.floorMs ?? 0);
}

function thresholdOf({ threshold, thresholdFloor }: CauseAlert, file: AlertFile, scale: number): number {
  const value = file.threshold ?? threshold.value;
  return thresholdFloor === undefined ? value : value * Math.max(scale, thresholdFloor);
}

/** PipelineSilent is pipeline-silent. */
function kebab(name: string): string {
  return name.replaceAll(/(?<=.)[A-Z]/gu, (letter) => `-${letter}`).toLowerCase();
}
