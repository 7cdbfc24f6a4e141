import { TABLES } from '#core';
import type { SeriesDeps } from './ask.ts';
import { bucketOf, within } from './statement.ts';

/** Where the group stood at the end of a bucket, in one partition. */
export interface PartitionSample {
  readonly end: number;
  /** 0 before the first commit. */
  readonly committed: number;
  readonly lagRecords: number;
  readonly lagMs: number;
}

export interface GroupBucket {
  readonly atMs: number;
  readonly members: number;
  readonly partitions: ReadonlyMap<number, PartitionSample>;
}

export interface GroupSeries {
  readonly buckets: readonly GroupBucket[];
  readonly partitions: readonly number[];
}

const STATEMENT = `SELECT ${bucketOf('at')} AS bucket, partition, toFloat64(argMax(members, at)) AS member_count,
  toFloat64(max(end_offset)) AS end, toFloat64(argMax(ifNull(committed_offset, 0), at)) AS committed,
  toFloat64(argMax(lag_records, at)) AS lag, toFloat64(argMax(lag_ms, at)) AS lag_ms_last
FROM ${TABLES.groupSamples}
WHERE consumer_group = {group:String} AND topic = {topic:String} AND ${within('at')}
GROUP BY bucket, partition ORDER BY bucket, partition`;

interface Row {
  readonly bucket: number;
  readonly partition: number;
  readonly member_count: number;
  readonly end: number;
  readonly committed: number;
  readonly lag: number;
  readonly lag_ms_last: number;
}

/** The pipeline's group in its topic over the look-back. Throws CLICKHOUSE_*. */
export async function readGroupSeries({ ask, lookback }: SeriesDeps): Promise<GroupSeries> {
  const { rows } = await ask<Row>(STATEMENT);
  const buckets = new Map<number, { atMs: number; members: number; partitions: Map<number, PartitionSample> }>();
  for (const row of rows) {
    const atMs = lookback.fromMs + row.bucket * lookback.bucketMs;
    const bucket = buckets.get(row.bucket) ?? { atMs, members: row.member_count, partitions: new Map() };
    buckets.set(row.bucket, bucket);
    const { end, committed, lag: lagRecords, lag_ms_last: lagMs } = row;
    bucket.partitions.set(row.partition, { end, committed, lagRecords, lagMs });
  }
  const partitions = [...new Set(rows.map(({ partition }) => partition))].toSorted((a, b) => a - b);
  return { buckets: [...buckets.values()], partitions };
}

/** Records that a partition got, bucket by bucket (the first has none before it). */
export function arrivalsOf({ buckets }: GroupSeries, partition: number): readonly number[] {
  return buckets.map(({ partitions }, index) => {
    const before = buckets[index - 1]?.partitions.get(partition);
    const now = partitions.get(partition);
    return before === undefined || now === undefined ? 0 : Math.max(0, now.end - before.end);
  });
}

/** Of the whole group, at the end of a bucket. */
export function totalsOf({ partitions }: GroupBucket): PartitionSample {
  const sum = { end: 0, committed: 0, lagRecords: 0, lagMs: 0 };
  for (const sample of partitions.values()) {
    sum.end += sample.end;
    sum.committed += sample.committed;
    sum.lagRecords += sample.lagRecords;
    sum.lagMs = Math.max(sum.lagMs, sample.lagMs);
  }
  return sum;
}
