import { beforeEach, describe, expect, test } from 'vitest';
import { predictionIdOf, traceIdOf } from '#core';
import { findEvent } from '../../../collector/journeys/event-lookup.ts';
import { clearTables, telemetryForFile } from '../../support/telemetry.ts';
import {
  batchIdOf,
  batchRecord,
  DAY_MS,
  decisionRecord,
  NOW_MS,
  outcomeRecord,
  receiptRecord,
  storeAll,
} from './journey-records.ts';

const telemetry = telemetryForFile();
beforeEach(() => clearTables(telemetry.database()));

const TIME_MS = NOW_MS - DAY_MS;

describe('an event by its id', () => {
  test('comes with everything that its records held, its outcome and its batch', async () => {
    const decision = decisionRecord({ id: 'a', offset: 7, timeMs: TIME_MS, batch: 'fedcba9876543210', waitMs: 12 });
    await storeAll(telemetry.database(), {
      decisions: [decision, decisionRecord({ id: 'b', offset: 8, timeMs: TIME_MS })],
      outcomes: [outcomeRecord(decision, 1)],
      batches: [
        batchRecord({ batch: 'fedcba9876543210', waitsMs: [12], publishUs: 2500 }),
        batchRecord({ batch: batchIdOf(1), waitsMs: [10], publishUs: 9 }),
      ],
    });
    const found = await findEvent(telemetry.database(), 'a');
    expect(found.receipts).toEqual([]);
    expect(found.decisions).toEqual([
      {
        pipeline: 'shop',
        position: { topic: 'shop.events', partition: 0, offset: 7 },
        fate: 'scored',
        event: { source: '/shop', id: 'a', type: 'bought', timeMs: TIME_MS },
        entity: 'ann',
        contract: { subject: 'bought', version: 2 },
        traceId: traceIdOf({ source: '/shop', id: 'a' }),
        replay: false,
        predictionId: predictionIdOf('shop', { source: '/shop', id: 'a' }),
        features: [
          { name: 'buys.count_5d', value: 2.5, status: 'present', ageMs: 90_000 },
          { name: 'looks.count_5d', value: null, status: 'not_found', ageMs: null },
        ],
        model: { name: 'again', version: 3, role: 'live' },
        score: 0.25,
        decision: 'write',
        backlog: false,
        skewed: false,
        appendedMs: NOW_MS - 60_012,
        polledMs: NOW_MS - 60_000,
        batchId: BigInt('0xfedcba9876543210').toString(),
        marks: {
          batch_wait: [0, 100],
          contract: [100, 300],
          feature_read: [300, 600],
          model_queue: [700, 800],
          model_compute: [800, 1300],
          decide: [1300, 1400],
        },
      },
    ]);
    expect(found.outcomes).toEqual([
      {
        outcome: 'again_3d',
        predictionId: found.decisions[0]?.predictionId,
        label: 1,
        maturedMs: TIME_MS + DAY_MS,
        settledBy: { source: '/shop', id: 'next' },
      },
    ]);
    expect(found.batches).toEqual([
      { batchId: found.decisions[0]?.batchId, publishedMs: NOW_MS - 60_000, publish: [1500, 2500] },
    ]);
  });

  test('lists what was sent again, and the same id of another source, without hiding a row', async () => {
    await storeAll(telemetry.database(), {
      decisions: [decisionRecord({ id: 'a', offset: 7, timeMs: TIME_MS, fate: 'collecting' })],
      receipts: [
        receiptRecord({ id: 'a', offset: 9, timeMs: TIME_MS, fate: 'duplicate' }),
        receiptRecord({ id: 'a', source: '/other', offset: 10, timeMs: TIME_MS, fate: 'quarantined', reason: 'contract: x' }),
        receiptRecord({ id: 'a', offset: 9, timeMs: TIME_MS, fate: 'duplicate' }),
      ],
    });
    const found = await findEvent(telemetry.database(), 'a');
    expect(found.decisions).toMatchObject([{ fate: 'collecting', model: undefined, score: undefined, decision: undefined }]);
    expect(found.receipts.map(({ fate, event, reason, detail }) => [fate, event.source, reason, detail])).toEqual([
      ['duplicate', '/shop', undefined, undefined],
      ['duplicate', '/shop', undefined, undefined],
      ['quarantined', '/other', 'contract: x', 'the sentence behind contract: x'],
    ]);
    expect(found.outcomes).toEqual([]);
    expect(found.batches).toEqual([]);
  });

  test.each([`a' OR 1=1 --`, String.raw`a\' OR '1'='1`, 'a`; DROP TABLE decisions', '{id:String}', 'ä\u0000\n\t€'])(
    'is looked up letter for letter: %j',
    async (id) => {
      await storeAll(telemetry.database(), {
        decisions: [decisionRecord({ id: 'a', offset: 1, timeMs: TIME_MS }), decisionRecord({ id, offset: 2, timeMs: TIME_MS })],
      });
      expect((await findEvent(telemetry.database(), id)).decisions.map(({ position }) => position.offset)).toEqual([2]);
    },
  );

  test('of nobody is nothing', async () => {
    expect(await findEvent(telemetry.database(), 'nobody')).toEqual({ decisions: [], receipts: [], outcomes: [], batches: [] });
  });
});
