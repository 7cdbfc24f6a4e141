import { beforeEach, describe, expect, test } from 'vitest';
import { TABLES } from '#core';
import { readThroughput, THROUGHPUT } from '../../../collector/journeys/throughput.ts';
import { DAYS, readChanges, readDays } from '../../../collector/journeys/timeline.ts';
import { clearTables, telemetryForFile } from '../../support/telemetry.ts';
import { DAY_MS, decisionRecord, NOW_MS, receiptRecord, storeAll } from './journey-records.ts';

const telemetry = telemetryForFile();
beforeEach(() => clearTables(telemetry.database()));

const MIDNIGHT_MS = NOW_MS - 12 * 3_600_000;

describe('the time line', () => {
  test('counts events by their own day and fate', async () => {
    await storeAll(telemetry.database(), {
      decisions: [
        decisionRecord({ id: 'a', offset: 1, timeMs: MIDNIGHT_MS - 1 }),
        decisionRecord({ id: 'b', offset: 2, timeMs: MIDNIGHT_MS }),
        decisionRecord({ id: 'c', offset: 3, timeMs: MIDNIGHT_MS + 1, fate: 'collecting' }),
      ],
      receipts: [
        receiptRecord({ id: 'd', offset: 4, timeMs: MIDNIGHT_MS + DAY_MS - 1 }),
        receiptRecord({ id: 'e', offset: 5, timeMs: MIDNIGHT_MS + 2, fate: 'quarantined', reason: 'x' }),
        receiptRecord({ id: 'f', offset: 6, timeMs: MIDNIGHT_MS + 3, fate: 'quarantined', reason: 'x' }),
      ],
    });
    expect(await readDays(telemetry.database())).toEqual([
      { day: '2026-01-09', fate: 'scored', events: 1 },
      { day: '2026-01-10', fate: 'collecting', events: 1 },
      { day: '2026-01-10', fate: 'quarantined', events: 2 },
      { day: '2026-01-10', fate: 'scored', events: 1 },
      { day: '2026-01-10', fate: 'used_by_features', events: 1 },
    ]);
  });

  test('has the newest 500 changes, oldest first', async () => {
    const rows = Array.from({ length: 510 }, (_, index) => [
      NOW_MS,
      `c${index}`,
      'model_promoted',
      'again',
      NOW_MS + index * 1000,
      NOW_MS,
      'trainer',
      `v${index}`,
      '{}',
    ]);
    await telemetry.database().insert({
      table: TABLES.changes,
      columns: ['ingested_ms', 'change_id', 'kind', 'subject', 'at', 'recorded', 'actor', 'summary', 'fact'],
      lines: [
        Buffer.from(
          rows
            .map(([ingested, id, kind, subject, at, recorded, ...rest]) =>
              JSON.stringify([ingested, id, kind, subject, seconds(at), seconds(recorded), ...rest]),
            )
            .join('\n'),
        ),
      ],
      rowCount: rows.length,
      token: 'changes',
    });
    const changes = await readChanges(telemetry.database());
    expect(changes).toHaveLength(500);
    expect(changes[0]).toEqual({
      kind: 'model_promoted',
      subject: 'again',
      actor: 'trainer',
      summary: 'v10',
      atMs: NOW_MS + 10_000,
      recordedMs: NOW_MS,
    });
    expect(changes.at(-1)?.summary).toBe('v509');
  });

  test('and the throughput read the projection of counts, never the rows', async () => {
    await storeAll(telemetry.database(), {
      decisions: [decisionRecord({ id: 'a', offset: 1, timeMs: NOW_MS })],
      receipts: [receiptRecord({ id: 'b', offset: 2, timeMs: NOW_MS })],
    });
    const forced = 'SETTINGS force_optimize_projection = 1';
    expect(await telemetry.database().query(`${DAYS} ${forced}`)).toHaveLength(2);
    const params = { pipeline: 'shop', since: NOW_MS / 1000 - 3600, until: NOW_MS / 1000 };
    expect(await telemetry.database().query(`${THROUGHPUT} ${forced}`, { params })).toHaveLength(1);
    await expect(telemetry.database().query(`SELECT count() FROM decisions WHERE event_id = 'a' ${forced}`)).rejects.toThrow(
      /PROJECTION/iu,
    );
  });
});

/** DateTime64 takes seconds with a fraction. */
const seconds = (ms: unknown): string => (Number(ms) / 1000).toFixed(3);

describe('the throughput', () => {
  test('is the events of each of the last 60 minutes by ingest, none left out', async () => {
    const decisions = [1, 2].map((offset) => decisionRecord({ id: `d${offset}`, offset, timeMs: 1000 * offset }));
    const receipts = [3, 4, 5].map((offset) => receiptRecord({ id: `r${offset}`, offset, timeMs: 1000 * offset }));
    await storeAll(telemetry.database(), { decisions, receipts }, NOW_MS - 5 * 60_000);
    await storeAll(telemetry.database(), { receipts: [receiptRecord({ id: 'now', offset: 6, timeMs: 1 })] }, NOW_MS + 30_000);
    await storeAll(
      telemetry.database(),
      { receipts: [receiptRecord({ id: 'old', offset: 7, timeMs: 1 })] },
      NOW_MS - 60 * 60_000,
    );
    const minutes = await readThroughput(telemetry.database(), { pipeline: 'shop', nowMs: NOW_MS + 45_000 });
    expect(minutes).toHaveLength(60);
    expect(minutes[0]?.atMs).toBe(NOW_MS - 59 * 60_000);
    expect(minutes.filter(({ events }) => events > 0)).toEqual([
      { atMs: NOW_MS - 5 * 60_000, events: 5, decisions: 2 },
      { atMs: NOW_MS, events: 1, decisions: 0 },
    ]);
    expect(
      (await readThroughput(telemetry.database(), { pipeline: 'other', nowMs: NOW_MS })).every(({ events }) => events === 0),
    ).toBe(true);
  });
});
