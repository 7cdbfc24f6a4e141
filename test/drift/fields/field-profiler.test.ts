import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Commit, type EventLog, envelopeHeaders, HEADERS, type LogPosition, type NewRecord } from '#core';
import type { ProfileLimits } from '../../../drift/fields/day-profiles.ts';
import { FieldProfiler } from '../../../drift/fields/field-profiler.ts';
import { openTemporaryLog } from '../open-log.ts';
import {
  addedUp,
  CONTRACTS,
  createFieldTopics,
  DAY_MS,
  eventRecord,
  expectedPrices,
  FROM_MS,
  PARTITIONS,
  type PricedEvent,
  profilesOf,
  TOPIC,
  watermarkRecord,
} from './field-events.ts';

const HOUR_MS = 3_600_000;
const SOURCES = ['/shop/eire', '/shop/spain', '/shop/italy'] as const;
let log: EventLog;

async function freshLog(): Promise<EventLog> {
  const temporary = await openTemporaryLog();
  onTestFinished(() => temporary.remove());
  await createFieldTopics(temporary.log);
  return temporary.log;
}

beforeEach(async () => {
  log = await freshLog();
});

function profilerOf(over: EventLog = log, limits: Partial<ProfileLimits> = {}): FieldProfiler {
  return new FieldProfiler({ log: over, pipeline: 'repurchase', topic: TOPIC, contracts: CONTRACTS, limits });
}

/** The positions behind everything that the topic holds. */
async function ends(): Promise<readonly LogPosition[]> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition }));
  return Promise.all(partitions.map(async (at) => ({ ...at, offset: (await log.bounds(at)).end })));
}

/** Runs a profiler until it has read all of the topic. */
async function profileAll(profiler = profilerOf()): Promise<FieldProfiler> {
  const abort = new AbortController();
  const read = profiler.caughtUp(await ends(), abort.signal).finally(() => abort.abort());
  await Promise.all([profiler.run(abort.signal), read]);
  return profiler;
}

const events: fc.Arbitrary<readonly PricedEvent[]> = fc.array(
  fc.record({
    partition: fc.nat({ max: PARTITIONS - 1 }),
    source: fc.constantFrom(...SOURCES),
    timeMs: fc.nat({ max: 5 * DAY_MS }).map((ms) => FROM_MS + ms),
    unitPrice: fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: -50, max: 500, noNaN: true }) },
      fc.constantFrom(null, 'much', 0),
    ),
  }),
  { minLength: 1, maxLength: 80 },
);

/** In order of time, some of them late by up to two days, with watermarks every few hours, and one at the end of the last day. */
function shuffled(all: readonly PricedEvent[]): NewRecord[] {
  const records: NewRecord[] = [];
  let watermarkMs = FROM_MS;
  const arrival = ({ timeMs, source }: PricedEvent): number => timeMs + (source === '/shop/italy' ? 2 * DAY_MS : 0);
  for (const event of all.toSorted((a, b) => arrival(a) - arrival(b))) {
    const dueMs = Math.floor(arrival(event) / (5 * HOUR_MS)) * 5 * HOUR_MS;
    if (dueMs > watermarkMs) {
      watermarkMs = dueMs;
      for (let partition = 0; partition < PARTITIONS; partition++) records.push(watermarkRecord(partition, watermarkMs));
    }
    records.push(eventRecord(event));
  }
  for (let partition = 0; partition < PARTITIONS; partition++) records.push(watermarkRecord(partition, FROM_MS + 9 * DAY_MS));
  return records;
}

/** The log, that dies at its nth commit: before it, or after it with the answer lost. */
function dyingAt(at: number, isAfter: boolean): EventLog {
  let commits = 0;
  const commit = async (request: Commit) => {
    const isDue = ++commits === at;
    if (isDue && !isAfter) throw new Error('killed before the commit');
    const receipt = await log.commit(request);
    if (isDue) throw new Error('killed after the commit');
    return receipt;
  };
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const onlyPrices = (totals: ReadonlyMap<string, unknown>) => new Map([...totals].filter(([key]) => key.startsWith('/unitPrice')));

describe('FieldProfiler', () => {
  it('counts every event once, late ones too, wherever it is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 5 }),
        async (all, deaths) => {
          log = await freshLog();
          await log.commit({ records: shuffled(all) });
          for (const [at, isAfter] of deaths) await profileAll(profilerOf(dyingAt(at, isAfter))).catch(() => undefined);
          await profileAll();
          expect(onlyPrices(addedUp(await profilesOf(log)))).toEqual(expectedPrices(all, Number.MAX_VALUE));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('writes a day once a watermark has passed its end, and not before', async () => {
    const event = { partition: 0, source: '/shop/eire', timeMs: FROM_MS + HOUR_MS, unitPrice: 2.5 };
    await log.commit({ records: [eventRecord(event), watermarkRecord(0, FROM_MS + DAY_MS - 1)] });
    await profileAll();
    expect(await profilesOf(log)).toEqual([]);
    await log.commit({ records: [watermarkRecord(0, FROM_MS + DAY_MS), eventRecord({ ...event, timeMs: FROM_MS + DAY_MS })] });
    await profileAll();
    const [price, width, ...others] = await profilesOf(log);
    expect(others).toEqual([]);
    expect(price).toEqual({
      pipeline: 'repurchase',
      subject: 'basket.updated',
      contractVersion: 2,
      source: '/shop/eire',
      field: '/unitPrice',
      partition: 0,
      window: { fromMs: FROM_MS, toMs: FROM_MS + DAY_MS },
      values: 1,
      missing: 0,
      sum: 2.5,
      min: 2.5,
      max: 2.5,
      accuracy: 0.01,
      zeros: 0,
      positive: { keys: [46], counts: [1] },
      negative: { keys: [], counts: [] },
    });
    expect(width).toMatchObject({ field: '/size/width', values: 1, sum: 2 });
  });

  it('is caught up at a barrier when each day before it is committed, whatever stands behind', async () => {
    const records: NewRecord[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      records.push(eventRecord({ partition, source: '/shop/eire', timeMs: FROM_MS + HOUR_MS, unitPrice: 1 }));
      records.push(watermarkRecord(partition, FROM_MS + DAY_MS));
    }
    await log.commit({ records });
    const barrier = await ends();
    await log.commit({
      records: [eventRecord({ partition: 1, source: '/shop/eire', timeMs: FROM_MS + 2 * DAY_MS, unitPrice: 1 })],
    });
    const abort = new AbortController();
    const profiler = profilerOf();
    const running = profiler.run(abort.signal);
    await profiler.caughtUp(barrier, abort.signal);
    expect([...addedUp(await profilesOf(log)).keys()].filter((key) => key.startsWith('/unitPrice'))).toEqual(
      Array.from({ length: PARTITIONS }, (_, partition) => `/unitPrice /shop/eire ${partition} 2011-09-05`),
    );
    const further = barrier.map((position) => ({ ...position, offset: position.offset + 5 }));
    const never = profiler.caughtUp(further, abort.signal);
    abort.abort();
    await Promise.all([running, never]);
    expect(await profiler.lag()).toBe(1);
  });

  it('says to who waits that it failed', async () => {
    await log.commit({ records: shuffled([{ partition: 0, source: '/shop/eire', timeMs: FROM_MS, unitPrice: 1 }]) });
    await expect(profileAll(profilerOf(dyingAt(1, false)))).rejects.toThrow('killed before the commit');
  });

  it('reads structured events, and counts what it cannot read', async () => {
    const envelope = { id: 'a', source: '/shop/eire', type: 'basket.updated', timeMs: FROM_MS };
    const headers = envelopeHeaders(envelope);
    const structured = { [HEADERS.contentType]: 'application/cloudevents+json; charset=utf-8' };
    const inOne = { ...envelope, time: new Date(FROM_MS).toISOString(), data: { unitPrice: 7, size: { width: '2' } } };
    const values: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [structured, JSON.stringify(inOne)],
      [structured, JSON.stringify({ ...inOne, type: 'basket.opened' })],
      [structured, 'no JSON'],
      [headers, '{'],
      [headers, '[1]'],
      [{ ...headers, [HEADERS.time]: 'yesterday' }, '{"unitPrice":1}'],
      [{ ...headers, [HEADERS.source]: '' }, '{"unitPrice":1}'],
      [{ ...headers, [HEADERS.type]: 'basket.opened' }, '{'],
      [headers, '{"unitPrice":1e999,"size":3}'],
    ];
    const records = values.map(([given, value]) => ({ topic: TOPIC, partition: 0, headers: given, value }));
    await log.commit({ records: [...records, watermarkRecord(0, FROM_MS + DAY_MS)] });
    const profiler = await profileAll();
    expect(profiler.state).toEqual({ events: 9, unreadable: 5, profiles: 2, problem: undefined });
    expect((await profilesOf(log)).map(({ field, values: count, missing }) => [field, count, missing])).toEqual([
      ['/unitPrice', 1, 1],
      ['/size/width', 0, 2],
    ]);
  });

  it('adds producers up that are too many, and says so', async () => {
    const records = Array.from({ length: 5 }, (_, index) =>
      eventRecord({ partition: 0, source: `/device/${index}`, timeMs: FROM_MS, unitPrice: index }),
    );
    await log.commit({ records: [...records, watermarkRecord(0, FROM_MS + DAY_MS)] });
    const profiler = await profileAll(profilerOf(log, { maxProducers: 2 }));
    const prices = (await profilesOf(log)).filter(({ field }) => field === '/unitPrice');
    expect(prices.map(({ source, values, sum }) => [source, values, sum])).toEqual([
      ['/device/0', 1, 0],
      ['/device/1', 1, 1],
      ['(other producers)', 3, 9],
    ]);
    expect(profiler.state.problem).toMatch(/partition 0 of shop\.events has events of more than 2 producers a day/u);
  });

  it('writes at once what would take too much memory', async () => {
    const records = Array.from({ length: 5 }, (_, day) =>
      eventRecord({ partition: 0, source: '/shop/eire', timeMs: FROM_MS + day * DAY_MS, unitPrice: day }),
    );
    await log.commit({ records });
    await profileAll(profilerOf(log, { maxSketches: 4 }));
    expect((await profilesOf(log)).map(({ field, sum }) => [field, sum])).toEqual(
      [0, 1, 2, 3].flatMap((day) => [
        ['/unitPrice', day],
        ['/size/width', 2],
      ]),
    );
    const again = await profileAll();
    expect(again.state).toMatchObject({ events: 1, profiles: 0 });
  });

  it('shares the partitions with another of its group, and counts once', async () => {
    const all = Array.from({ length: 60 }, (_, index) => ({
      partition: index % PARTITIONS,
      source: SOURCES[index % 2] ?? '/shop/eire',
      timeMs: FROM_MS + index * HOUR_MS,
      unitPrice: index,
    }));
    await log.commit({ records: shuffled(all) });
    const abort = new AbortController();
    const [first, second] = [profilerOf(), profilerOf()];
    const running = [first.run(abort.signal), second.run(abort.signal)];
    await log.commit({ records: [watermarkRecord(0, FROM_MS + 10 * DAY_MS)] });
    while (first.state.events + second.state.events < all.length) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await Promise.all(running);
    await profileAll();
    expect(onlyPrices(addedUp(await profilesOf(log)))).toEqual(expectedPrices(all, Number.MAX_VALUE));
  });
});
