import { describe, expect, test } from 'vitest';
import { type LogRecord, ManualClock } from '#core';
import { type Batch, type EventInFlight, forEachOpen, openEvents } from '../../../runtime/pipeline/batch.ts';
import { assembleShopBatch } from '../../support/shop-pipeline.ts';

const clock = new ManualClock(0);

function record(offset: number, headers: Readonly<Record<string, string>> = {}): LogRecord {
  return { topic: 'shop.events', partition: 0, offset, timestampMs: clock.now(), key: 'k', headers, value: new Uint8Array() };
}

const offsetsOf = (batch: Batch): number[] => batch.items.map((item) => item.record.offset);

describe('a batch', () => {
  test('an event that makes a stage throw is quarantined alone, with the stage and the message', () => {
    const { batch } = assembleShopBatch([record(0), record(1), record(2)]);
    const seen: number[] = [];
    forEachOpen(batch, 'features', ({ record: { offset } }) => {
      if (offset === 1) throw new Error('odd one');
      seen.push(offset);
    });
    expect(seen).toEqual([0, 2]);
    expect([...openEvents(batch)].map((event) => event.record.offset)).toEqual([0, 2]);
    const [, broken] = batch.items as EventInFlight[];
    expect(broken).toMatchObject({ fate: 'quarantined', reason: 'exception: features', detail: 'odd one' });
  });

  test('is cut behind the first watermark at or past the barrier, and says where to go on', () => {
    const watermark = (offset: number, time: string): LogRecord => record(offset, { tl_watermark: time });
    const records = [record(0), watermark(1, '2011-01-01T00:00:00Z'), record(2), watermark(3, '2011-01-02T00:00:00Z'), record(4)];
    expect(offsetsOf(assembleShopBatch(records).batch)).toEqual([0, 1, 2, 3, 4]);
    const cut = assembleShopBatch(records, { barrierMs: Date.UTC(2011, 0, 1, 12) });
    expect(offsetsOf(cut.batch)).toEqual([0, 1, 2, 3]);
    expect(cut.stopped).toEqual([{ partition: 0, offset: 4 }]);
  });

  test('leaves out partitions that are not ours any more', () => {
    expect(assembleShopBatch([record(0)], { lanes: new Map() }).batch.items).toEqual([]);
  });

  test('has an id of its own: another place in the log, or another poll, gives another', () => {
    const ids = [
      assembleShopBatch([record(0)]),
      assembleShopBatch([record(1)]),
      assembleShopBatch([{ ...record(0), partition: 1 }]),
      assembleShopBatch([record(0)], { polledMs: 1 }),
      assembleShopBatch([record(0)], { name: 'other' }),
    ].map(({ batch }) => batch.id);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/u);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tells backlog by the header, or by what was in the log before the runner began', () => {
    const at = (timestampMs: number, headers = {}): LogRecord => ({ ...record(timestampMs, headers), timestampMs });
    const records = [at(9), at(10), at(11, { tl_replay: 'x' }), at(12, { tl_replay: 'x', tl_backlog: '1' })];
    expect(assembleShopBatch(records, { startedMs: 10 }).batch.items).toMatchObject([
      { isBacklog: true, isReplay: false },
      { isBacklog: false, isReplay: false },
      { isBacklog: false, isReplay: true },
      { isBacklog: true, isReplay: true },
    ]);
  });
});
