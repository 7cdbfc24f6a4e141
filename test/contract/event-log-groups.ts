import { describe, expect, it } from 'vitest';
import type { Consumer, EventLog, PolledBatch } from '#core';
import {
  type LogUnderTest,
  never,
  pollOnce,
  pollRecords,
  readAll,
  stateOf,
  textRecord,
  useLog,
  valuesOf,
} from './log-fixture.ts';

/** What a member of a group reads, and when. */
export function consumerContract(open: () => Promise<LogUnderTest>): void {
  describe('consumers', () => {
    let opened: LogUnderTest;
    let log: EventLog;
    let topic = '';
    useLog(open, (fresh, newTopic) => {
      [opened, log, topic] = [fresh, fresh.log, newTopic];
    });
    const createTopic = (partitions: number): Promise<void> => log.createTopic({ name: topic, partitions, retention: {} });
    const append = (values: readonly string[], partition = 0): Promise<unknown> =>
      log.commit({ records: values.map((value) => textRecord(topic, value, { partition })) });
    const join = (group = topic, more: Partial<Parameters<EventLog['join']>[0]> = {}): Promise<Consumer> =>
      log.join({ group, topics: [topic], from: 'start', ...more });

    it('reads every partition in order, and never more than it was asked for', async () => {
      await createTopic(3);
      for (const partition of [0, 1, 2]) await append(['a', 'b', 'c', 'd'], partition);
      const consumer = await join();
      const polls: (readonly PolledBatch[])[] = [];
      for (let got = 0; got < 12; ) {
        const batches = await consumer.poll({ maxRecords: 5, maxWaitMs: 200, signal: never });
        const count = batches.reduce((sum, batch) => sum + batch.records.length, 0);
        expect(count).toBeLessThanOrEqual(5);
        got += count;
        polls.push(batches);
      }
      for (const partition of [0, 1, 2]) {
        const records = polls
          .flat()
          .filter((batch) => batch.partition === partition)
          .flatMap((batch) => batch.records);
        expect(valuesOf(records)).toEqual(['a', 'b', 'c', 'd']);
      }
      expect(await pollOnce(consumer)).toEqual([]);
    });

    it('takes turns: a full partition does not starve the others', async () => {
      await createTopic(4);
      await append(
        Array.from({ length: 200 }, (_, index) => `${index}`),
        0,
      );
      for (const partition of [1, 2, 3]) await append(['x', 'y'], partition);
      const consumer = await join();
      const records = await pollRecords(consumer, 16, 2);
      expect(new Set(records.slice(0, 16).map((record) => record.partition))).toEqual(new Set([0, 1, 2, 3]));
    });

    it('gives what other partitions leave over to one that has more', async () => {
      await createTopic(4);
      await append(['a', 'b', 'c', 'd', 'e', 'f'], 2);
      expect(await pollRecords(await join(), 6, 6)).toHaveLength(6);
    });

    it('starts at the end where it is told to, and at the committed offset where there is one', async () => {
      await createTopic(1);
      await append(['old']);
      const consumer = await join(`${topic}-end`, { from: 'end' });
      expect(await pollOnce(consumer)).toEqual([]);
      await append(['new', 'newer']);
      const [record] = await pollRecords(consumer, 1, 1);
      expect(valuesOf(record === undefined ? [] : [record])).toEqual(['new']);
      await log.commit({ offsets: { consumer, positions: [{ topic, partition: 0, offset: 2 }] } });
      await consumer.close();
      log = await opened.reopen();
      const later = await join(`${topic}-end`, { from: 'start' });
      expect(valuesOf(await pollRecords(later, 1))).toEqual(['newer']);
      expect(await log.committed(`${topic}-end`, topic)).toEqual([{ topic, partition: 0, offset: 2 }]);
    });

    it('wakes a waiting poll when a record arrives', async () => {
      await createTopic(2);
      const consumer = await join();
      await pollOnce(consumer);
      const waiting = consumer.poll({ maxRecords: 10, maxWaitMs: 20_000, signal: never });
      await append(['hello'], 1);
      expect((await waiting).map(({ partition, records }) => [partition, valuesOf(records)])).toEqual([[1, ['hello']]]);
    });

    it('answers with nothing when the wait is over, or is aborted', async () => {
      await createTopic(1);
      const consumer = await join();
      expect(await consumer.poll({ maxRecords: 1, maxWaitMs: 5, signal: never })).toEqual([]);
      const abort = new AbortController();
      const waiting = consumer.poll({ maxRecords: 1, maxWaitMs: 20_000, signal: abort.signal });
      abort.abort();
      expect(await waiting).toEqual([]);
    });

    it('leaves paused partitions alone until they are resumed', async () => {
      await createTopic(2);
      await append(['a'], 0);
      await append(['b'], 1);
      const consumer = await join();
      consumer.pause([{ topic, partition: 0 }]);
      expect(valuesOf(await pollRecords(consumer, 1))).toEqual(['b']);
      expect(await pollOnce(consumer)).toEqual([]);
      consumer.resume([{ topic, partition: 0 }]);
      expect(valuesOf(await pollRecords(consumer, 1))).toEqual(['a']);
    });

    it('goes on from where it was told to seek', async () => {
      await createTopic(1);
      await append(['a', 'b', 'c', 'd']);
      const consumer = await join();
      expect(await pollRecords(consumer, 2, 2)).toHaveLength(2);
      consumer.seek({ topic, partition: 0, offset: 1 });
      expect(valuesOf(await pollRecords(consumer, 3))).toEqual(['b', 'c', 'd']);
      consumer.seek({ topic, partition: 0, offset: 3 });
      expect(valuesOf(await pollRecords(consumer, 1))).toEqual(['d']);
    });

    it('reports how far a group is behind', async () => {
      await createTopic(2);
      await append(['a', 'b', 'c']);
      const consumer = await join();
      await pollRecords(consumer, 3);
      await log.commit({ offsets: { consumer, positions: [{ topic, partition: 0, offset: 1 }] } });
      expect(await log.lag(topic, topic)).toEqual([
        { topic, partition: 0, committed: 1, end: 3, lagRecords: 2 },
        { topic, partition: 1, committed: undefined, end: 0, lagRecords: 0 },
      ]);
    });

    it('lets two groups read the same records', async () => {
      await createTopic(1);
      await append(['a']);
      const [one, two] = [await join(`${topic}-1`), await join(`${topic}-2`)];
      expect(valuesOf(await pollRecords(one, 1))).toEqual(['a']);
      expect(valuesOf(await pollRecords(two, 1))).toEqual(['a']);
    });
  });
}

/** How members share partitions, and what a commit of theirs may do. */
export function groupContract(open: () => Promise<LogUnderTest>): void {
  describe('groups', () => {
    let opened: LogUnderTest;
    let log: EventLog;
    let topic = '';
    useLog(open, (fresh, newTopic) => {
      [opened, log, topic] = [fresh, fresh.log, newTopic];
    });
    const createTopic = (partitions: number): Promise<void> => log.createTopic({ name: topic, partitions, retention: {} });
    const append = (values: readonly string[], partition = 0): Promise<unknown> =>
      log.commit({ records: values.map((value) => textRecord(topic, value, { partition })) });
    const join = (more: Partial<Parameters<EventLog['join']>[0]> = {}): Promise<Consumer> =>
      log.join({ group: topic, topics: [topic], from: 'start', ...more });
    const partitionsOf = (...consumers: Consumer[]): number[] =>
      consumers.flatMap((consumer) => consumer.assignment().map(({ partition }) => partition)).toSorted((a, b) => a - b);
    /** Polls all members until their assignments fulfil the condition. */
    const until = async (members: readonly Consumer[], condition: () => boolean): Promise<void> => {
      for (let attempt = 0; attempt < 100 && !condition(); attempt++) {
        await Promise.all(members.map((member) => member.poll({ maxRecords: 1, maxWaitMs: 50, signal: never })));
      }
      expect(condition()).toBe(true);
    };

    it('shares the partitions evenly, and gives them back when a member leaves', async () => {
      await createTopic(5);
      const first = await join();
      await until([first], () => first.assignment().length === 5);
      const second = await join();
      await until([first, second], () => first.assignment().length <= 3 && second.assignment().length >= 2);
      expect(partitionsOf(first, second)).toEqual([0, 1, 2, 3, 4]);
      expect(first.memberId).not.toBe(second.memberId);
      await first.close();
      await until([second], () => second.assignment().length === 5);
    });

    it('tells how many members a group has: none before the first joins and after the last has left', async () => {
      await createTopic(2);
      const members: Consumer[] = [];
      const settled = async (count: number): Promise<void> => {
        for (let attempt = 0; attempt < 100 && (await log.describeGroup(topic)).members !== count; attempt++)
          await Promise.all(members.map((member) => member.poll({ maxRecords: 1, maxWaitMs: 50, signal: never })));
        expect(await log.describeGroup(topic)).toEqual({ members: count });
      };
      await settled(0);
      for (const count of [1, 2, 3]) {
        members.push(await join());
        await settled(count);
      }
      expect(await log.describeGroup(`${topic}-other`)).toEqual({ members: 0 });
      for (const count of [2, 1, 0]) {
        await members.pop()?.close();
        await settled(count);
      }
    });

    it('tells members what they lost and gained', async () => {
      await createTopic(2);
      const events: string[] = [];
      const listen = (who: string) => ({
        onAssigned: (partitions: readonly { partition: number }[]) => events.push(`${who}+${partitions.length}`),
        onRevoked: (partitions: readonly { partition: number }[]) => events.push(`${who}-${partitions.length}`),
      });
      const first = await join(listen('a'));
      await until([first], () => events.includes('a+2'));
      const second = await join(listen('b'));
      await until([first, second], () => events.includes('b+1'));
      expect(events.indexOf('b+1')).toBeGreaterThan(events.findIndex((event) => event.startsWith('a-')));
    });

    it('refuses a commit for a partition that the member has lost, with everything in it', async () => {
      await createTopic(1);
      await append(['a', 'b']);
      const first = await join();
      await pollRecords(first, 2);
      await first.close();
      const second = await join();
      await until([second], () => second.assignment().length === 1);
      const stale = log.commit({
        records: [textRecord(topic, 'zombie')],
        offsets: { consumer: first, positions: [{ topic, partition: 0, offset: 2 }] },
      });
      await expect(stale).rejects.toMatchObject({ code: 'BROKER_GENERATION_STALE' });
      expect(valuesOf(await readAll(log, { topic }))).toEqual(['a', 'b']);
      expect(await log.committed(topic, topic)).toEqual([]);
    });

    it('begins where the last owner committed, even while that commit is under way', async () => {
      await createTopic(1);
      await append(['a', 'b', 'c']);
      const first = await join();
      await pollRecords(first, 3);
      const commit = log.commit({ offsets: { consumer: first, positions: [{ topic, partition: 0, offset: 2 }] } });
      await first.close();
      const second = await join();
      expect(valuesOf(await pollRecords(second, 1))).toEqual(['c']);
      await commit;
    });

    it('moves records, state and offset together', async () => {
      await createTopic(2);
      await append(['in'], 0);
      const consumer = await join();
      await pollRecords(consumer, 1);
      await log.commit({
        records: [textRecord(topic, 'out', { partition: 1 })],
        state: [{ store: topic, partition: 0, key: 'count', value: Buffer.from('1') }],
        offsets: { consumer, positions: [{ topic, partition: 0, offset: 1 }] },
      });
      log = await opened.reopen();
      expect(valuesOf(await readAll(log, { topic, partition: 1 }))).toEqual(['out']);
      expect(await stateOf(log, topic)).toEqual([['count', '1']]);
      expect(await log.committed(topic, topic)).toEqual([{ topic, partition: 0, offset: 1 }]);
    });
  });
}
