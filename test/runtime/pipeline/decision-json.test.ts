import { describe, expect, test } from 'vitest';
import type { EventInFlight } from '../../../runtime/pipeline/batch.ts';
import { assembleBatch } from '../../../runtime/pipeline/batch-assembly.ts';
import { decisionJson } from '../../../runtime/pipeline/decision-json.ts';
import { Lane } from '../../../runtime/pipeline/lane.ts';
import { SHOP_DEFINITION, SHOP_FEATURES, SHOP_VIEWS } from '../../support/shop-pipeline.ts';

const HOSTILE = 'a"b\\c\u0000\n\u2028😀';

function inFlight(more: Partial<EventInFlight>): { event: EventInFlight; batch: ReturnType<typeof assembleBatch>['batch'] } {
  const lane = new Lane(1, SHOP_DEFINITION, SHOP_VIEWS);
  const record = {
    topic: 'shop.events',
    partition: 1,
    offset: 7,
    timestampMs: 99,
    key: 'k',
    headers: { tl_replay: 'x' },
    value: new Uint8Array(),
  };
  const { batch } = assembleBatch([{ topic: 'shop.events', partition: 1, records: [record] }], {
    lanes: new Map([[1, lane]]),
    polledUs: 5,
    barrierMs: undefined,
  });
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
    marks: expect.objectContaining({ polledUs: 5 }),
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

  test('has no model, score and decision while collecting', () => {
    const { event, batch } = inFlight({});
    const json: unknown = JSON.parse(decisionJson(event, { batch, fate: 'collecting', definition: SHOP_DEFINITION }));
    expect(json).toEqual({ fate: 'collecting', ...common });
  });
});
