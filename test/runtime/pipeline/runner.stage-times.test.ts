import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  type BatchRecord,
  type Clock,
  type Commit,
  type Consumer,
  type EventLog,
  HEADERS,
  ManualClock,
  type ModelRunner,
  type NewRecord,
  type PolledBatch,
  STAGES,
  type StageName,
  systemClock,
} from '#core';
import type { ContractGate, Stage } from '#runtime';
import {
  boundLog,
  openShop,
  promoteShopModel,
  SHOP_DEFINITION,
  type Shop,
  type ShopOptions,
  shopRecord,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { batchesOf, decisionsOf } from '../../support/topic-contents.ts';

/** Delays that are known are put into each part of an event's way; each must show up in its stage, and nowhere else. */

const START_MS = Date.UTC(2026, 0, 1);
const EVENTS = 3;
const FIRST_ID = '0';

type Delays = Readonly<Partial<Record<StageName, number>>>;
/** Lets a stage's delay pass: at once where the part cannot be awaited. */
interface Hold {
  now(stage: StageName): void;
  later(stage: StageName): Promise<void>;
}

function events(headers: Readonly<Record<string, string>> = {}): NewRecord[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const record = shopRecord({ id: String(index), type: 'bought', customer: 'ann', amount: 1, timeMs: START_MS + index });
    return { ...record, headers: { ...record.headers, ...headers } };
  });
}

/** A consumer whose polls take time, and whose records take time to be put together. */
function slowConsumer(consumer: Consumer, hold: Hold, alter: (batch: PolledBatch) => PolledBatch): Consumer {
  return new Proxy(consumer, {
    get(target, name) {
      if (name !== 'poll') {
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return async (...args: Parameters<Consumer['poll']>): Promise<readonly PolledBatch[]> => {
        const polled = await target.poll(...args);
        if (polled.length > 0) await hold.later('broker_wait');
        return polled.map((batch) => {
          const { records, ...at } = alter(batch);
          return Object.defineProperty(at, 'records', {
            get: () => {
              hold.now('batch_wait');
              return records;
            },
          }) as PolledBatch;
        });
      };
    },
  });
}

interface Slowness {
  readonly hold: Hold;
  readonly clock: Clock;
  readonly alter?: (batch: PolledBatch) => PolledBatch;
}

/** The shop with every part as slow as `hold` makes it. */
function slow({ hold, clock, alter = (batch) => batch }: Slowness): Omit<ShopOptions, 'folder'> {
  const slowLog = (log: EventLog): EventLog => {
    const consumers = new WeakMap<Consumer, Consumer>();
    return {
      ...boundLog(log),
      join: async (options) => {
        const consumer = await log.join(options);
        const proxy = slowConsumer(consumer, hold, alter);
        consumers.set(proxy, consumer);
        return proxy;
      },
      commit: async (commit: Commit) => {
        if (commit.offsets === undefined) return log.commit(commit);
        await hold.later('publish');
        const consumer = consumers.get(commit.offsets.consumer) ?? commit.offsets.consumer;
        return log.commit({ ...commit, offsets: { ...commit.offsets, consumer } });
      },
    };
  };
  const slowGate = (gate: ContractGate): ContractGate => ({
    judge: (event, data) => {
      if (event.type === SHOP_DEFINITION.predictionSubject) hold.now('decide');
      else hold.now('contract');
      return gate.judge(event, data);
    },
  });
  const slowStages = (stages: readonly Stage[]): readonly Stage[] =>
    stages.map((stage) => {
      if (stage.name !== 'features') return stage;
      return {
        ...stage,
        run: async (...args) => {
          await hold.later('feature_read');
          await stage.run(...args);
        },
      };
    });
  const slowInference = (runner: ModelRunner): ModelRunner => ({
    load: (model) => runner.load(model),
    unload: (model) => runner.unload(model),
    close: () => runner.close(),
    score: async (request) => {
      await hold.later('model_queue');
      if (!(clock instanceof ManualClock)) return runner.score(request);
      const computeFromUs = clock.monotonicUs();
      const { scores } = await runner.score(request);
      await hold.later('model_compute');
      return { scores, computeFromUs, computeToUs: clock.monotonicUs() };
    },
  });
  return { clock, wrapLog: slowLog, wrapGate: slowGate, wrapStages: slowStages, wrapInference: slowInference };
}

/** Moves the clock by each delay once, the first time that its stage is met. */
function once(delays: Delays, clock: ManualClock): Hold {
  const left = new Map(Object.entries(delays));
  const now = (stage: StageName): void => {
    clock.advance(left.get(stage) ?? 0);
    left.delete(stage);
  };
  return { now, later: async (stage) => now(stage) };
}

async function openWithModel(options: Omit<ShopOptions, 'folder'>): Promise<Shop> {
  const shop = await openShop({ folder: await temporaryFolder(), ...options });
  await promoteShopModel(shop.log, 1, [0, 0]);
  await shop.models.catchUp();
  return shop;
}

/** How long each stage took, ms, for the first event of a batch. */
function stagesOf(batch: BatchRecord): Record<StageName, number> {
  const lengthMs = ([fromUs, toUs]: readonly [number, number]): number => (toUs - fromUs) / 1000;
  const { batchWait, contract, featureRead, modelQueue, modelCompute, decide } = batch.marks;
  return {
    broker_wait: (batch.brokerWaitUs[0] ?? Number.NaN) / 1000,
    batch_wait: lengthMs(batchWait),
    contract: lengthMs(contract),
    feature_read: lengthMs(featureRead),
    model_queue: lengthMs(modelQueue),
    model_compute: lengthMs(modelCompute),
    decide: lengthMs(decide),
    publish: lengthMs(batch.publish),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const NONE = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<StageName, number>;
const ALL = Object.fromEntries(STAGES.map((stage, index) => [stage, 10 * (index + 1)])) as Record<StageName, number>;

async function play(delays: Delays, records = events(), alter?: Slowness['alter']): Promise<{ shop: Shop; batch: BatchRecord }> {
  const clock = new ManualClock(START_MS);
  const hold = once(delays, clock);
  const shop = await openWithModel(slow({ hold, clock, ...(alter === undefined ? {} : { alter }) }));
  await shop.log.commit({ records });
  await shop.runUntil(EVENTS);
  const [batch] = await batchesOf(shop.log);
  if (batch === undefined) throw new Error('no batch record');
  return { shop, batch };
}

describe('the times of the stages', () => {
  test.each([...STAGES.map((stage) => [stage, { [stage]: 50 }] as const), ['every stage', ALL] as const])(
    'a delay in %s shows up there, exactly, and nowhere else; end to end adds up',
    async (_name, delays) => {
      const { shop, batch } = await play(delays);
      expect(stagesOf(batch)).toEqual({ ...NONE, ...delays });
      const totalMs = sum(Object.values(delays));
      expect(batch.endToEndUs).toEqual(Array.from({ length: EVENTS }, () => totalMs * 1000));
      expect(batch.publishedMs).toBe(START_MS + totalMs);
      for (const { marks, polledMs, appendedMs } of await decisionsOf(shop.log)) {
        expect(marks).toEqual(batch.marks);
        expect(polledMs - appendedMs).toBe(stagesOf(batch).broker_wait);
      }
    },
  );

  test('a consumer outside sees the prediction when the record says that it was published', async () => {
    const clock = new ManualClock(START_MS);
    const shop = await openWithModel(slow({ clock, hold: once(ALL, clock) }));
    const outside = await shop.log.join({ group: 'outside', topics: [SHOP_DEFINITION.predictionTopic], from: 'start' });
    const { signal } = new AbortController();
    const seen = outside
      .poll({ maxRecords: EVENTS, maxWaitMs: 10_000, signal })
      .then((polled) => ({ polled, atMs: clock.now() }));
    const appendedMs = clock.now();
    await shop.log.commit({ records: events() });
    await shop.runUntil(EVENTS);
    const { polled, atMs } = await seen;
    expect(polled.flatMap(({ records }) => records)).toHaveLength(EVENTS);
    const [batch] = await batchesOf(shop.log);
    expect((atMs - appendedMs) * 1000).toBe(batch?.endToEndUs[0]);
    await outside.close();
  });

  test('of a log whose clock is ahead are marked, counted and left out, never clamped', async () => {
    const ahead = (batch: PolledBatch): PolledBatch => ({
      ...batch,
      records: batch.records.map((record) =>
        record.headers[HEADERS.id] === FIRST_ID ? { ...record, timestampMs: record.timestampMs + 500 } : record,
      ),
    });
    const { shop, batch } = await play({ broker_wait: 20 }, events(), ahead);
    expect(batch).toMatchObject({ decisions: EVENTS, skewed: 1, brokerWaitUs: [20_000, 20_000], endToEndUs: [20_000, 20_000] });
    const waits = (await decisionsOf(shop.log)).map(({ event, polledMs, appendedMs }) => [event.id, polledMs - appendedMs]);
    expect(Object.fromEntries(waits)).toEqual({ 0: -480, 1: 20, 2: 20 });
  });

  test('of replayed backlog stay out of the latency lists, those of a replay at its pace do not', async () => {
    const backlog = await play(ALL, events({ [HEADERS.replay]: 'h', [HEADERS.backlog]: '1' }));
    expect(backlog.batch).toMatchObject({ decisions: EVENTS, skewed: 0, brokerWaitUs: [], endToEndUs: [] });
    expect(backlog.batch.marks.contract).toEqual([20_000, 50_000]);
    const paced = await play(ALL, events({ [HEADERS.replay]: 'h' }));
    expect(paced.batch.endToEndUs).toHaveLength(EVENTS);
  });

  test('of a batch without a model have an empty queue and computation', async () => {
    const clock = new ManualClock(START_MS);
    const shop = await openShop({
      folder: await temporaryFolder(),
      ...slow({ clock, hold: once(ALL, clock) }),
    });
    await shop.log.commit({ records: events() });
    await shop.runUntil(EVENTS);
    const [batch] = await batchesOf(shop.log);
    expect(batch?.marks.modelQueue).toEqual([90_000, 90_000]);
    expect(batch?.marks.modelCompute).toEqual([90_000, 90_000]);
  });

  test('count the answer’s way back from the worker as queue', async () => {
    const clock = new ManualClock(START_MS);
    const { wrapInference: _slower, ...rest } = slow({ clock, hold: once({ decide: 10 }, clock) });
    const wrapInference = (runner: ModelRunner): ModelRunner => ({
      load: (model) => runner.load(model),
      unload: (model) => runner.unload(model),
      close: () => runner.close(),
      score: async (request) => {
        const result = await runner.score(request);
        clock.advance(50);
        return result;
      },
    });
    const shop = await openWithModel({ ...rest, wrapInference });
    await shop.log.commit({ records: events() });
    await shop.runUntil(EVENTS);
    const [batch] = await batchesOf(shop.log);
    expect(batch === undefined ? undefined : stagesOf(batch)).toEqual({ ...NONE, model_queue: 50, decide: 10 });
  });

  test('of a batch that two versions score are theirs together', async () => {
    const clock = new ManualClock(START_MS);
    const delays: Delays = { model_queue: 10, model_compute: 30 };
    const hold: Hold = { now: () => undefined, later: async (stage) => clock.advance(delays[stage] ?? 0) };
    const shop = await openWithModel(slow({ clock, hold }));
    await promoteShopModel(shop.log, 2, [1, 1]);
    await shop.models.catchUp();
    await shop.log.commit({ records: events() });
    await shop.runUntil(EVENTS);
    const [batch] = await batchesOf(shop.log);
    expect(batch?.marks).toMatchObject({ modelQueue: [0, 20_000], modelCompute: [20_000, 80_000] });
  });
});

describe('the times of the stages on the machine’s clock, with the real worker', () => {
  const busy = (ms: number): void => {
    for (const endUs = systemClock.monotonicUs() + ms * 1000; systemClock.monotonicUs() < endUs; );
  };
  const really = (delays: Delays): Hold => {
    const left = new Map(Object.entries(delays));
    const take = (stage: StageName): number => {
      const ms = left.get(stage) ?? 0;
      left.delete(stage);
      return ms;
    };
    return {
      now: (stage) => busy(take(stage)),
      later: async (stage) => {
        const ms = take(stage);
        if (ms > 0) await delay(ms);
      },
    };
  };

  async function measure(delays: Delays): Promise<{ stages: Record<StageName, number>; endToEndMs: number }> {
    const shop = await openWithModel(slow({ clock: systemClock, hold: really(delays) }));
    await shop.log.commit({ records: events() });
    await shop.runUntil(EVENTS);
    const [batch] = await batchesOf(shop.log);
    if (batch === undefined) throw new Error('no batch record');
    return { stages: stagesOf(batch), endToEndMs: (batch.endToEndUs[0] ?? 0) / 1000 };
  }

  test('every delay is in its stage, and the stages are no more than the whole', async () => {
    const delays = { ...ALL, model_compute: 0 };
    const { stages, endToEndMs } = await measure(delays);
    // A timer may end a millisecond early, and a log's times are whole milliseconds.
    for (const stage of STAGES) expect(stages[stage], stage).toBeGreaterThanOrEqual(delays[stage] - 2);
    expect(stages.model_compute).toBeGreaterThan(0);
    expect(sum(Object.values(stages))).toBeLessThanOrEqual(endToEndMs + 1);
  });

  const SAMPLE = ['broker_wait', 'contract', 'model_queue', 'publish'] as const;

  test.each(SAMPLE)('a long delay in %s is the longest of all', async (stage) => {
    const { stages } = await measure({ [stage]: 400 });
    expect(Object.entries(stages).toSorted(([, left], [, right]) => right - left)[0]?.[0]).toBe(stage);
  });
});
