import { type Cohort, type Database, STAGES, type StageName, TABLES } from '#core';
import { PAIRED_STAGES, stageUs } from './latency-series.ts';
import type { Pathway } from './pathway.ts';
import { inlined } from './statement.ts';

export interface CohortQuestion {
  readonly pathway: Pathway;
  readonly goodFromMs: number;
  readonly goodToMs: number;
  readonly badFromMs: number;
  readonly badToMs: number;
  readonly signal?: AbortSignal;
}

const STATEMENT = `SELECT toFloat64(sum(length(end_to_end_us))) AS n, ifNotFinite(avgArray(end_to_end_us) / 1000, 0) AS mean_ms,
  ifNotFinite(quantileArray(0.99)(end_to_end_us) / 1000, 0) AS p99_ms,
  ifNotFinite(avgArray(broker_wait_us) / 1000, 0) AS mean_broker_wait, ifNotFinite(quantileArray(0.99)(broker_wait_us) / 1000, 0) AS p99_broker_wait,
  ${PAIRED_STAGES.map((stage) => `ifNotFinite(avgWeighted(${stageUs(stage)}, length(end_to_end_us)) / 1000, 0) AS mean_${stage}, ifNotFinite(quantile(0.99)(${stageUs(stage)}) / 1000, 0) AS p99_${stage}`).join(',\n  ')}
FROM ${TABLES.batches}
WHERE pipeline = {pipeline:String} AND published >= fromUnixTimestamp64Milli({from:Int64}) AND published < fromUnixTimestamp64Milli({to:Int64})
  AND notEmpty(end_to_end_us)`;

type Row = Readonly<Record<'n' | 'mean_ms' | 'p99_ms' | `mean_${StageName}` | `p99_${StageName}`, number>>;

/** Time by stage of the decisions of the good and of the bad time; undefined where one of them had none. Throws CLICKHOUSE_*. */
export async function readCohorts(
  database: Database,
  question: CohortQuestion,
): Promise<{ readonly good: Cohort; readonly bad: Cohort } | undefined> {
  const { goodFromMs, goodToMs, badFromMs, badToMs } = question;
  const good = await readCohort(database, question, [goodFromMs, goodToMs]);
  const bad = await readCohort(database, question, [badFromMs, badToMs]);
  return good === undefined || bad === undefined ? undefined : { good, bad };
}

async function readCohort(
  database: Database,
  { pathway, signal }: CohortQuestion,
  [from, to]: readonly [number, number],
): Promise<Cohort | undefined> {
  const sql = inlined(STATEMENT, { pipeline: pathway.pipeline, from: Math.round(from), to: Math.round(to) });
  const [row] = await database.query<Row>(sql, signal === undefined ? {} : { signal });
  if (row === undefined || row.n === 0) return undefined;
  const attributed = STAGES.reduce((sum, stage) => sum + row[`mean_${stage}`], 0);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    decisions: row.n,
    endToEndMeanMs: row.mean_ms,
    endToEndP99Ms: row.p99_ms,
    stages: [
      ...STAGES.map((stage) => ({
        stage,
        meanMs: row[`mean_${stage}`],
        p99Ms: row[`p99_${stage}`],
        budgetMeanMs: pathway.latencyBudget.stages[stage].meanMs,
      })),
      { stage: 'unattributed', meanMs: Math.max(0, row.mean_ms - attributed), p99Ms: null, budgetMeanMs: null },
    ],
  };
}
