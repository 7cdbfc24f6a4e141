import { type BatchRecord, type EventLog, type NewRecord, type ReceiptRecord, TOPICS, traceIdOf } from '#core';
import { decisionOf, outcomeOf, PARTITIONS, PIPELINE, type Prediction, TOPIC } from '../../drift/prediction-records.ts';

/** An outbox with something of everything. */

export const CUSTOMERS = 97;
const EVERY = 10;

export async function createOutbox(log: EventLog): Promise<void> {
  const { control, drift, fields, groups, failures, alerts } = TOPICS;
  for (const name of [control, drift, fields, groups, failures, alerts])
    await log.createTopic({ name, partitions: 1, retention: {} });
  for (const name of [TOPICS.decisions, TOPICS.receipts, TOPICS.outcomes, TOPICS.batches]) {
    await log.createTopic({ name, partitions: PARTITIONS, retention: {} });
  }
}

/** What became of an event that was not scored; every fourth brings a trace of its own. */
export function receiptOf(index: number): ReceiptRecord {
  const isQuarantined = index % 3 === 0;
  return {
    fate: isQuarantined ? 'quarantined' : 'used_by_features',
    pipeline: PIPELINE,
    event: { source: '/shop', id: `line-${index}`, type: 'basket.updated', timeMs: Date.UTC(2011, 0, 1) + index * 60_000 },
    position: { topic: TOPIC, partition: index % PARTITIONS, offset: 1_000_000 + Math.floor(index / PARTITIONS) },
    entity: `customer-${index % CUSTOMERS}`,
    contract: { subject: 'basket.updated', version: 1 },
    ...(isQuarantined
      ? { reason: 'contract: basket.updated /quantity minimum', detail: 'quantity is −1 “minus one”' }
      : { views: ['lines', 'spend'] }),
    ...(index % 4 === 0 ? { traceId: traceIdOf({ source: 'elsewhere', id: String(index) }) } : {}),
    replay: true,
  };
}

export function batchOf(index: number): BatchRecord {
  const marks = {
    batchWait: [0, 10],
    contract: [10, 30],
    featureRead: [30, 60],
    modelQueue: [60, 70],
    modelCompute: [70, 90],
    decide: [90, 95],
  } as const;
  return {
    batchId: index.toString(16).padStart(16, '0'),
    pipeline: PIPELINE,
    polledMs: 1_800_000_000_000 + index,
    publishedMs: 1_800_000_000_005 + index,
    marks,
    publish: [95, 4000],
    events: 12,
    decisions: 10,
    brokerWaitUs: [1000, 2000],
    endToEndUs: [5000, 6000],
    skewed: 1,
  };
}

/** Appends decisions, their outcomes, receipts and batches, in commits of a hundred predictions. */
export async function fillOutbox(log: EventLog, rows: readonly Prediction[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 100) {
    await log.commit({ records: rows.slice(from, from + 100).flatMap(recordsOf) });
  }
}

function recordsOf(row: Prediction): NewRecord[] {
  const decision = decisionOf(row);
  const outcome = outcomeOf(row);
  const receipt = receiptOf(row.index);
  const at = { partition: decision.position.partition, headers: {} };
  const record = (topic: string, value: object, key?: string): NewRecord => ({
    topic,
    ...at,
    ...(key === undefined ? {} : { key }),
    value: JSON.stringify(value),
  });
  return [
    record(TOPICS.decisions, decision, decision.entity),
    record(TOPICS.receipts, receipt, receipt.entity),
    ...(outcome === undefined ? [] : [record(TOPICS.outcomes, outcome, outcome.entity)]),
    ...(row.index % EVERY === 0 ? [record(TOPICS.batches, batchOf(row.index))] : []),
  ];
}
