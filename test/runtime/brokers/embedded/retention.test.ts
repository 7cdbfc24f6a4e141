import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EventLog, ManualClock, type Retention } from '#core';
import { pollRecords, readAll, textRecord } from '../../../contract/log-fixture.ts';
import { openTemporaryLog } from './log-folder.ts';

let clock: ManualClock;
let opened: Awaited<ReturnType<typeof openTemporaryLog>>;
let log: EventLog;

beforeEach(async () => {
  clock = new ManualClock(1_000_000);
  opened = await openTemporaryLog(clock);
  log = opened.log;
});
afterEach(() => opened.dispose());

/** A topic with one batch a minute, each of three records of ten bytes. */
async function fillTopic(retention: Retention, batches = 5): Promise<void> {
  await log.createTopic({ name: 't', partitions: 1, retention });
  for (let index = 0; index < batches; index++) {
    await log.commit({ records: [0, 1, 2].map((part) => textRecord('t', `${index}.${part}`.padEnd(10))) });
    clock.advance(60_000);
  }
}

const bounds = () => log.bounds({ topic: 't', partition: 0 });

it('removes whole batches that are too old by ingest time', async () => {
  await fillTopic({ maxAgeMs: 180_000 });
  expect(await log.sweep(clock.now())).toBe(6);
  expect(await bounds()).toEqual({ start: 6, end: 15 });
  expect((await readAll(log, { topic: 't' })).map((record) => record.offset)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect(await log.sweep(clock.now())).toBe(0);
});

it('removes the oldest batches while a partition holds too many bytes', async () => {
  await fillTopic({ maxBytes: 75 });
  expect(await log.sweep(clock.now())).toBe(9);
  expect(await bounds()).toEqual({ start: 9, end: 15 });
});

it('never removes the newest batch, and goes on counting after it was opened again', async () => {
  await fillTopic({ maxAgeMs: 1, maxBytes: 1 });
  expect(await log.sweep(clock.now() + 1e9)).toBe(12);
  log = await opened.reopen();
  expect(await bounds()).toEqual({ start: 12, end: 15 });
  await log.commit({ records: [textRecord('t', 'next')] });
  expect(await log.sweep(clock.now() + 1e9)).toBe(3);
  expect(await bounds()).toEqual({ start: 15, end: 16 });
});

it('keeps everything where no retention is set', async () => {
  await fillTopic({});
  expect(await log.sweep(clock.now() + 1e12)).toBe(0);
});

it('takes a changed retention from a repeated creation', async () => {
  await fillTopic({});
  await log.createTopic({ name: 't', partitions: 1, retention: { maxBytes: 30 } });
  log = await opened.reopen();
  expect(await log.listTopics()).toEqual([{ name: 't', partitions: 1, retention: { maxBytes: 30 } }]);
  expect(await log.sweep(clock.now())).toBe(12);
});

it('lets groups that lag behind the start go on at the start, and counts their lag from there', async () => {
  await fillTopic({ maxBytes: 60 });
  const consumer = await log.join({ group: 'g', topics: ['t'], from: 'start' });
  const [first] = await pollRecords(consumer, 1, 1);
  await log.commit({ offsets: { consumer, positions: [{ topic: 't', partition: 0, offset: (first?.offset ?? 0) + 1 }] } });
  await consumer.close();
  await log.sweep(clock.now());
  expect(await log.lag('g', 't')).toEqual([{ topic: 't', partition: 0, committed: 1, end: 15, lagRecords: 6 }]);
  const later = await log.join({ group: 'g', topics: ['t'], from: 'end' });
  expect((await pollRecords(later, 6)).map((record) => record.offset)).toEqual([9, 10, 11, 12, 13, 14]);
});

it('removes thousands of batches in steps while commits go on', async () => {
  await log.createTopic({ name: 't', partitions: 1, retention: { maxAgeMs: 1 } });
  await Promise.all(Array.from({ length: 5000 }, () => log.commit({ records: [textRecord('t', 'x')] })));
  clock.advance(1000);
  const [removed] = await Promise.all([log.sweep(clock.now()), log.commit({ records: [textRecord('t', 'during')] })]);
  expect(removed).toBeGreaterThanOrEqual(4999);
  expect((await readAll(log, { topic: 't' })).at(-1)?.offset).toBe(5000);
});
