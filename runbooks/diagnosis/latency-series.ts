import { STAGES, type StageName, TABLES } from '#core';
import type { SeriesDeps } from './ask.ts';
import { bucketOf, within } from './statement.ts';

/** A bucket of batches with live decisions; sums in ms. */
export interface LatencyBucket {
  readonly atMs: number;
  readonly batches: number;
  readonly events: number;
  readonly decisions: number;
  readonly skewed: number;
  /** Of batches; broker_wait of decisions. */
  readonly stageMs: Readonly<Record<StageName, number>>;
}

export interface LatencySeries {
  readonly buckets: readonly LatencyBucket[];
}

export const PAIRED_STAGES = STAGES.filter((stage) => stage !== 'broker_wait');
/** A stage's time of a batch, µs. */
export const stageUs = (stage: string): string => `(toInt64(${stage}_to_us) - toInt64(${stage}_from_us))`;

/* Backlog has no latency: its batches are large, and would hide what a live batch takes. */
const STATEMENT = `SELECT ${bucketOf('published')} AS bucket, toFloat64(count()) AS batches, toFloat64(sum(events)) AS event_count,
  toFloat64(sum(length(end_to_end_us))) AS counted, toFloat64(sum(skewed)) AS skewed_rows,
  sum(arraySum(us -> toFloat64(us), broker_wait_us)) / 1000 AS stage_broker_wait,
  ${PAIRED_STAGES.map((stage) => `sum(${stageUs(stage)}) / 1000 AS stage_${stage}`).join(', ')}
FROM ${TABLES.batches}
WHERE pipeline = {pipeline:String} AND ${within('published')} AND (notEmpty(end_to_end_us) OR skewed > 0)
GROUP BY bucket ORDER BY bucket`;

type Row = Readonly<Record<'bucket' | 'batches' | 'event_count' | 'counted' | 'skewed_rows' | `stage_${StageName}`, number>>;

/** Time by stage over the look-back. Throws CLICKHOUSE_*. */
export async function readLatencySeries({ ask, lookback }: SeriesDeps): Promise<LatencySeries> {
  const { rows } = await ask<Row>(STATEMENT);
  const buckets = rows.map((row) => ({
    atMs: lookback.fromMs + row.bucket * lookback.bucketMs,
    batches: row.batches,
    events: row.event_count,
    decisions: row.counted,
    skewed: row.skewed_rows,
    stageMs: Object.fromEntries(STAGES.map((stage) => [stage, row[`stage_${stage}`]])) as Record<StageName, number>,
  }));
  return { buckets };
}
