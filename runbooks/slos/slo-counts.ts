import type { Database } from '#core';
import { getPipeline, type RulePipeline } from '../alerts/rule-input.ts';
import type { SloFile } from '../config.ts';
import type { CountSlos, SloCount } from '../evaluation/slo-totals.ts';
import { SLI_CATALOG } from './catalog.ts';

/** What is counted. */
export interface CountedSlos {
  readonly database: Database;
  readonly slos: readonly SloFile[];
  readonly pipelines: readonly RulePipeline[];
  /** As AlertRulesInput.scale. */
  readonly scale: number;
}

interface CountRow {
  readonly events: number;
  readonly bad: number;
}

const MAX_SECONDS = 10;

/** Counts the events of each SLO, one statement after the other. The function rejects with RUNBOOK_PIPELINE_UNKNOWN, CLICKHOUSE_*. */
export function createSloCounts({ database, slos, pipelines, scale }: CountedSlos): CountSlos {
  return async ({ fromMs, toMs, signal }) => {
    const counts: SloCount[] = [];
    for (const slo of slos) {
      const window = { fromMs: toMs - fromMs, toMs: 0 };
      const events = SLI_CATALOG[slo.sli].events({ pipeline: getPipeline(pipelines, slo.pipeline), slo, scale, window });
      const statement = `SELECT toFloat64(sum(total)) AS events, toFloat64(sum(bad)) AS bad FROM (\n${events}\n)`;
      const options = { params: { nowMs: toMs }, maxSeconds: MAX_SECONDS, signal };
      const [row] = await database.query<CountRow>(statement, options);
      counts.push({ slo: slo.slo, pipeline: slo.pipeline, events: row?.events ?? 0, bad: row?.bad ?? 0 });
    }
    return counts;
  };
}
