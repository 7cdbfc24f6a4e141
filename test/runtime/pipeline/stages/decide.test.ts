import { expect, test } from 'vitest';
import { HEADERS, type LogRecord, spanIdOf, traceIdOf } from '#core';
import { createContractGate } from '../../../../app/contract-gate.ts';
import { type Batch, openEvents } from '../../../../runtime/pipeline/batch.ts';
import { createDecideStage } from '../../../../runtime/pipeline/stages/decide.ts';
import { assembleShopBatch, EMITTING_DECISION, SHOP_CONTRACTS, SHOP_DEFINITION } from '../../../support/shop-pipeline.ts';

/** A batch of events that a model gave these scores. */
function scored(scores: readonly number[]): Batch {
  const records = scores.map(
    (_, offset): LogRecord => ({
      topic: 't',
      partition: 0,
      offset,
      timestampMs: 0,
      key: 'k',
      headers: {},
      value: new Uint8Array(),
    }),
  );
  const { batch } = assembleShopBatch(records);
  for (const [index, event] of [...openEvents(batch)].entries()) {
    Object.assign(event, {
      envelope: { id: String(index), source: '/s', type: 'bought', timeMs: 0 },
      entity: 'ann',
      features: { values: [], eventTimesMs: [], statuses: [] },
      model: { name: 'again', version: 1 },
      score: scores[index],
    });
  }
  return batch;
}

test('a prediction carries the event’s trace on, sampled where its trace is kept', async () => {
  const batch = scored([0.2]);
  const asked: string[] = [];
  const isSampled = (traceId: string): boolean => asked.push(traceId) > 0;
  const gate = createContractGate(SHOP_CONTRACTS);
  await createDecideStage({ definition: SHOP_DEFINITION, gate, isSampled })(batch, new AbortController().signal);
  const traceId = traceIdOf({ source: '/s', id: '0' });
  const context = `00-${traceId}-${spanIdOf(traceId, 'publish')}-01`;
  expect(batch.records[0]?.headers).toMatchObject({ ce_traceparent: context, traceparent: context });
  expect(asked).toEqual([traceId]);
});

test('a prediction is the JSON of its parts, whatever the strings hold', async () => {
  const hostile = 'a"b\\c\u0000\n\u2028😀';
  const batch = scored([0.125]);
  for (const event of openEvents(batch)) {
    Object.assign(event, { entity: hostile, envelope: { id: hostile, source: hostile, type: 'bought', timeMs: 0 } });
  }
  const decide = createDecideStage({ definition: SHOP_DEFINITION, gate: createContractGate(SHOP_CONTRACTS) });
  await decide(batch, new AbortController().signal);
  const { predictionId, ...data } = JSON.parse(String(batch.records[0]?.value)) as Record<string, unknown>;
  expect(predictionId).toMatch(/^[0-9a-f]{32}$/u);
  expect(data).toEqual({
    entity: hostile,
    model: 'again',
    modelVersion: 1,
    score: 0.125,
    decision: 'write',
    scoredEvent: { source: hostile, id: hostile },
    horizonDays: 3,
  });
});

test('a score decides by the threshold, and one that is no number ends its own event alone', async () => {
  const batch = scored([0.2, Number.NaN, 0.5, Number.POSITIVE_INFINITY]);
  const decide = createDecideStage({ definition: SHOP_DEFINITION, gate: createContractGate(SHOP_CONTRACTS) });
  await decide(batch, new AbortController().signal);
  expect(batch.items).toMatchObject([
    { fate: 'scored', decision: 'write' },
    { fate: 'quarantined', reason: 'model: score is not finite', detail: "again v1 gave NaN for this event's features" },
    { fate: 'scored', decision: 'none' },
    { fate: 'quarantined' },
  ]);
  expect(batch.records.map(({ topic }) => topic)).toEqual(['shop.predictions', 'shop.predictions']);
});

const EMITTING = { ...SHOP_DEFINITION, decision: EMITTING_DECISION };

test('a decision under the threshold goes out as an event of its own, with its contract and the event’s trace', async () => {
  const batch = scored([0.2, 0.7]);
  const decide = createDecideStage({ definition: EMITTING, gate: createContractGate(SHOP_CONTRACTS) });
  await decide(batch, new AbortController().signal);
  const [prediction, decision, other] = batch.records;
  expect(batch.records.map(({ topic }) => topic)).toEqual(['shop.predictions', 'shop.letters', 'shop.predictions']);
  expect(other?.headers[HEADERS.id]).not.toBe(prediction?.headers[HEADERS.id]);
  expect(decision).toMatchObject({ partition: prediction?.partition, key: 'ann' });
  expect(decision?.headers).toEqual({
    ...prediction?.headers,
    [HEADERS.source]: '/throughline/pipelines/shop/decisions',
    [HEADERS.type]: 'written',
    [HEADERS.dataschema]: prediction?.headers[HEADERS.dataschema]?.replace('predicted', 'written'),
  });
  expect(JSON.parse(String(decision?.value))).toEqual({
    predictionId: prediction?.headers[HEADERS.id],
    entity: 'ann',
    model: 'again',
    modelVersion: 1,
    score: 0.2,
    threshold: 0.5,
    scoredEvent: { source: '/s', id: '0' },
    expiresAt: '1970-01-04T00:00:00.000Z',
  });
});

test('a decision that breaks its own contract stops the batch with a sentence', () => {
  const decision = { ...EMITTING_DECISION, emits: { topic: 'shop.letters', subject: 'bought' } };
  const decide = createDecideStage({
    definition: { ...SHOP_DEFINITION, decision },
    gate: createContractGate(SHOP_CONTRACTS),
  });
  expect(() => decide(scored([0.2]), new AbortController().signal)).toThrow(
    expect.objectContaining({
      code: 'RUNTIME_DECISION_INVALID',
      message: expect.stringMatching(
        /^the decision write for event 0 of \/s breaks its contract bought: .*; correct the contract .*: nothing was published$/u,
      ) as string,
    }),
  );
});
