import { type Database, type ModelRef, type SqlValue, TABLES } from '#core';
import { RECORD_SELECT, type RecordRow, recordOf, type StoredRecord } from './stored.ts';

/** A line of a list: an event, what became of it, and, where it entered scoring, how that went. */
export interface StoredSummary extends StoredRecord {
  readonly model: (ModelRef & { readonly role: string }) | undefined;
  readonly score: number | undefined;
  readonly decision: string | undefined;
  readonly label: 0 | 1 | undefined;
  /** Of a receipt. */
  readonly reason: string | undefined;
  /** Append to acknowledgement, µs; undefined for receipts, and where the batch's record is missing. */
  readonly endToEndUs: number | undefined;
  /** Counts for latency: no backlog, and the clocks in order. */
  readonly isLive: boolean;
}

export interface RowsQuestion {
  /** What follows FROM: a table, its filters, an order and a LIMIT. */
  readonly from: string;
  readonly params: Readonly<Record<string, SqlValue>>;
  readonly maxSeconds: number;
}

interface ChosenRow extends RecordRow {
  readonly model: string;
  readonly model_version: number;
  readonly model_role: string;
  readonly score: number | null;
  readonly decision: string;
  readonly is_live: boolean;
  readonly prediction: string;
  readonly batch: string;
  readonly wait_us: number;
}

const CHOSEN_SELECT = `${RECORD_SELECT}, model, model_version, model_role, score, decision, NOT backlog AND NOT skewed AS is_live,
  lower(hex(prediction_id)) AS prediction, toString(batch_id) AS batch,
  toFloat64(dateDiff('millisecond', appended, polled)) * 1000 AS wait_us`;

/* An outcome's predicted_at is its event's time, which the table is ordered by. */
const LABELS = `SELECT lower(hex(prediction_id)) AS prediction, label FROM ${TABLES.outcomes}
  WHERE pipeline IN {pipelines:Array(String)}
    AND predicted_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)})))
    AND prediction_id IN (SELECT toFixedString(unhex(arrayJoin({predictions:Array(String)})), 16)) LIMIT {limit:UInt32}`;

const PUBLISHED = `SELECT toString(batch_id) AS batch, toFloat64(publish_to_us) AS publish_to FROM ${TABLES.batches}
  WHERE batch_id IN (SELECT toUInt64(arrayJoin({batches:Array(String)}))) LIMIT {limit:UInt32}`;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Decisions by a bounded statement, in its order, with their outcomes and batches. */
export async function decisionSummaries(
  database: Database,
  { from, params, maxSeconds }: RowsQuestion,
): Promise<readonly StoredSummary[]> {
  const rows = await database.query<ChosenRow>(`SELECT ${CHOSEN_SELECT} FROM ${from}`, { params, maxSeconds });
  if (rows.length === 0) return [];
  const [labels, published] = await Promise.all([
    database.query<{ prediction: string; label: 0 | 1 }>(LABELS, {
      params: {
        pipelines: unique(rows.map(({ pipeline }) => pipeline)),
        times: rows.map(({ event_ms }) => event_ms),
        predictions: rows.map(({ prediction }) => prediction),
        limit: rows.length,
      },
      maxSeconds,
    }),
    database.query<{ batch: string; publish_to: number }>(PUBLISHED, {
      params: { batches: unique(rows.map(({ batch }) => batch)), limit: rows.length },
      maxSeconds,
    }),
  ]);
  const labelOf = new Map(labels.map(({ prediction, label }) => [prediction, label]));
  const publishOf = new Map(published.map(({ batch, publish_to }) => [batch, publish_to]));
  return rows.map((row) => summaryOf(row, { label: labelOf.get(row.prediction), publishUs: publishOf.get(row.batch) }));
}

function summaryOf(
  row: ChosenRow,
  { label, publishUs }: { readonly label: 0 | 1 | undefined; readonly publishUs: number | undefined },
): StoredSummary {
  return {
    ...recordOf(row),
    model: row.model === '' ? undefined : { name: row.model, version: row.model_version, role: row.model_role },
    score: row.score ?? undefined,
    decision: row.decision === '' ? undefined : row.decision,
    label,
    reason: undefined,
    endToEndUs: publishUs === undefined ? undefined : row.wait_us + publishUs,
    isLive: row.is_live,
  };
}

/** Receipts by a bounded statement, in its order. */
export async function receiptSummaries(
  database: Database,
  { from, params, maxSeconds }: RowsQuestion,
): Promise<readonly StoredSummary[]> {
  const rows = await database.query<RecordRow & { readonly reason: string }>(`SELECT ${RECORD_SELECT}, reason FROM ${from}`, {
    params,
    maxSeconds,
  });
  return rows.map((row) => ({
    ...recordOf(row),
    model: undefined,
    score: undefined,
    decision: undefined,
    label: undefined,
    reason: row.reason === '' ? undefined : row.reason,
    endToEndUs: undefined,
    isLive: false,
  }));
}
