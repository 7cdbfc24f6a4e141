import { describe, expect, test } from 'vitest';
import { type LogRecord, ManualClock } from '#core';
import { type Batch, type EventInFlight, forEachOpen, openEvents } from '../../../runtime/pipeline/batch.ts';
import { assembleBatch } from '../../../runtime/pipeline/batch-assembly.ts';
import { Lane } from '../../../runtime/pipeline/lane.ts';
import { SHOP_DEFINITION, SHOP_VIEWS } from '../../support/shop-pipeline.ts';

const clock = new ManualClock(0);

function record(offset: number, headers: Readonly<Record<string, string>> = {}): LogRecord {
  return { topic: 'shop.events', partition: 0, offset, timestampMs: clock.now(), key: 'k', headers, value: new Uint8Array() };
}

function assemble(records: readonly LogRecord[], barrierMs?: number): ReturnType<typeof assembleBatch> {
  const lanes = new Map([[0, new Lane(0, SHOP_DEFINITION, SHOP_VIEWS)]]);
  return assembleBatch([{ topic: 'shop.events', partition: 0, records }], { lanes, polledUs: 0, barrierMs });
}

const offsetsOf = (batch: Batch): number[] => batch.items.map((item) => item.record.offset);

describe('a batch', () => {
  test('an event that makes a stage throw is quarantined alone, with the stage and the message', () => {
    const { batch } = assemble([record(0), record(1), record(2)]);
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
    expect(offsetsOf(assemble(records).batch)).toEqual([0, 1, 2, 3, 4]);
    const cut = assemble(records, Date.UTC(2011, 0, 1, 12));
    expect(offsetsOf(cut.batch)).toEqual([0, 1, 2, 3]);
    expect(cut.stopped).toEqual([{ partition: 0, offset: 4 }]);
  });

  test('leaves out partitions that are not ours any more', () => {
    const { batch } = assembleBatch([{ topic: 'shop.events', partition: 1, records: [record(0)] }], {
      lanes: new Map(),
      polledUs: 0,
      barrierMs: undefined,
    });
    expect(batch.items).toEqual([]);
  });
});
