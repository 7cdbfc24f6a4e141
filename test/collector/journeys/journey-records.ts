import type { BatchRecord, Database, DecisionRecord, OutcomeRecord, ReceiptRecord, StageMarks } from '#core';
import { predictionIdOf, TABLES, traceIdOf } from '#core';
import { storeRecords } from '../../support/telemetry.ts';

/** Records as the outbox has them, for tests of what is read back from ClickHouse. */

export const NOW_MS = Date.UTC(2026, 0, 10, 12);
export const DAY_MS = 86_400_000;
export const FEATURES = ['buys.count_5d', 'looks.count_5d'];

export interface DecisionParts {
  readonly id: string;
  readonly source?: string;
  readonly pipeline?: string;
  readonly partition?: number;
  readonly offset: number;
  readonly timeMs: number;
  readonly entity?: string;
  readonly score?: number;
  readonly decision?: string;
  readonly batch?: string;
  readonly waitMs?: number;
  readonly backlog?: boolean;
  readonly fate?: 'scored' | 'collecting';
}

export const MARKS: StageMarks = {
  batchWait: [0, 100],
  contract: [100, 300],
  featureRead: [300, 600],
  modelQueue: [700, 800],
  modelCompute: [800, 1300],
  decide: [1300, 1400],
};

export const batchIdOf = (number: number): string => number.toString(16).padStart(16, '0');
const POLLED_MS = NOW_MS - 60_000;

const DEFAULTS = {
  source: '/shop',
  pipeline: 'shop',
  partition: 0,
  entity: 'ann',
  fate: 'scored',
  score: 0.25,
  decision: 'write',
  batch: batchIdOf(1),
  waitMs: 10,
  backlog: false,
} as const;

export function decisionRecord(parts: DecisionParts): DecisionRecord {
  const { id, offset, timeMs, source, pipeline, partition, entity, fate, score, decision, batch, waitMs, backlog } = {
    ...DEFAULTS,
    ...parts,
  };
  const event = { source, id };
  const scoring = { model: { name: 'again', version: 3, role: 'live' }, score, decision } as const;
  return {
    fate,
    predictionId: predictionIdOf(pipeline, event),
    traceId: traceIdOf(event),
    pipeline,
    event: { ...event, type: 'bought', timeMs },
    position: { topic: 'shop.events', partition, offset },
    contract: { subject: 'bought', version: 2 },
    entity,
    features: {
      names: FEATURES,
      values: [2.5, null],
      eventTimesMs: [timeMs - 90_000, null],
      statuses: ['present', 'not_found'],
    },
    ...(fate === 'scored' ? scoring : {}),
    replay: false,
    backlog,
    appendedMs: POLLED_MS - waitMs,
    polledMs: POLLED_MS,
    batchId: batch,
    marks: MARKS,
  };
}

export interface ReceiptParts extends Pick<DecisionParts, 'id' | 'source' | 'partition' | 'offset' | 'timeMs' | 'entity'> {
  readonly fate?: ReceiptRecord['fate'];
  readonly reason?: string;
  readonly views?: readonly string[];
}

export function receiptRecord({ id, offset, timeMs, ...more }: ReceiptParts): ReceiptRecord {
  const { source = '/shop', partition = 0, entity, fate = 'used_by_features', reason, views } = more;
  return {
    fate,
    pipeline: 'shop',
    event: { source, id, type: 'looked', timeMs },
    position: { topic: 'shop.events', partition, offset },
    contract: { subject: 'looked', version: 1 },
    ...(entity === undefined ? {} : { entity }),
    ...(views === undefined ? {} : { views }),
    ...(reason === undefined ? {} : { reason, detail: `the sentence behind ${reason}` }),
  };
}

export function outcomeRecord({ predictionId, pipeline, event, entity }: DecisionRecord, label: 0 | 1): OutcomeRecord {
  return {
    outcome: 'again_3d',
    predictionId,
    pipeline,
    event: { source: event.source, id: event.id },
    entity,
    label,
    predictedAtMs: event.timeMs,
    maturedAtMs: event.timeMs + DAY_MS,
    ...(label === 1 ? { settledBy: { source: '/shop', id: 'next' } } : {}),
  };
}

export interface BatchParts {
  readonly batch: string;
  readonly waitsMs: readonly number[];
  readonly publishUs: number;
  readonly publishedMs?: number;
  readonly decisions?: number;
  readonly skewed?: number;
  readonly marks?: StageMarks;
  readonly pipeline?: string;
}

export function batchRecord({ batch, waitsMs, publishUs, ...more }: BatchParts): BatchRecord {
  const { publishedMs = NOW_MS - 60_000, decisions = waitsMs.length, skewed = 0, marks = MARKS, pipeline = 'shop' } = more;
  return {
    batchId: batch,
    pipeline,
    polledMs: POLLED_MS,
    publishedMs,
    marks,
    publish: [1500, publishUs],
    events: decisions,
    decisions,
    brokerWaitUs: waitsMs.map((waitMs) => waitMs * 1000),
    endToEndUs: waitsMs.map((waitMs) => waitMs * 1000 + publishUs),
    skewed,
  };
}

export interface AllRecords {
  readonly decisions?: readonly DecisionRecord[];
  readonly receipts?: readonly ReceiptRecord[];
  readonly outcomes?: readonly OutcomeRecord[];
  readonly batches?: readonly BatchRecord[];
}

export async function storeAll(database: Database, records: AllRecords, ingestedMs = NOW_MS - 30_000): Promise<void> {
  const { decisions = [], receipts = [], outcomes = [], batches = [] } = records;
  await storeRecords(database, { table: TABLES.decisions, records: decisions, ingestedMs });
  await storeRecords(database, { table: TABLES.receipts, records: receipts, ingestedMs });
  await storeRecords(database, { table: TABLES.outcomes, records: outcomes, ingestedMs });
  await storeRecords(database, { table: TABLES.batches, records: batches, ingestedMs });
}
