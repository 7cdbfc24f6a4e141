import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Consumer, EventLog } from '#core';
import { pollRecords, textRecord } from '../../../contract/log-fixture.ts';
import { openTemporaryLog } from './log-folder.ts';

let opened: Awaited<ReturnType<typeof openTemporaryLog>>;
let log: EventLog;

beforeEach(async () => {
  opened = await openTemporaryLog();
  log = opened.log;
  await log.createTopic({ name: 't', partitions: 1, retention: {} });
});
afterEach(() => opened.dispose());

const join = (from: 'start' | 'end' = 'start'): Promise<Consumer> => log.join({ group: 'g', topics: ['t'], from });
const append = (...values: string[]) => log.commit({ records: values.map((value) => textRecord('t', value)) });
const commitAt = (consumer: Consumer, offset: number) =>
  log.commit({ offsets: { consumer, positions: [{ topic: 't', partition: 0, offset }] } });

it('refuses work from before a loss even when the member has got the partition back', async () => {
  await log.createTopic({ name: 'u', partitions: 2, retention: {} });
  await log.commit({ records: [0, 1].map((partition) => textRecord('u', 'x', { partition })) });
  const both = { group: 'h', topics: ['u'], from: 'start' } as const;
  const first = await log.join(both);
  await pollRecords(first, 2);
  const second = await log.join(both);
  const [lost] = second.assignment();
  await second.close();
  expect(first.assignment()).toHaveLength(2);
  const positions = [{ topic: 'u', partition: lost?.partition ?? 0, offset: 1 }];
  await expect(log.commit({ offsets: { consumer: first, positions } })).rejects.toMatchObject({
    code: 'BROKER_GENERATION_STALE',
  });
  await pollRecords(first, 1);
  await log.commit({ offsets: { consumer: first, positions } });
});

it('does not skip records when a partition that began at the end changes hands before its first commit', async () => {
  await append('old');
  const first = await join('end');
  const second = await join('end');
  await append('a', 'b');
  await pollRecords(first, 1, 1);
  await first.close();
  expect((await pollRecords(second, 2)).map(({ offset }) => offset)).toEqual([1, 2]);
});

it('hands a new owner what the old one had polled and not committed', async () => {
  await append('a', 'b', 'c');
  const first = await join();
  await pollRecords(first, 3);
  await commitAt(first, 1);
  const second = await join();
  expect(second.assignment()).toEqual([]);
  await first.close();
  expect((await pollRecords(second, 2)).map(({ offset }) => offset)).toEqual([1, 2]);
});

it('calls every listener and completes the change even when one of them throws', async () => {
  const calls: string[] = [];
  await log.createTopic({ name: 'u', partitions: 2, retention: {} });
  const first = await log.join({
    group: 'h',
    topics: ['u'],
    from: 'start',
    onRevoked: () => {
      throw new Error('listener broke');
    },
    onAssigned: () => calls.push('first'),
  });
  const joining = log.join({ group: 'h', topics: ['u'], from: 'start', onAssigned: () => calls.push('second') });
  await expect(joining).rejects.toThrow('listener broke');
  expect(calls).toEqual(['first', 'second']);
  expect(first.assignment()).toHaveLength(1);
});

it('reads batches far larger than a poll takes without decoding them again for each', async () => {
  const values = Array.from({ length: 5000 }, (_, index) => `${index}`);
  await append(...values);
  const consumer = await join();
  const records = await pollRecords(consumer, 300, 7);
  expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: records.length }, (_, index) => index));
});

it('fills a poll from as many batches and partitions as it takes', async () => {
  await log.createTopic({ name: 'u', partitions: 3, retention: {} });
  for (const [partition, count] of [
    [2, 4],
    [0, 1],
    [1, 1],
    [2, 3],
    [2, 3],
  ] as const) {
    await log.commit({ records: Array.from({ length: count }, () => textRecord('u', 'x', { partition })) });
  }
  const consumer = await log.join({ group: 'h', topics: ['u'], from: 'start' });
  const poll = async (maxRecords: number) => {
    const batches = await consumer.poll({ maxRecords, maxWaitMs: 0, signal: new AbortController().signal });
    return batches.flatMap((batch) => batch.records).length;
  };
  expect([await poll(1), await poll(6), await poll(9)]).toEqual([1, 6, 5]);
});

it('keeps the offsets of groups apart, names that share a beginning too', async () => {
  await append('a');
  const [one, two] = [
    await log.join({ group: 'g', topics: ['t'], from: 'start' }),
    await log.join({ group: 'g:1', topics: ['t'], from: 'start' }),
  ];
  await commitAt(one, 1);
  await commitAt(two, 0);
  await opened.reopen().then(async (reopened) => {
    expect(await reopened.committed('g', 't')).toEqual([{ topic: 't', partition: 0, offset: 1 }]);
    expect(await reopened.committed('g:1', 't')).toEqual([{ topic: 't', partition: 0, offset: 0 }]);
  });
});
