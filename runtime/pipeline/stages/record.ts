import { HEADERS, QUARANTINE_SUFFIX, type ReceiptRecord, type RecordHeaders, TOPICS } from '#core';
import { type Batch, type EventInFlight, positionOf, recordedEvent, type StageFunction } from '../batch.ts';
import { decisionJson } from '../decision-json.ts';
import type { PipelineDefinition } from '../definition.ts';
import { broughtTraceId } from '../trace-context.ts';

const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

/**
 * Writes what became of each event to the outbox: a decision record for what entered scoring, a receipt for the rest, the
 * original of what was quarantined to its own topic; and the state of each partition beside them, for one transaction.
 */
export function createRecordStage(definition: PipelineDefinition): StageFunction {
  return (batch) => {
    for (const item of batch.items) {
      item.lane.progress.offset = item.record.offset + 1;
      if (item.kind === 'event') recordEvent(batch, item, definition);
    }
    for (const outcome of batch.outcomes) {
      batch.records.push({ topic: TOPICS.outcomes, key: outcome.entity, headers: JSON_HEADERS, value: JSON.stringify(outcome) });
    }
    for (const lane of new Set(batch.items.map((item) => item.lane))) batch.state.push(...lane.takeWrites());
  };
}

function recordEvent(batch: Batch, event: EventInFlight, definition: PipelineDefinition): void {
  const { lane } = event;
  const fate = event.fate ?? 'accepted';
  lane.progress.eventsRead += 1;
  lane.count(fate, event.reason);
  const isDecision = fate === 'scored' || fate === 'collecting';
  const value = isDecision
    ? decisionJson(event, { batch, fate, definition })
    : JSON.stringify(receiptOf(event, { fate, definition }));
  batch.records.push({
    topic: isDecision ? TOPICS.decisions : TOPICS.receipts,
    partition: lane.partition,
    headers: JSON_HEADERS,
    value,
    ...(event.entity === undefined ? {} : { key: event.entity }),
  });
  if (fate === 'quarantined') quarantineOriginal(batch, event);
}

function receiptOf(
  event: EventInFlight,
  { fate, definition }: { readonly fate: ReceiptRecord['fate']; readonly definition: PipelineDefinition },
): ReceiptRecord {
  const { entity, contract, views, reason, detail, duplicateOf } = event;
  const traceId = broughtTraceId(event);
  return {
    fate,
    pipeline: definition.name,
    event: recordedEvent(event),
    position: positionOf(event),
    ...(entity === undefined ? {} : { entity }),
    ...(contract === undefined ? {} : { contract }),
    ...(views === undefined ? {} : { views }),
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(event.isReplay ? { replay: true } : {}),
  };
}

function quarantineOriginal(batch: Batch, { record, lane, reason, detail }: EventInFlight): void {
  batch.records.push({
    topic: record.topic + QUARANTINE_SUFFIX,
    partition: lane.partition,
    ...(record.key === undefined ? {} : { key: record.key }),
    headers: {
      ...record.headers,
      tl_reason: reason ?? '',
      tl_detail: detail ?? '',
      tl_topic: record.topic,
      tl_partition: String(record.partition),
      tl_offset: String(record.offset),
    },
    value: record.value,
  });
}
