import { type Database, type EpochMs, TABLES } from '#core';

export interface ThroughputMinute {
  /** Begin of the minute, epoch ms. */
  readonly atMs: EpochMs;
  readonly events: number;
  readonly decisions: number;
}

const MINUTES = 60;
const MINUTE_MS = 60_000;
const MAX_SECONDS = 5;

/* Both sides read the projection `counts`, never the rows: WHERE and GROUP BY name nothing else. */
const side = (table: string): string => `SELECT toStartOfMinute(ingested) AS minute, count() AS events FROM ${table}
  WHERE pipeline = {pipeline:String} AND toStartOfMinute(ingested) >= toDateTime({since:UInt32}, 'UTC')
    AND toStartOfMinute(ingested) <= toDateTime({until:UInt32}, 'UTC')
  GROUP BY minute`;

export const THROUGHPUT = `SELECT toFloat64(toUnixTimestamp(minute)) AS at, toFloat64(sum(events)) AS read, toFloat64(sum(scoring)) AS made FROM (
  SELECT minute, events, events AS scoring FROM (${side(TABLES.decisions)})
  UNION ALL SELECT minute, events, 0 AS scoring FROM (${side(TABLES.receipts)})) GROUP BY minute ORDER BY minute LIMIT ${MINUTES}`;

/** Events of a pipeline by minute of their ingest, over the last hour, oldest first; minutes without events are there, as 0. */
export async function readThroughput(
  database: Database,
  { pipeline, nowMs }: { readonly pipeline: string; readonly nowMs: EpochMs },
): Promise<readonly ThroughputMinute[]> {
  const untilMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const sinceMs = untilMs - (MINUTES - 1) * MINUTE_MS;
  const params = { pipeline, since: sinceMs / 1000, until: untilMs / 1000 };
  const rows = await database.query<{ at: number; read: number; made: number }>(THROUGHPUT, { params, maxSeconds: MAX_SECONDS });
  const found = new Map(rows.map(({ at, read, made }) => [at * 1000, { events: read, decisions: made }]));
  return Array.from({ length: MINUTES }, (_, index) => {
    const atMs = sinceMs + index * MINUTE_MS;
    return { atMs, ...(found.get(atMs) ?? { events: 0, decisions: 0 }) };
  });
}
