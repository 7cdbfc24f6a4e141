import { describe, expect, test } from 'vitest';
import { type Consumer, type EventLog, type LogPosition, partitionOf, ThroughlineError } from '#core';
import type { Barrier } from '#runtime';
import {
  boundLog,
  DAY_MS,
  openShop,
  promoteShopModel,
  SHOP_DEFINITION,
  type Shop,
  type ShopOptions,
  shopRecord,
  watermarkRecords,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { decisionsOf } from '../../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const AT_ONCE = Number.NEGATIVE_INFINITY;
const EVENTS = 30;
const CUSTOMERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];

const bought = (id: number, day = 0) =>
  shopRecord({
    id: String(id),
    type: 'bought',
    customer: CUSTOMERS[id % CUSTOMERS.length] ?? 'ann',
    amount: 1,
    timeMs: START_MS + day * DAY_MS + id,
  });
const events = Array.from({ length: EVENTS }, (_, id) => bought(id));
const failure = (retryable: boolean): ThroughlineError =>
  new ThroughlineError('TEST_FAILED', 'the answer failed', { spec: { status: 500, retryable, doc: '' } });
const offsets = (positions: readonly LogPosition[]): number[] => positions.map(({ offset }) => offset);

/** A log whose consumers count their polls. */
function countingPolls(log: EventLog, counted: { polls: number }): EventLog {
  const joined = new WeakMap<Consumer, Consumer>();
  return {
    ...boundLog(log),
    join: async (options) => {
      const consumer = await log.join(options);
      const counting: Consumer = {
        group: consumer.group,
        memberId: consumer.memberId,
        assignment: () => consumer.assignment(),
        pause: (partitions) => consumer.pause(partitions),
        resume: (partitions) => consumer.resume(partitions),
        seek: (position) => consumer.seek(position),
        close: () => consumer.close(),
        poll: (poll) => {
          counted.polls += 1;
          return consumer.poll(poll);
        },
      };
      joined.set(counting, consumer);
      return counting;
    },
    commit: (commit) => {
      if (commit.offsets === undefined) return log.commit(commit);
      const consumer = joined.get(commit.offsets.consumer) ?? commit.offsets.consumer;
      return log.commit({ ...commit, offsets: { ...commit.offsets, consumer } });
    },
  };
}

/** Two events a batch; the barrier of the holder, whatever it is by now. */
async function open(options: Omit<ShopOptions, 'folder'> = {}): Promise<Shop> {
  const definition = { maxBatchEvents: 2 };
  return openShop({ folder: await temporaryFolder(), definition, ...options });
}

/** Promotes version 1 from where the partitions stand. */
async function promoteAt(shop: Shop, positions: readonly LogPosition[]): Promise<void> {
  const by = Array.from({ length: SHOP_DEFINITION.partitions }, (_, at) => positions.find(({ partition }) => partition === at));
  await promoteShopModel(
    shop.log,
    1,
    by.map((position) => position?.offset ?? 0),
  );
  await shop.models.catchUp();
}

async function expectScoredFrom(shop: Shop, positions: readonly LogPosition[]): Promise<void> {
  const decisions = await decisionsOf(shop.log);
  expect(decisions).toHaveLength(EVENTS);
  for (const { position, fate } of decisions) {
    const from = positions.find(({ partition }) => partition === position.partition)?.offset ?? Number.NaN;
    expect([position, fate]).toEqual([position, position.offset < from ? 'collecting' : 'scored']);
  }
}

describe('a barrier at once', () => {
  test('is met in the middle of a running pipeline: nothing more is read, all that was begun is durable', async () => {
    const counted = { polls: 0 };
    const held: { barrier?: Barrier; answered: readonly LogPosition[] } = { answered: [] };
    const shop = await open({
      wrapLog: (log) => countingPolls(log, counted),
      nextBarrier: () => {
        if (counted.polls === 5 && held.barrier === undefined) held.barrier = barrier;
        return held.answered.length > 0 ? undefined : held.barrier;
      },
    });
    const barrier: Barrier = {
      atMs: AT_ONCE,
      answer: async (positions) => {
        expect(counted.polls).toBe(5);
        const committed = await shop.log.committed(SHOP_DEFINITION.name, SHOP_DEFINITION.topic);
        expect(offsets(committed)).toEqual(offsets(positions));
        const durable = (await decisionsOf(shop.log)).length;
        expect(durable).toBe(offsets(positions).reduce((sum, offset) => sum + offset, 0));
        expect(durable).toBe(shop.runner.durableEvents);
        expect(durable).toBeGreaterThan(0);
        await promoteAt(shop, positions);
        held.answered = positions;
      },
    };
    await shop.log.commit({ records: events });
    await shop.runUntil(EVENTS);
    await expectScoredFrom(shop, held.answered);
  });

  test('leaves a barrier of event time beside it as it was: partitions that wait there go on waiting', async () => {
    const atMs = START_MS + DAY_MS;
    const told: { readonly atMs: number; readonly offsets: readonly number[] }[] = [];
    const first = partitionOf('ann', SHOP_DEFINITION.partitions);
    const isWaiting = (): boolean => shop.runner.lanes.some(({ progress }) => progress.watermarkMs >= atMs);
    const answering = (at: number, then: () => Promise<unknown>): Barrier => ({
      atMs: at,
      answer: async (positions) => {
        told.push({ atMs: at, offsets: offsets(positions) });
        await then();
      },
    });
    const shop = await open({
      nextBarrier: () => {
        if (told.length === 0 && isWaiting()) return answering(AT_ONCE, () => shop.log.commit({ records: second }));
        return told.length < 2 ? answering(atMs, async () => undefined) : undefined;
      },
    });
    const watermarks = watermarkRecords(atMs);
    const second = watermarks.filter(({ partition }) => partition !== first);
    const later = Array.from({ length: CUSTOMERS.length }, (_, index) => bought(EVENTS + index, 2));
    await shop.log.commit({
      records: [...events, ...watermarks.filter(({ partition }) => partition === first), ...later],
    });
    await shop.runUntil(EVENTS + CUSTOMERS.length);
    const before = events.filter(({ key }) => partitionOf(key ?? '', SHOP_DEFINITION.partitions) === first).length;
    expect(told.map((answer) => answer.atMs)).toEqual([AT_ONCE, atMs]);
    for (const answer of told) expect(answer.offsets[first]).toBe(before + 1);
  });

  test('after a failed commit, gets positions of what is durable, and every event ends once', async () => {
    let commits = 0;
    let answered: readonly LogPosition[] = [];
    const shop = await open({
      wrapLog: (log) => ({
        ...boundLog(log),
        commit: async (commit) => {
          if (commit.offsets !== undefined && ++commits === 4) throw failure(true);
          return log.commit(commit);
        },
      }),
      nextBarrier: () =>
        commits < 4 || answered.length > 0
          ? undefined
          : {
              atMs: AT_ONCE,
              answer: async (positions) => {
                const committed = await shop.log.committed(SHOP_DEFINITION.name, SHOP_DEFINITION.topic);
                const at = new Map(committed.map(({ partition, offset }) => [partition, offset]));
                expect(offsets(positions)).toEqual(positions.map(({ partition }) => at.get(partition) ?? 0));
                await promoteAt(shop, positions);
                answered = positions;
              },
            },
    });
    await shop.log.commit({ records: events });
    await shop.runUntil(EVENTS);
    await expectScoredFrom(shop, answered);
  });

  test('whose answer fails is asked again at the same place, as a batch is tried again', async () => {
    const asked: number[][] = [];
    const state = { isAnswered: false };
    const shop = await open({
      nextBarrier: () =>
        shop.runner.durableEvents < 6 || state.isAnswered
          ? undefined
          : {
              atMs: AT_ONCE,
              answer: async (positions) => {
                asked.push(offsets(positions));
                if (asked.length < 4) throw failure(true);
                await promoteAt(shop, positions);
                state.isAnswered = true;
              },
            },
    });
    await shop.log.commit({ records: events });
    await shop.runUntil(EVENTS);
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map(String)).size).toBe(1);
    expect(await decisionsOf(shop.log)).toHaveLength(EVENTS);
  });

  test.each([
    ['says that no retry can help', false, 1, { code: 'TEST_FAILED', message: 'the answer failed' }],
    [
      'fails again and again',
      true,
      4,
      { code: 'RUNTIME_BATCH_FAILED', message: expect.stringMatching(/failed 4 times at .*: the answer failed;/u) },
    ],
  ])('whose answer %s stops the pipeline with a sentence', async (_case, retryable, times, error) => {
    let asked = 0;
    const answer = async (): Promise<void> => {
      asked += 1;
      throw failure(retryable);
    };
    const shop = await open({ nextBarrier: () => ({ atMs: AT_ONCE, answer }) });
    await expect(shop.runUntil(1)).rejects.toMatchObject(error);
    expect(asked).toBe(times);
  });
});
