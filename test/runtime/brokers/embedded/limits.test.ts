import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EventLog, systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import { readAll, stateOf, textRecord } from '../../../contract/log-fixture.ts';
import { createTemporaryFolder } from './log-folder.ts';

const limits = { maxRecordBytes: 1000, maxRecordsPerCommit: 10, maxCommitBytes: 5000, maxQueuedBytes: 6000 };
let folder: string;
let log: EventLog;

beforeEach(async () => {
  folder = createTemporaryFolder();
  log = await openEmbeddedLog({ folder, clock: systemClock, limits });
  await log.createTopic({ name: 't', partitions: 2, retention: {} });
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const records = (count: number, bytes: number) => Array.from({ length: count }, () => textRecord('t', 'x'.repeat(bytes)));
const state = (key: string, store = 's') => ({ state: [{ store, partition: 0, key, value: Buffer.from('v') }] });

it.each([
  ['a record that is too large', { records: records(1, 1001) }, 'BROKER_RECORD_TOO_LARGE'],
  ['too many records', { records: records(11, 1) }, 'BROKER_COMMIT_TOO_LARGE'],
  ['too many bytes', { records: records(6, 1000) }, 'BROKER_COMMIT_TOO_LARGE'],
  ['a state key that is too long', state('é'.repeat(1000)), 'BROKER_KEY_TOO_LONG'],
  ['a state key that is half a character', state('a\ud800'), 'BROKER_KEY_INVALID'],
  ['a store without a name', state('k', ''), 'BROKER_NAME_INVALID'],
  ['a store with a zero byte in its name', state('k', 'a\0b'), 'BROKER_NAME_INVALID'],
  ['a partition that is no number', { records: [textRecord('t', 'x', { partition: 0.5 })] }, 'BROKER_TOPIC_MISSING'],
] as const)('refuses %s and stores nothing of it', async (_title, commit, code) => {
  await expect(log.commit({ records: [textRecord('t', 'with it')], state: [], ...commit })).rejects.toMatchObject({ code });
  expect(await log.bounds({ topic: 't', partition: 0 })).toEqual({ start: 0, end: 0 });
});

it('takes the longest key that fits, and records up to the limits', async () => {
  const key = 'k'.repeat(1978 - 's'.length - 3);
  await log.commit({ ...state(key), records: records(4, 1000) });
  expect(await stateOf(log, 's')).toEqual([[key, 'v']]);
  expect(await readAll(log, { topic: 't' })).toHaveLength(4);
});

it('refuses more commits than may wait, and takes them once the disk has caught up', async () => {
  const first = log.commit({ records: records(4, 1000) });
  await expect(log.commit({ records: records(3, 1000) })).rejects.toMatchObject({ code: 'BROKER_QUEUE_FULL', retryable: true });
  await first;
  await log.commit({ records: records(3, 1000) });
  expect(await readAll(log, { topic: 't' })).toHaveLength(7);
});

it.each(['', 'a b', 'a/b', 'x'.repeat(250)])('refuses a topic named %j', async (name) => {
  await expect(log.createTopic({ name, partitions: 1, retention: {} })).rejects.toMatchObject({ code: 'BROKER_NAME_INVALID' });
});

it.each([0, 1.5, 1025])('refuses a topic of %d partitions', async (partitions) => {
  await expect(log.createTopic({ name: 'other', partitions, retention: {} })).rejects.toMatchObject({
    code: 'BROKER_TOPIC_MISMATCH',
  });
});

it('refuses offsets that are none, two polls at once, and work for partitions it does not hold', async () => {
  const consumer = await log.join({ group: 'g', topics: ['t'], from: 'start' });
  const commit = (offset: number) => log.commit({ offsets: { consumer, positions: [{ topic: 't', partition: 0, offset }] } });
  for (const offset of [-1, 0.5, Number.NaN])
    await expect(commit(offset)).rejects.toMatchObject({ code: 'BROKER_OFFSET_INVALID' });
  const abort = new AbortController();
  const poll = () => consumer.poll({ maxRecords: 1, maxWaitMs: 10_000, signal: abort.signal });
  const waiting = poll();
  await expect(poll()).rejects.toMatchObject({ code: 'BROKER_CONSUMER_BUSY' });
  abort.abort();
  await waiting;
  await consumer.close();
  expect(() => consumer.seek({ topic: 't', partition: 0, offset: 0 })).toThrow(
    expect.objectContaining({ code: 'BROKER_PARTITION_NOT_ASSIGNED' }),
  );
  await expect(poll()).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
});

it('answers everything with a sentence once it is closed, and ends a waiting poll', async () => {
  const consumer = await log.join({ group: 'g', topics: ['t'], from: 'start' });
  const waiting = consumer.poll({ maxRecords: 1, maxWaitMs: 10_000, signal: new AbortController().signal });
  const underWay = log.commit({ records: [textRecord('t', 'last')] });
  await log.close();
  await underWay;
  await waiting;
  await expect(log.commit({})).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  await expect(log.bounds({ topic: 't', partition: 0 })).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  await expect(readAll(log, { topic: 't' })).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
  await expect(stateOf(log, 's')).rejects.toMatchObject({ code: 'BROKER_CLOSED' });
});
