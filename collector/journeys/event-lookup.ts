import { type Database, TABLES } from '#core';
import {
  BATCH_SELECT,
  type BatchRow,
  batchOf,
  DECISION_SELECT,
  type DecisionRow,
  decisionOf,
  msOf,
  OUTCOME_SELECT,
  type OutcomeRow,
  outcomeOf,
  RECEIPT_SELECT,
  type ReceiptRow,
  type RecordRow,
  receiptOf,
  type StoredBatch,
  type StoredDecision,
  type StoredOutcome,
  type StoredReceipt,
} from './stored.ts';

/** Everything that is stored of the events with one id, from whatever source; oldest record first. */
export interface StoredEvent {
  readonly decisions: readonly StoredDecision[];
  readonly receipts: readonly StoredReceipt[];
  readonly outcomes: readonly StoredOutcome[];
  /** Of the decisions; one is missing where the process ended between a commit and the record of its batch. */
  readonly batches: readonly StoredBatch[];
}

/** An id that has more records than this is a producer's mistake; the rest is not shown. */
const MAX_RECORDS = 100;
const MAX_SECONDS = 5;

/*
 * Each table is asked by its own bloom filter: the view `journeys` would join all outcomes and batches first. The few rows are
 * sorted here, for an ORDER BY with a LIMIT makes ClickHouse read them twice.
 */
const BY_ID = `event_id = {id:String} LIMIT ${MAX_RECORDS}`;
const INGESTED = `${msOf('ingested')} AS ingested_at`;
const DECISIONS = `SELECT ${DECISION_SELECT}, ${INGESTED} FROM ${TABLES.decisions} WHERE ${BY_ID}`;
const RECEIPTS = `SELECT ${RECEIPT_SELECT}, ${INGESTED} FROM ${TABLES.receipts} WHERE ${BY_ID}`;
/* An outcome's predicted_at is its event's time, which the table is ordered by. */
const OUTCOMES = `SELECT ${OUTCOME_SELECT} FROM ${TABLES.outcomes} WHERE pipeline IN {pipelines:Array(String)}
    AND predicted_at IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)})))
    AND event_id = {id:String} LIMIT ${MAX_RECORDS}`;
const BATCHES = `SELECT ${BATCH_SELECT} FROM ${TABLES.batches}
  WHERE batch_id IN (SELECT toUInt64(arrayJoin({batches:Array(String)}))) LIMIT ${MAX_RECORDS}`;

type Ingested = RecordRow & { readonly ingested_at: number };

function byIngest(a: Ingested, b: Ingested): number {
  return a.ingested_at - b.ingested_at || a.partition - b.partition || a.at_offset - b.at_offset;
}

/** What is stored of an event id. All lists are empty where nothing is. */
export async function findEvent(database: Database, id: string): Promise<StoredEvent> {
  const options = { params: { id }, maxSeconds: MAX_SECONDS };
  const [decisions, receipts] = await Promise.all([
    database.query<DecisionRow & Ingested>(DECISIONS, options),
    database.query<ReceiptRow & Ingested>(RECEIPTS, options),
  ]);
  const entered = {
    decisions: decisions.toSorted(byIngest).map(decisionOf),
    receipts: receipts.toSorted(byIngest).map(receiptOf),
  };
  return { ...entered, ...(await whatFollowed(database, id, entered.decisions)) };
}

async function whatFollowed(
  database: Database,
  id: string,
  decisions: readonly StoredDecision[],
): Promise<Pick<StoredEvent, 'outcomes' | 'batches'>> {
  if (decisions.length === 0) return { outcomes: [], batches: [] };
  const pipelines = decisions.map(({ pipeline }) => pipeline);
  const times = decisions.map(({ event }) => event.timeMs);
  const batchIds = decisions.map(({ batchId }) => batchId);
  const [outcomes, batches] = await Promise.all([
    database.query<OutcomeRow>(OUTCOMES, { params: { id, pipelines, times }, maxSeconds: MAX_SECONDS }),
    database.query<BatchRow>(BATCHES, { params: { batches: batchIds }, maxSeconds: MAX_SECONDS }),
  ]);
  return { outcomes: outcomes.map(outcomeOf), batches: batches.map(batchOf) };
}
