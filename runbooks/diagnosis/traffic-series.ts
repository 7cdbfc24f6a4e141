import { TABLES } from '#core';
import type { SeriesDeps } from './ask.ts';
import { bucketOf, within } from './statement.ts';

/** What one producer sent of one subject in a bucket of processing time. */
export interface TrafficCell {
  readonly bucket: number;
  readonly source: string;
  readonly subject: string;
  readonly events: number;
  readonly quarantined: number;
}

export interface TrafficSeries {
  readonly cells: readonly TrafficCell[];
  /** All buckets of the look-back, those without traffic too. */
  readonly times: readonly number[];
}

/** Beyond it the smallest cells are left out: a workspace with thousands of producers. */
const MAX_CELLS = 50_000;

const STATEMENT = `SELECT bucket, source, subject, toFloat64(sum(n)) AS events, toFloat64(sum(bad)) AS quarantined FROM (
  SELECT ${bucketOf('ingested')} AS bucket, source, event_type AS subject, count() AS n, countIf(fate = 'quarantined') AS bad
  FROM ${TABLES.receipts} WHERE pipeline = {pipeline:String} AND ${within('ingested')} GROUP BY bucket, source, subject
  UNION ALL
  SELECT ${bucketOf('ingested')} AS bucket, source, event_type AS subject, count() AS n, 0 AS bad
  FROM ${TABLES.decisions} WHERE pipeline = {pipeline:String} AND ${within('ingested')} GROUP BY bucket, source, subject
) GROUP BY bucket, source, subject ORDER BY events DESC LIMIT ${MAX_CELLS}`;

/** Who sent what over the look-back. Throws CLICKHOUSE_*. */
export async function readTrafficSeries({ ask, lookback }: SeriesDeps): Promise<TrafficSeries> {
  const { rows: cells } = await ask<TrafficCell>(STATEMENT);
  const last = cells.reduce((latest, { bucket }) => Math.max(latest, bucket), -1);
  const times = Array.from({ length: last + 1 }, (_, bucket) => lookback.fromMs + bucket * lookback.bucketMs);
  return { cells, times };
}

/** Sums of some cells, bucket by bucket. */
export function seriesOf({ cells, times }: TrafficSeries, valueOf: (cell: TrafficCell) => number): number[] {
  const sums = times.map(() => 0);
  for (const cell of cells) sums[cell.bucket] = (sums[cell.bucket] ?? 0) + valueOf(cell);
  return sums;
}
