import { type AlertRule, type Database, type Exemplar, FATES, type Fate, TABLES } from '#core';

export interface ExemplarQuestion {
  readonly rule: AlertRule;
  readonly labels: Readonly<Record<string, string>>;
  readonly nowMs: number;
  readonly sinceMs: number;
}

interface Chosen {
  readonly source: string;
  readonly event_id: string;
  readonly note: string;
}

interface Known {
  readonly source: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly event_ms: number;
  readonly fate: string;
  readonly trace: string;
  readonly end_to_end_ms: number | null;
}

const MAX_EXEMPLARS = 5;

/* Both tables are asked for the ids alone; a bloom filter finds them. */
const KNOWN = `SELECT source, event_id, event_type, toFloat64(toUnixTimestamp64Milli(event_time)) AS event_ms, fate, lower(hex(trace_id)) AS trace,
  if(b.batch_id = 0, NULL, toFloat64(dateDiff('millisecond', d.appended, d.polled)) + toFloat64(b.publish_to_us) / 1000) AS end_to_end_ms
FROM (SELECT * FROM ${TABLES.decisions} WHERE event_id IN {ids:Array(String)}) AS d
ANY LEFT JOIN (SELECT batch_id, publish_to_us FROM ${TABLES.batches}
  WHERE batch_id IN (SELECT batch_id FROM ${TABLES.decisions} WHERE event_id IN {ids:Array(String)})) AS b ON b.batch_id = d.batch_id
UNION ALL
SELECT source, event_id, event_type, toFloat64(toUnixTimestamp64Milli(event_time)) AS event_ms, fate, lower(hex(trace_id)) AS trace,
  NULL AS end_to_end_ms
FROM ${TABLES.receipts} WHERE event_id IN {ids:Array(String)} LIMIT 50`;

/** Journeys that show an alert, chosen by its rule's own query. Throws CLICKHOUSE_*. */
export async function readExemplars(
  database: Database,
  { rule, labels, nowMs, sinceMs }: ExemplarQuestion,
): Promise<readonly Exemplar[]> {
  if (rule.exemplarSql === undefined) return [];
  const named = Object.fromEntries(rule.labelColumns.map((name) => [`label_${name}`, labels[name] ?? '']));
  const chosen = await database.query<Chosen>(rule.exemplarSql, { params: { ...named, nowMs, sinceMs } });
  if (chosen.length === 0) return [];
  const known = await database.query<Known>(KNOWN, { params: { ids: chosen.map(({ event_id }) => event_id) } });
  return chosen.slice(0, MAX_EXEMPLARS).flatMap((one) => exemplarOf(one, known));
}

function exemplarOf({ source, event_id: id, note }: Chosen, known: readonly Known[]): readonly Exemplar[] {
  const row = known.find((candidate) => candidate.source === source && candidate.event_id === id);
  const fate = FATES.find((name) => name === row?.fate) satisfies Fate | undefined;
  if (row === undefined || fate === undefined) return [];
  return [
    {
      event: { source, id, type: row.event_type, time: new Date(row.event_ms).toISOString() },
      fate,
      note,
      endToEndMs: row.end_to_end_ms,
      traceId: row.trace === '' ? null : row.trace,
    },
  ];
}
