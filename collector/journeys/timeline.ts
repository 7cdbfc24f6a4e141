import { type Database, type EpochMs, type Fate, TABLES } from '#core';
import { msOf } from './stored.ts';

/** How many events of a day (UTC, event time) met which fate. */
export interface DayCount {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly fate: Fate;
  readonly events: number;
}

/** A row of the changes table. */
export interface StoredChange {
  readonly kind: string;
  readonly subject: string;
  readonly summary: string;
  readonly actor: string;
  readonly atMs: EpochMs;
  readonly recordedMs: EpochMs;
}

const MAX_DAYS = 800;
const MAX_CHANGES = 500;
const MAX_SECONDS = 5;

/* Grouped exactly as the projection `counts` is, which holds a row for each minute of ingest and day, not for each event. */
const countsOf = (table: string): string =>
  `SELECT toDate(event_time) AS date, fate, count() AS events FROM ${table} GROUP BY date, fate`;

export const DAYS = `WITH counted AS (SELECT date, fate, sum(events) AS total FROM (
    ${countsOf(TABLES.decisions)} UNION ALL ${countsOf(TABLES.receipts)}) GROUP BY date, fate)
  SELECT toString(date) AS day, fate, toFloat64(total) AS events FROM counted
  WHERE date IN (SELECT DISTINCT date FROM counted ORDER BY date DESC LIMIT ${MAX_DAYS}) ORDER BY date, fate`;

const CHANGES = `SELECT kind, subject, summary, actor, ${msOf('at')} AS at_ms, ${msOf('recorded')} AS recorded_ms
  FROM (SELECT * FROM ${TABLES.changes} ORDER BY at DESC, change_id DESC LIMIT ${MAX_CHANGES}) ORDER BY at, change_id`;

/** Events by day and fate, oldest first; the newest 800 days. */
export async function readDays(database: Database): Promise<readonly DayCount[]> {
  return database.query<DayCount>(DAYS, { maxSeconds: MAX_SECONDS });
}

/** The newest 500 changes, oldest first. */
export async function readChanges(database: Database): Promise<readonly StoredChange[]> {
  const rows = await database.query<{
    kind: string;
    subject: string;
    summary: string;
    actor: string;
    at_ms: number;
    recorded_ms: number;
  }>(CHANGES, { maxSeconds: MAX_SECONDS });
  return rows.map(({ at_ms, recorded_ms, ...row }) => ({ ...row, atMs: at_ms, recordedMs: recorded_ms }));
}
