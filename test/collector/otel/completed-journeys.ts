import type { BatchRecord, CompletedBatch, CompletedEvent } from '#core';

/** Completed events and batches for tests of the spans. */

export const POLLED_MS = 1_764_000_000_123;

/** 40 ms in the log, then 10.25 ms to the acknowledgement. */
export const APPENDED_MS = POLLED_MS - 40;

export function batchRecord(changes: Partial<BatchRecord> = {}): BatchRecord {
  return {
    batchId: '00112233aabbccdd',
    pipeline: 'repurchase',
    polledMs: POLLED_MS,
    publishedMs: POLLED_MS + 10,
    marks: {
      batchWait: [0, 1000],
      contract: [1000, 2500],
      featureRead: [2500, 4000.5],
      modelQueue: [4000.5, 4200],
      modelCompute: [4200, 6000],
      decide: [6000, 7000],
    },
    publish: [7000, 10_250],
    events: 3,
    decisions: 1,
    brokerWaitUs: [40_000],
    endToEndUs: [50_250],
    skewed: 0,
    ...changes,
  };
}

export function completedEvent(changes: Partial<CompletedEvent> = {}): CompletedEvent {
  return {
    event: { source: 'urn:shop', id: 'order-1', type: 'order.placed', timeMs: 1_290_000_000_000 },
    position: { topic: 'shop.events', partition: 2, offset: 41 },
    appendedMs: APPENDED_MS,
    fate: 'accepted',
    replay: true,
    backlog: false,
    contract: { subject: 'order.placed', version: 3 },
    ...changes,
  };
}

export function scoredEvent(changes: Partial<CompletedEvent> = {}): CompletedEvent {
  return completedEvent({
    fate: 'scored',
    views: ['orders'],
    predictionId: 'ab'.repeat(16),
    model: { name: 'repurchase', version: 1, role: 'live' },
    score: 0.75,
    decision: 'write',
    ...changes,
  });
}

export function quarantinedEvent(changes: Partial<CompletedEvent> = {}): CompletedEvent {
  return completedEvent({
    fate: 'quarantined',
    reason: 'contract: /quantity minimum',
    detail: 'quantity is below 1',
    ...changes,
  });
}

export function completedBatch(events: readonly CompletedEvent[], changes: Partial<BatchRecord> = {}): CompletedBatch {
  return {
    batch: batchRecord({ events: events.length, ...changes }),
    topic: 'shop.events',
    predictionTopic: 'shop.predictions',
    events,
  };
}

/** An event of its own for each number. */
export function numbered(index: number): { readonly event: CompletedEvent['event'] } {
  return { event: { source: 'urn:shop', id: `order-${index}`, type: 'order.placed', timeMs: 0 } };
}
