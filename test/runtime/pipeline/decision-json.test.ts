import { describe, expect, test } from 'vitest';
import type { Batch, EventInFlight } from '../../../runtime/pipeline/batch.ts';
import { decisionJson } from '../../../runtime/pipeline/decision-json.ts';
import { assembleShopBatch, SHOP_DEFINITION, SHOP_FEATURES } from '../../support/shop-pipeline.ts';

const HOSTILE = 'a"b\\c\u0000\n\u2028😀';

function inFlight(more: Partial<EventInFlight>): { event: EventInFlight; batch: Batch } {
  const record = {
    topic: 'shop.events',
    partition: 1,
    offset: 7,
    timestampMs: 99,
    key: 'k',
    headers: { tl_replay: 'x' },
    value: new Uint8Array(),
  };
  const { batch } = assembleShopBatch([record], { polledMs: 120, polledUs: 5000, startedMs: 100 });
  batch.times.take('batchWait', { fromUs: 5000, toUs: 5007.4 });
  batch.times.take('contract', { fromUs: 5007.4, toUs: 5010 });
  batch.times.take('contract', { fromUs: 5010, toUs: 5020 });
  const [item] = batch.items;
  if (item?.kind !== 'event') throw new Error('no event');
  Object.assign(item, {
    envelope: { id: HOSTILE, source: HOSTILE, type: 'bought', timeMs: 42 },
    contract: { subject: 'bought', version: 1 },
    entity: HOSTILE,
    predictionId: 'ff',
    features: { values: [1.5, null, 3], eventTimesMs: [40, null, 41], statuses: ['present', 'not_found', 'stale'] },
    ...more,
  });
  return { event: item, batch };
}

describe('the JSON of a decision', () => {
  const common = {
    predictionId: 'ff',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/u),
    pipeline: 'shop',
    event: { source: HOSTILE, id: HOSTILE, type: 'bought', timeMs: 42 },
    position: { topic: 'shop.events', partition: 1, offset: 7 },
    contract: { subject: 'bought', version: 1 },
    entity: HOSTILE,
    features: {
      names: SHOP_FEATURES,
      values: [1.5, null, 3],
      eventTimesMs: [40, null, 41],
      statuses: ['present', 'not_found', 'stale'],
    },
    replay: true,
    appendedMs: 99,
    backlog: true,
    polledMs: 120,
    batchId: expect.stringMatching(/^[0-9a-f]{16}$/u),
    marks: {
      batchWait: [0, 7],
      contract: [7, 20],
      featureRead: [0, 0],
      modelQueue: [0, 0],
      modelCompute: [0, 0],
      decide: [0, 0],
    },
  };

  test('holds all of a scored event, whatever its strings hold', () => {
    const { event, batch } = inFlight({ model: { name: 'again', version: 3 }, score: 0.125, decision: 'write' });
    const json: unknown = JSON.parse(decisionJson(event, { batch, fate: 'scored', definition: SHOP_DEFINITION }));
    expect(json).toEqual({
      fate: 'scored',
      ...common,
      model: { name: 'again', version: 3, role: 'live' },
      score: 0.125,
      decision: 'write',
    });
  });

  test('holds the scores of the versions in shadow, where there are some', () => {
    const live = { model: { name: 'again', version: 3 }, score: 0.125, decision: 'write' };
    const shadows = [
      { version: 1, score: 1e-9 },
      { version: 4, score: 0.5 },
    ];
    const { event, batch } = inFlight({ ...live, shadows });
    const json: unknown = JSON.parse(decisionJson(event, { batch, fate: 'scored', definition: SHOP_DEFINITION }));
    expect(json).toMatchObject({ score: 0.125, decision: 'write', shadows });
  });

  test('has no model, score and decision while collecting', () => {
    const { event, batch } = inFlight({});
    const json: unknown = JSON.parse(decisionJson(event, { batch, fate: 'collecting', definition: SHOP_DEFINITION }));
    expect(json).toEqual({ fate: 'collecting', ...common });
  });
});
