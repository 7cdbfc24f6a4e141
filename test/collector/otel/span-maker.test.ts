import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompletedEvent, spanIdOf, traceIdOf } from '#core';
import { batchRecord, completedBatch, completedEvent, POLLED_MS, quarantinedEvent, scoredEvent } from './completed-journeys.ts';
import { keptSpans, timesOf } from './kept-spans.ts';

const EVENT = { source: 'urn:shop', id: 'order-1' };
const TRACE = traceIdOf(EVENT);

/** The spans of one event, by name, without the batch's poll span. */
async function spansOf(event: CompletedEvent, changes = {}): Promise<ReadonlyMap<string, ReadableSpan>> {
  const { journeys, spans } = keptSpans();
  journeys.completed(completedBatch([event], changes));
  await journeys.flush();
  return new Map(spans().flatMap((span) => (span.name.startsWith('poll') ? [] : [[span.name, span]])));
}

describe('the spans of a journey', () => {
  it.each<readonly [string, CompletedEvent, readonly string[]]>([
    [
      'scored',
      scoredEvent(),
      [
        'wait in shop.events',
        'wait in batch',
        'contract order.placed',
        'features',
        'queue for repurchase v1',
        'model repurchase v1',
        'decide',
        'send shop.predictions',
        'process shop.events',
      ],
    ],
    [
      'collecting',
      completedEvent({ fate: 'collecting' }),
      [
        'wait in shop.events',
        'wait in batch',
        'contract order.placed',
        'features',
        'decide',
        'commit shop.events',
        'process shop.events',
      ],
    ],
    [
      'used by features',
      completedEvent({ fate: 'used_by_features', views: ['orders', 'baskets'] }),
      ['wait in shop.events', 'wait in batch', 'contract order.placed', 'features', 'commit shop.events', 'process shop.events'],
    ],
    [
      'quarantined',
      quarantinedEvent(),
      ['wait in shop.events', 'wait in batch', 'contract order.placed', 'commit shop.events', 'process shop.events'],
    ],
    [
      'read before it was appended',
      completedEvent({ appendedMs: POLLED_MS + 5 }),
      ['wait in batch', 'contract order.placed', 'commit shop.events', 'process shop.events'],
    ],
  ])('that was %s are its stages', async (_case, event, names) => {
    expect([...(await spansOf(event)).keys()]).toEqual(names);
  });

  it('never carry the type of an event without a contract in their name: anyone may send any type', async () => {
    const { contract: _, ...unknown } = quarantinedEvent();
    const spans = await spansOf({ ...unknown, event: { ...unknown.event, type: 'made.up.by.a.stranger' } });
    expect([...spans.keys()].filter((name) => name.includes('stranger'))).toEqual([]);
    expect(spans.get('contract')).toBeDefined();
  });

  it('have ids that follow from trace and step, and hang on the process span', async () => {
    const spans = [...(await spansOf(scoredEvent())).values()];
    const process = spans.find(({ name }) => name.startsWith('process'));
    const send = spans.find(({ name }) => name.startsWith('send'));
    expect(process?.spanContext()).toMatchObject({ traceId: TRACE, spanId: spanIdOf(TRACE, 'process') });
    expect(process?.parentSpanContext).toBeUndefined();
    expect(send?.spanContext()).toMatchObject({ traceId: TRACE, spanId: spanIdOf(TRACE, 'publish') });
    expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(spans.length);
    for (const child of spans.filter((span) => span !== process)) {
      expect(child.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: spanIdOf(TRACE, 'process') });
    }
  });

  it('go on with the trace that the event brought, under its span, with the derived id as an attribute', async () => {
    const [brought, parent] = ['c'.repeat(32), 'd'.repeat(16)];
    const spans = [...(await spansOf(scoredEvent({ traceparent: `00-${brought}-${parent}-00` }))).values()];
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([brought]));
    const process = spans.find(({ name }) => name.startsWith('process'));
    expect(process?.parentSpanContext).toMatchObject({ traceId: brought, spanId: parent, isRemote: true });
    expect(process?.attributes).toMatchObject({ 'evai.event.trace_id': TRACE });
  });

  it('say what was done by the names of the semantic conventions', async () => {
    const spans = await spansOf(scoredEvent());
    const process = spans.get('process shop.events');
    expect(process?.kind).toBe(SpanKind.CONSUMER);
    expect(process?.status.code).toBe(SpanStatusCode.UNSET);
    expect(process?.attributes).toEqual({
      'messaging.system': 'throughline',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'shop.events',
      'messaging.destination.partition.id': '2',
      'messaging.kafka.offset': 41,
      'messaging.consumer.group.name': 'repurchase',
      'messaging.message.id': 'order-1',
      'evai.pipeline.name': 'repurchase',
      'evai.event.id': 'order-1',
      'evai.event.source': 'urn:shop',
      'evai.event.type': 'order.placed',
      'evai.fate': 'scored',
      'evai.trace.kept_because': 'ratio',
      'evai.replay': true,
      'evai.contract.name': 'order.placed',
      'evai.contract.version': 3,
      'evai.model.name': 'repurchase',
      'evai.model.version': 1,
      'evai.model.role': 'live',
      'evai.prediction.id': 'ab'.repeat(16),
      'evai.prediction.score': 0.75,
      'evai.prediction.label': 'write',
    });
    const send = spans.get('send shop.predictions');
    expect(send?.kind).toBe(SpanKind.PRODUCER);
    expect(send?.attributes).toMatchObject({
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'shop.predictions',
      'messaging.message.id': 'ab'.repeat(16),
    });
    expect(spans.get('features')?.attributes).toEqual({ 'evai.feature.view': ['orders'] });
    expect(spans.get('model repurchase v1')?.kind).toBe(SpanKind.INTERNAL);
    expect(process?.resource.attributes).toMatchObject({ 'service.name': 'throughline' });
  });

  it('say why an event was quarantined', async () => {
    const process = (await spansOf(quarantinedEvent())).get('process shop.events');
    expect(process?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'quantity is below 1' });
    expect(process?.attributes).toMatchObject({
      'error.type': 'contract: /quantity minimum',
      'evai.fate': 'quarantined',
      'evai.trace.kept_because': 'quarantined',
    });
  });

  it('mark skewed clocks instead of clamping them in silence', async () => {
    const process = (await spansOf(completedEvent({ appendedMs: POLLED_MS + 5 }))).get('process shop.events');
    expect(process?.attributes).toMatchObject({ 'evai.clock_skew_us': 5000 });
  });

  it('add up to end to end, without gap or overlap, whatever the stages took', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat({ max: 3_600_000 }), async (lengthsUs, waitMs) => {
        const ends = lengthsUs.map((_, index) => lengthsUs.slice(0, index + 1).reduce((sum, us) => sum + us, 0));
        const pair = (index: number): readonly [number, number] => [ends[index - 1] ?? 0, ends[index] ?? 0];
        const [batchWait, contract, featureRead] = [pair(0), pair(1), pair(2)];
        const [modelQueue, modelCompute, decide, publish] = [pair(3), pair(4), pair(5), pair(6)];
        const marks = { batchWait, contract, featureRead, modelQueue, modelCompute, decide };
        const spans = [...(await spansOf(scoredEvent({ appendedMs: POLLED_MS - waitMs }), { marks, publish })).values()];
        const process = spans.pop();
        const times = spans.map(timesOf);
        const [startUs, endUs] = process === undefined ? [0, 0] : timesOf(process);
        expect(endUs - startUs).toBe(waitMs * 1000 + publish[1]);
        expect(startUs).toBe((POLLED_MS - waitMs) * 1000);
        expect(times.map(([fromUs]) => fromUs)).toEqual([startUs, ...times.slice(0, -1).map(([, toUs]) => toUs)]);
        expect(times.at(-1)?.[1]).toBe(endUs);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the poll span of a batch', () => {
  it('is made where a journey is kept, linked to those and back, and to no other', async () => {
    const { journeys, spans } = keptSpans({ selection: { ratio: 0 } });
    const [first, second] = ['order-1', 'order-2'].map((id) => quarantinedEvent({ event: { ...completedEvent().event, id } }));
    journeys.completed(completedBatch([scoredEvent(), ...(first && second ? [first, second] : [])]));
    journeys.completed(completedBatch([scoredEvent()], { batchId: 'f'.repeat(16) }));
    await journeys.flush();
    const polls = spans().filter(({ name }) => name.startsWith('poll'));
    expect(polls).toHaveLength(1);
    const [poll] = polls;
    expect(poll?.kind).toBe(SpanKind.CLIENT);
    expect(poll?.attributes).toMatchObject({
      'messaging.operation.name': 'poll',
      'messaging.operation.type': 'receive',
      'messaging.batch.message_count': 3,
    });
    const processes = spans().filter(({ name }) => name.startsWith('process'));
    const idsOf = (span: ReadableSpan | undefined) => ({
      traceId: span?.spanContext().traceId,
      spanId: span?.spanContext().spanId,
    });
    expect(poll?.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId }))).toEqual(processes.map(idsOf));
    for (const process of processes) {
      expect(process.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId }))).toEqual([idsOf(poll)]);
    }
    expect(poll === undefined ? undefined : timesOf(poll)).toEqual([POLLED_MS * 1000, POLLED_MS * 1000]);
    expect(idsOf(poll).traceId).toBe(traceIdOf({ source: batchRecord().pipeline, id: batchRecord().batchId }));
  });
});
