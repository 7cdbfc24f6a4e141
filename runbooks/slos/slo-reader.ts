import { type Database, parseDuration, type SloView } from '#core';
import { getPipeline, type RulePipeline } from '../alerts/rule-input.ts';
import type { SloFile } from '../config.ts';
import { literal, SETTLE_MS } from '../sql-text.ts';
import { SLI_CATALOG } from './catalog.ts';
import { burnStatement, type SloWindow, sloWindows } from './slo-windows.ts';

export interface SloQuestion {
  readonly slo: SloFile;
  readonly pipelines: readonly RulePipeline[];
  /** As AlertRulesInput.scale: the period, too, is multiplied by it. */
  readonly scale?: number;
  readonly signal?: AbortSignal;
}

/** What can be read of an SLO; who owns it, and what is wrong, its reader knows. */
export type SloFigures = Omit<SloView, 'owner' | 'problem'>;

/** Steps of the period's history. */
const STEPS = 60;
const MAX_SECONDS = 30;

interface StepRow {
  readonly step: number;
  readonly bad: number;
  readonly total: number;
}
type BurnRow = Readonly<Record<string, number | null>>;

/** An SLO at a moment of the processing clock. Throws RUNBOOK_PIPELINE_UNKNOWN, CLICKHOUSE_*. */
export async function readSlo(database: Database, question: SloQuestion, nowMs: number): Promise<SloFigures> {
  const { slo, scale = 1, signal } = question;
  const sli = SLI_CATALOG[slo.sli];
  const pipeline = getPipeline(question.pipelines, slo.pipeline);
  const periodMs = Math.max(STEPS, Math.round(parseDuration(slo.period) * scale));
  const windows = sloWindows(sli, slo, scale);
  const of = { pipeline, slo, scale };
  const options = { params: { nowMs }, maxSeconds: MAX_SECONDS, ...(signal === undefined ? {} : { signal }) };
  const [rates] = await database.query<BurnRow>(burnStatement(sli, of, windows), options);
  const window = { fromMs: periodMs + SETTLE_MS, toMs: SETTLE_MS };
  const steps = await database.query<StepRow>(historyStatement(sli.events({ ...of, window }), periodMs), options);
  const events = steps.reduce((sum, { total }) => sum + total, 0);
  const bad = steps.reduce((sum, step) => sum + step.bad, 0);
  return {
    slo: slo.slo,
    sli: slo.sli,
    pipeline: slo.pipeline,
    description: slo.description,
    objective: slo.objective,
    periodSeconds: periodMs / 1000,
    events,
    bad,
    budgetLeft: events === 0 ? null : 1 - bad / events / (1 - slo.objective),
    burnRates: windows.map((row, index) => burnRateOf(row, rates?.[`long_${index}`], rates?.[`short_${index}`])),
    history: historyOf(steps, nowMs - SETTLE_MS - periodMs, periodMs / STEPS),
    alert: sli.alert,
  };
}

function historyStatement(events: string, periodMs: number): string {
  const beginsMs = `({nowMs:Int64} - ${literal(periodMs + SETTLE_MS)})`;
  return `SELECT toFloat64(least(${STEPS - 1}, intDiv((toUnixTimestamp64Milli(at) - ${beginsMs}) * ${STEPS}, ${literal(periodMs)}))) AS step,
  toFloat64(sum(bad)) AS bad, toFloat64(sum(total)) AS total
FROM (${events}) GROUP BY step ORDER BY step`;
}

function burnRateOf(
  { severity, longMs, shortMs, factor }: SloWindow,
  long: number | null = null,
  short: number | null = null,
): SloFigures['burnRates'][number] {
  const isFiring = long !== null && short !== null && long > factor && short > factor;
  return { severity, longSeconds: longMs / 1000, shortSeconds: shortMs / 1000, factor, long, short, isFiring };
}

/** From the first step with events on; steps without any have no share. */
function historyOf(rows: readonly StepRow[], beginsMs: number, stepMs: number): SloFigures['history'] {
  const first = rows[0]?.step ?? STEPS;
  const byStep = new Map(rows.map((row) => [row.step, row]));
  return Array.from({ length: STEPS - first }, (_, index) => {
    const { bad = 0, total = 0 } = byStep.get(first + index) ?? {};
    const at = new Date(beginsMs + (first + index) * stepMs).toISOString();
    return { at, events: total, badShare: total === 0 ? null : bad / total };
  });
}
