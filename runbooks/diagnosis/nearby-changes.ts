import { type Change, type Database, type NearbyChange, TABLES } from '#core';
import type { Pathway } from './pathway.ts';
import { inlined } from './statement.ts';

export interface ChangeQuestion {
  readonly pathway: Pathway;
  /** The middle of what is looked at, epoch ms. */
  readonly atMs: number;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

interface ChangeRow {
  readonly kind: string;
  readonly subject: string;
  readonly at_ms: number;
  readonly recorded_ms: number;
  readonly actor: string;
  readonly summary: string;
  readonly is_source: number;
}

const MAX_CHANGES = 50;
/* A deploy's own time is the processing clock's; what happened to the line of models says its event time, and was recorded when it happened. */
const STATEMENT = `SELECT kind, subject, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(recorded)) AS recorded_ms,
  actor, summary, toFloat64(subject IN (${[TABLES.receipts, TABLES.decisions]
    .map(
      (table) => `SELECT DISTINCT source FROM ${table}
    WHERE pipeline = {pipeline:String} AND ingested >= fromUnixTimestamp64Milli({from:Int64}) AND ingested < fromUnixTimestamp64Milli({to:Int64})`,
    )
    .join(' UNION ALL ')})) AS is_source
FROM ${TABLES.changes}
WHERE recorded >= fromUnixTimestamp64Milli({from:Int64}) AND recorded < fromUnixTimestamp64Milli({to:Int64}) AND NOT startsWith(kind, 'incident_')
ORDER BY abs(toUnixTimestamp64Milli(recorded) - {at:Int64}) LIMIT ${MAX_CHANGES}`;

/** What changed around a time, nearest first, and whether it is about something on the pathway. Throws CLICKHOUSE_*. */
export async function findNearbyChanges(database: Database, question: ChangeQuestion): Promise<readonly NearbyChange[]> {
  const { pathway, atMs, withinMs, signal } = question;
  const values = {
    pipeline: pathway.pipeline,
    at: Math.round(atMs),
    from: Math.round(atMs - withinMs),
    to: Math.round(atMs + withinMs),
  };
  const rows = await database.query<ChangeRow>(inlined(STATEMENT, values), signal === undefined ? {} : { signal });
  return rows.map((row) => {
    const touched = touchedBy(row, pathway);
    return {
      change: changeOf(row),
      minutesFromStart: (timeOf(row) - atMs) / 60_000,
      touches: touched !== undefined,
      why: touched ?? `Nothing of the pathway of ${pathway.pipeline} is called ${row.subject}.`,
    };
  });
}

/** When it happened on the processing clock. */
export function timeOf({
  kind,
  at_ms: atMs,
  recorded_ms: recordedMs,
}: Pick<ChangeRow, 'kind' | 'at_ms' | 'recorded_ms'>): number {
  return ['deploy', 'setting', 'other'].includes(kind) ? atMs : recordedMs;
}

function changeOf(row: ChangeRow): Change {
  const { kind, subject, summary, actor, at_ms: atMs, recorded_ms: recordedMs } = row;
  return { at: new Date(atMs).toISOString(), recordedAt: new Date(recordedMs).toISOString(), kind, subject, summary, actor };
}

/** What of the pathway a change is about, in a sentence. */
function touchedBy({ subject, is_source: isSource }: ChangeRow, pathway: Pathway): string | undefined {
  if (subject === pathway.group || subject === pathway.pipeline) return `${subject} is the pipeline that is hit.`;
  if (subject === pathway.topic) return `${subject} is the topic that the pipeline reads.`;
  if (subject === pathway.model.name) return `${subject} is the model that scores.`;
  if (pathway.contracts.some((contract) => contract.subject === subject)) return `${subject} is a contract of the pathway.`;
  if (pathway.views.some(({ view }) => view === subject)) return `${subject} is a view that the model reads.`;
  return isSource === 1 ? `${subject} is a producer of the pathway.` : undefined;
}
