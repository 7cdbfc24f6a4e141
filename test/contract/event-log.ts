import { describe, expect, it } from 'vitest';
import { type EventLog, partitionOf } from '#core';
import { consumerContract, groupContract } from './event-log-groups.ts';
import { checkPrograms } from './event-log-programs.ts';
import { type LogUnderTest, readAll, stateOf, text, textRecord, useLog, valuesOf } from './log-fixture.ts';

/** What every EventLog must do; each driver runs it. Topics are new for each test. */
export function eventLogContract(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`${name} as an event log`, () => {
    let opened: LogUnderTest;
    let log: EventLog;
    let topic = '';
    useLog(open, (fresh, newTopic) => {
      [opened, log, topic] = [fresh, fresh.log, newTopic];
    });

    const createTopic = (partitions: number): Promise<void> => log.createTopic({ name: topic, partitions, retention: {} });
    const append = (values: readonly string[], partition = 0): Promise<unknown> =>
      log.commit({ records: values.map((value) => textRecord(topic, value, { partition })) });

    describe('topics', () => {
      it('lists a topic once it is created and accepts the same creation again', async () => {
        await createTopic(3);
        await createTopic(3);
        expect(await log.listTopics()).toContainEqual({ name: topic, partitions: 3, retention: {} });
      });

      it('refuses to change the number of partitions', async () => {
        await createTopic(3);
        await expect(log.createTopic({ name: topic, partitions: 4, retention: {} })).rejects.toMatchObject({
          code: 'BROKER_TOPIC_MISMATCH',
        });
      });

      it('names an unknown topic and an unknown partition', async () => {
        await createTopic(1);
        await expect(log.commit({ records: [textRecord('absent', 'x')] })).rejects.toMatchObject({
          code: 'BROKER_TOPIC_MISSING',
        });
        await expect(append(['x'], 7)).rejects.toMatchObject({ code: 'BROKER_TOPIC_MISSING' });
        await expect(log.bounds({ topic, partition: 1 })).rejects.toMatchObject({ code: 'BROKER_TOPIC_MISSING' });
      });
    });

    describe('commits', () => {
      it('counts offsets from 0 without gaps in each partition, and the receipt tells them in order', async () => {
        await createTopic(2);
        const records = [0, 1, 0, 1, 1].map((partition) => textRecord(topic, `p${partition}`, { partition }));
        const receipt = await log.commit({ records });
        expect(receipt.positions.map(({ partition, offset }) => [partition, offset])).toEqual([
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
          [1, 2],
        ]);
        expect(await log.bounds({ topic, partition: 1 })).toEqual({ start: 0, end: 3 });
      });

      it('puts a key into the partition that Kafka would, and a record with neither key nor partition into 0', async () => {
        await createTopic(5);
        const keys = ['alpha', 'beta', 'gamma', '16321', 'é'];
        const { positions } = await log.commit({
          records: [...keys.map((key) => textRecord(topic, key, { key })), textRecord(topic, 'none')],
        });
        expect(positions.map(({ partition }) => partition)).toEqual([...keys.map((key) => partitionOf(key, 5)), 0]);
      });

      it('returns key, headers and value as they were given', async () => {
        await createTopic(1);
        const headers = { ce_id: 'ä-1', empty: '', 'content-type': 'application/json', '1': 'numeric name' };
        const bytes = Uint8Array.from([0, 255, 128, 10]);
        await log.commit({
          records: [
            { topic, key: 'k\u{1f600}', headers, value: bytes },
            { topic, headers: {}, value: '' },
          ],
        });
        const [first, second] = await readAll(log, { topic });
        expect(first).toMatchObject({ topic, partition: 0, offset: 0, key: 'k\u{1f600}', headers });
        expect([...(first?.value ?? [])]).toEqual([...bytes]);
        expect(second).toMatchObject({ offset: 1, key: undefined, headers: {} });
        expect(second?.value.length).toBe(0);
      });

      it('keeps what a commit was given, even when the caller uses the buffer again at once', async () => {
        await createTopic(1);
        const buffer = Buffer.from('before');
        const done = log.commit({
          records: [{ topic, headers: {}, value: buffer }],
          state: [{ store: topic, partition: 0, key: 'k', value: buffer }],
        });
        buffer.fill('x');
        await done;
        expect(valuesOf(await readAll(log, { topic }))).toEqual(['before']);
        expect(await stateOf(log, topic)).toEqual([['k', 'before']]);
      });

      it('makes commits visible in the order of the calls when many are in flight', async () => {
        await createTopic(1);
        const receipts = await Promise.all(
          Array.from({ length: 60 }, (_, index) => log.commit({ records: [textRecord(topic, `${index}`)] })),
        );
        expect(receipts.map(({ positions }) => positions[0]?.offset)).toEqual(Array.from({ length: 60 }, (_, index) => index));
        expect(valuesOf(await readAll(log, { topic }))).toEqual(Array.from({ length: 60 }, (_, index) => `${index}`));
      });

      it('stores nothing of a commit that it refuses', async () => {
        await createTopic(1);
        const refused = log.commit({
          records: [textRecord(topic, 'good'), textRecord('absent', 'bad')],
          state: [{ store: topic, partition: 0, key: 'k', value: Buffer.from('v') }],
        });
        await expect(refused).rejects.toMatchObject({ code: 'BROKER_TOPIC_MISSING' });
        await append(['next']);
        expect(valuesOf(await readAll(log, { topic }))).toEqual(['next']);
        expect(await stateOf(log, topic)).toEqual([]);
      });

      it('accepts an empty commit', async () => {
        expect(await log.commit({})).toEqual({ positions: [] });
      });

      it('holds records, state and offsets after it was opened again, and goes on counting', async () => {
        await createTopic(2);
        await append(['a', 'b'], 1);
        log = await opened.reopen();
        await append(['c'], 1);
        expect(valuesOf(await readAll(log, { topic, partition: 1 }))).toEqual(['a', 'b', 'c']);
        expect(await log.bounds({ topic, partition: 0 })).toEqual({ start: 0, end: 0 });
      });
    });

    describe('reading without a group', () => {
      it('reads from an offset to another, the end excluded', async () => {
        await createTopic(1);
        await append(['0', '1', '2']);
        await append(['3', '4']);
        expect(valuesOf(await readAll(log, { topic, from: 1, to: 4 }))).toEqual(['1', '2', '3']);
        expect(valuesOf(await readAll(log, { topic, from: 4, to: 99 }))).toEqual(['4']);
        expect(await readAll(log, { topic, from: 5 })).toEqual([]);
      });

      it('ends where the log ended when the read began', async () => {
        await createTopic(1);
        await append(['0', '1']);
        const seen: string[] = [];
        for await (const record of log.read({ topic, partition: 0, from: 0 })) {
          seen.push(text(record.value));
          if (seen.length === 1) await append(['later']);
        }
        expect(seen).toEqual(['0', '1']);
      });
    });

    describe('state', () => {
      it('lists a partition of a store in the byte order of its keys', async () => {
        const keys = ['b', 'a', 'aa', '', '\uffee', '\u{10000}', 'Z', 'é', 'a\u0000b'];
        await log.commit({ state: keys.map((key) => ({ store: topic, partition: 2, key, value: Buffer.from(key) })) });
        const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(await stateOf(log, topic, 2)).toEqual(sorted.map((key) => [key, key]));
      });

      it('keeps stores and partitions apart', async () => {
        const write = (store: string, partition: number, value: string) => ({
          store,
          partition,
          key: 'k',
          value: Buffer.from(value),
        });
        await log.commit({ state: [write(topic, 0, '0'), write(topic, 1, '1'), write(`${topic}.x`, 0, 'x')] });
        expect(await stateOf(log, topic, 0)).toEqual([['k', '0']]);
        expect(await stateOf(log, topic, 1)).toEqual([['k', '1']]);
        expect(await stateOf(log, `${topic}.x`, 0)).toEqual([['k', 'x']]);
        expect(await stateOf(log, topic, 2)).toEqual([]);
      });

      it('takes the last of several writes of a key, and deletes with undefined', async () => {
        const write = (key: string, value: string | undefined) => ({
          store: topic,
          partition: 0,
          key,
          value: value === undefined ? undefined : Buffer.from(value),
        });
        await log.commit({ state: [write('a', '1'), write('a', '2'), write('b', '1'), write('c', undefined), write('d', '')] });
        await log.commit({ state: [write('b', undefined)] });
        log = await opened.reopen();
        expect(await stateOf(log, topic)).toEqual([
          ['a', '2'],
          ['d', ''],
        ]);
      });

      it('shows a reader every commit that was made before it', async () => {
        const done = log.commit({ state: [{ store: topic, partition: 0, key: 'k', value: Buffer.from('v') }] });
        expect(await stateOf(log, topic)).toEqual([['k', 'v']]);
        await done;
      });
    });

    consumerContract(open);
    groupContract(open);

    it('does in any order of commits, polls, seeks and reopenings what a simple model does', async () => {
      await checkPrograms(open);
    }, 30_000);
  });
}
