import { beforeEach, describe, expect, test } from 'vitest';
import { traceIdOf } from '#core';
import { findEvent } from '../../../collector/journeys/event-lookup.ts';
import { findIdentifiers } from '../../../collector/journeys/identifiers.ts';
import { type FeatureUse, findUses } from '../../../collector/journeys/used-by.ts';
import { clearTables, telemetryForFile } from '../../support/telemetry.ts';
import { DAY_MS, decisionRecord, NOW_MS, outcomeRecord, receiptRecord, storeAll } from './journey-records.ts';

const telemetry = telemetryForFile();
beforeEach(() => clearTables(telemetry.database()));

const TIME_MS = NOW_MS - 50 * DAY_MS;

async function usesOf(id: string, range: { readonly fromMs: number; readonly toMs: number }): Promise<FeatureUse> {
  const [receipt] = (await findEvent(telemetry.database(), id)).receipts;
  if (receipt === undefined) throw new Error(`no receipt ${id}`);
  return findUses(telemetry.database(), { receipt, ...range });
}

describe('who used an event', () => {
  test('is later, of the same entity and partition, and within the window', async () => {
    const seen = decisionRecord({ id: 'seen', offset: 11, timeMs: TIME_MS + 1000 });
    await storeAll(telemetry.database(), {
      receipts: [receiptRecord({ id: 'look', offset: 10, timeMs: TIME_MS, entity: 'ann', views: ['looks'] })],
      decisions: [
        seen,
        decisionRecord({ id: 'before', offset: 9, timeMs: TIME_MS + 1000 }),
        decisionRecord({ id: 'other-entity', offset: 12, timeMs: TIME_MS + 1000, entity: 'bob' }),
        decisionRecord({ id: 'other-partition', offset: 13, partition: 1, timeMs: TIME_MS + 1000 }),
        decisionRecord({ id: 'other-pipeline', offset: 14, pipeline: 'other', timeMs: TIME_MS + 1000 }),
        decisionRecord({ id: 'too-late', offset: 15, timeMs: TIME_MS + DAY_MS }),
        decisionRecord({ id: 'too-early', offset: 16, timeMs: TIME_MS - 1 }),
        decisionRecord({ id: 'last', offset: 17, timeMs: TIME_MS + DAY_MS - 1, fate: 'collecting' }),
      ],
      outcomes: [outcomeRecord(seen, 1)],
    });
    const { uses, hasMore } = await usesOf('look', { fromMs: TIME_MS, toMs: TIME_MS + DAY_MS });
    expect(uses.map(({ event, score, label }) => [event.id, score, label])).toEqual([
      ['seen', 0.25, 1],
      ['last', undefined, undefined],
    ]);
    expect(hasMore).toBe(false);
  });

  test('is listed up to 20, and says that there are more', async () => {
    await storeAll(telemetry.database(), {
      receipts: [receiptRecord({ id: 'look', offset: 0, timeMs: TIME_MS, entity: 'ann' })],
      decisions: Array.from({ length: 21 }, (_, row) => decisionRecord({ id: `d${row}`, offset: 30 - row, timeMs: TIME_MS })),
    });
    const { uses, hasMore } = await usesOf('look', { fromMs: TIME_MS, toMs: TIME_MS + 1 });
    expect(uses.map(({ position }) => position.offset)).toEqual(Array.from({ length: 20 }, (_, row) => row + 10));
    expect(hasMore).toBe(true);
  });

  test('is nobody where the event names nobody', async () => {
    await storeAll(telemetry.database(), {
      receipts: [receiptRecord({ id: 'look', offset: 0, timeMs: TIME_MS })],
      decisions: [decisionRecord({ id: 'd', offset: 1, timeMs: TIME_MS, entity: '' })],
    });
    expect(await usesOf('look', { fromMs: TIME_MS, toMs: TIME_MS + DAY_MS })).toEqual({ uses: [], hasMore: false });
  });
});

describe('a text', () => {
  beforeEach(() =>
    storeAll(telemetry.database(), {
      decisions: [
        decisionRecord({ id: 'a', offset: 1, timeMs: TIME_MS }),
        decisionRecord({ id: 'b', offset: 2, timeMs: TIME_MS + 5 }),
      ],
      receipts: [receiptRecord({ id: 'a', offset: 3, timeMs: TIME_MS + 9, entity: 'ann' })],
    }),
  );

  test('is an event’s id, what entered scoring first', async () => {
    const { events, traced, entity } = await findIdentifiers(telemetry.database(), { text: 'a', entities: ['a'] });
    expect(events.map(({ fate, timeMs }) => [fate, timeMs])).toEqual([
      ['scored', TIME_MS],
      ['used_by_features', TIME_MS + 9],
    ]);
    expect([traced, entity]).toEqual([[], undefined]);
  });

  test('is a trace’s id', async () => {
    const text = traceIdOf({ source: '/shop', id: 'b' });
    expect((await findIdentifiers(telemetry.database(), { text, entities: [text] })).traced).toMatchObject([{ id: 'b' }]);
  });

  test('is an entity, counted', async () => {
    expect((await findIdentifiers(telemetry.database(), { text: 'x', entities: ['ann', 'x'] })).entity).toEqual({
      decisions: 2,
      receipts: 1,
      newestMs: TIME_MS + 9,
    });
  });

  test('is nothing', async () => {
    expect(await findIdentifiers(telemetry.database(), { text: 'x', entities: ['x'] })).toEqual({
      events: [],
      traced: [],
      entity: undefined,
    });
  });
});
