import { createHash } from 'node:crypto';
import { type AlertRule, METRICS } from '#core';
import { type AlertRulesInput, getPipeline } from '../alerts/rule-input.ts';
import type { SloFile } from '../config.ts';
import { literal } from '../sql-text.ts';
import { SLI_CATALOG } from './catalog.ts';
import type { Sli } from './sli.ts';
import { burnStatement, type SloWindow, sloWindows } from './slo-windows.ts';

/** Both windows are over the factor where this is over 1. */
const THRESHOLD = 1;
const MAX_ID = 40;

/** A rule for each SLO and severity. Throws RUNBOOK_PIPELINE_UNKNOWN. */
export function createSloRules({ slos, pipelines, scale = 1 }: AlertRulesInput): readonly AlertRule[] {
  return slos.flatMap((slo) => {
    const sli = SLI_CATALOG[slo.sli];
    const pipeline = getPipeline(pipelines, slo.pipeline);
    const windows = sloWindows(sli, slo, scale);
    return sli.severities.map((severity) => {
      const rows = windows.filter((row) => row.severity === severity);
      const lookBackMs = Math.max(...rows.map(({ longMs }) => longMs));
      const question = { pipeline, slo, scale };
      return {
        id: idOf(slo.slo, severity),
        alert: sli.alert,
        severity,
        pipeline: pipeline.name,
        owner: slo.owner,
        slo: slo.slo,
        labels: { severity, pipeline: pipeline.name, team: slo.owner, slo: slo.slo },
        labelColumns: [],
        summary: summaryOf(sli, slo, severity),
        description: slo.description,
        sql: statementOf(burnStatement(sli, question, rows), rows),
        ...(sli.exemplars === undefined ? {} : { exemplarSql: sli.exemplars(question, lookBackMs) }),
        threshold: THRESHOLD,
        forMs: 0,
        noData: 'ok',
        promql: promqlOf(slo, rows),
        panel: sli.panel,
      } as const;
    });
  });
}

function summaryOf({ bad }: Sli, { slo, pipeline, objective, period }: SloFile, severity: string): string {
  const goal = `${Number((objective * 100).toFixed(4))} % in ${period}`;
  return `Too many ${bad} in ${pipeline}: the error budget of ${slo} (${goal}) is spent {value} times as fast as a ${severity} allows.`;
}

/** The row that burns most counts; of a row its slower window. */
function statementOf(burn: string, rows: readonly SloWindow[]): string {
  const over = rows.map(({ factor }, index) => `ifNull(least(long_${index}, short_${index}), 0) / ${literal(factor)}`);
  return `SELECT toFloat64(${over.length === 1 ? (over[0] ?? '0') : `greatest(${over.join(', ')})`}) AS value FROM (\n${burn}\n)`;
}

function promqlOf({ slo, pipeline, objective }: SloFile, rows: readonly SloWindow[]): string {
  const series = `{slo=${JSON.stringify(slo)},pipeline=${JSON.stringify(pipeline)}}`;
  const sumOf = (what: 'rate' | 'increase', metric: string, ms: number): string =>
    `sum by (slo, pipeline) (${what}(${metric}${series}[${promDuration(ms)}]))`;
  const budget = Number((1 - objective).toPrecision(12));
  const isOver = (ms: number, factor: number): string =>
    `${sumOf('rate', METRICS.sloBadEvents, ms)} / ${sumOf('rate', METRICS.sloEvents, ms)} / ${Number((factor * budget).toPrecision(12))} > ${THRESHOLD}`;
  return rows
    .map(({ longMs, shortMs, factor, longMinimum, shortMinimum }) =>
      [
        isOver(longMs, factor),
        isOver(shortMs, factor),
        `${sumOf('increase', METRICS.sloEvents, longMs)} >= ${longMinimum}`,
        `${sumOf('increase', METRICS.sloEvents, shortMs)} >= ${shortMinimum}`,
      ].join(' and '),
    )
    .map((row) => `(${row})`)
    .join(' or ');
}

function promDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A long name keeps its beginning, and tells the rest by a digest. */
function idOf(slo: string, severity: string): string {
  const id = `${slo}-${severity}`;
  if (id.length <= MAX_ID) return id;
  const digest = createHash('sha256').update(slo).digest('hex').slice(0, 8);
  return `${slo.slice(0, MAX_ID - severity.length - digest.length - 2)}-${digest}-${severity}`;
}
