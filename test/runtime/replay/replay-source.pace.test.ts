import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EventLog, HEADERS, type LogRecord, ManualClock } from '#core';
import { type HistoricEvent, openEmbeddedLog, ReplaySource } from '#runtime';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordsOf } from '../../support/topic-contents.ts';

const FILE = path.join(import.meta.dirname, '../../../examples/retail/data/online-retail.parquet');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 1);

/** 400 events a minute apart; the last hundred come after a night of twelve hours. The last thirteen hours hold the night and those. */
const EVENTS = 400;
const LIVE_FROM = 260;
const timeOf = (n: number): number => n * MINUTE_MS + (n >= 300 ? 12 * HOUR_MS : 0);
const MODULE = `export default function* history() {
  for (let n = 0; n < ${EVENTS}; n++) {
    const timeMs = n * ${MINUTE_MS} + (n >= 300 ? ${12 * HOUR_MS} : 0);
    yield { key: 'k' + (n % 7), source: '/s', id: String(n), type: 't', timeMs, data: { n } };
  }
}`;
const LIVE = { last: '859m', speed: 120, maxPause: '2s' };
const GAP_MS = MINUTE_MS / LIVE.speed;
const REPLAY = {
  source: 'history',
  topic: 'events',
  file: FILE,
  module: 'm.mjs',
  watermarkEvery: '1h',
  attribution: 'test',
  live: LIVE,
};

interface Stage {
  readonly log: EventLog;
  readonly clock: ManualClock;
  source(more?: Partial<ConstructorParameters<typeof ReplaySource>[0]>): Promise<ReplaySource>;
}

/** A history with a live part, on a clock that moves only while the source waits. */
async function setUp(): Promise<Stage> {
  const folder = await temporaryFolder();
  const clock = new ManualClock(START_MS);
  const log = await openEmbeddedLog({ folder: path.join(folder, 'log'), clock });
  await log.createTopic({ name: 'events', partitions: 2, retention: {} });
  onTestFinished(() => log.close());
  const module = path.join(folder, REPLAY.module);
  await writeFile(module, MODULE);
  const source: Stage['source'] = async (more = {}) => {
    const made = new ReplaySource({
      log,
      clock,
      replay: REPLAY,
      partitions: 2,
      files: { file: FILE, module },
      room: () => Promise.resolve(),
      wait: async (ms) => clock.advance(ms),
      isPaced: true,
      ...more,
    });
    await made.start();
    return made;
  };
  return { log, clock, source };
}

const never = new AbortController().signal;

/** The events in the order of their numbers. */
async function eventsOf(log: EventLog): Promise<(LogRecord & { readonly n: number })[]> {
  const records = (await recordsOf(log, 'events')).filter(({ headers }) => headers[HEADERS.id] !== undefined);
  return records.map((record) => ({ ...record, n: Number(record.headers[HEADERS.id]) })).toSorted((a, b) => a.n - b.n);
}

describe('a replay with a live part', () => {
  test('plays its backlog at once and the rest at its pace, with pauses cut short', async () => {
    const { log, source } = await setUp();
    await (await source()).run(never);
    const events = await eventsOf(log);
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
    let dueMs = START_MS;
    for (const { n, timestampMs, headers } of events) {
      expect([n, headers[HEADERS.replay]]).toEqual([n, 'history']);
      expect([n, headers[HEADERS.backlog]]).toEqual([n, n < LIVE_FROM ? '1' : undefined]);
      if (n > LIVE_FROM) dueMs += n === 300 ? 2000 : GAP_MS;
      expect(timestampMs - dueMs, `event ${n}`).toBeGreaterThanOrEqual(0);
      expect(timestampMs - dueMs, `event ${n}`).toBeLessThanOrEqual(100);
    }
  });

  test('publishes the same records in the same order as without a pace, but for the backlog header', async () => {
    const [paced, unpaced] = [await setUp(), await setUp()];
    await (await paced.source()).run(never);
    const wait = () => Promise.reject(new Error('nothing waits'));
    await (await unpaced.source({ isPaced: false, wait })).run(never);
    const all = await recordsOf(unpaced.log, 'events');
    for (const { headers } of all) expect(headers[HEADERS.backlog]).toBe(headers[HEADERS.id] === undefined ? undefined : '1');
    const lasting = (records: readonly LogRecord[]): unknown[] =>
      records.map(({ timestampMs: _timestampMs, headers: { [HEADERS.backlog]: _backlog, ...headers }, value, ...record }) => ({
        ...record,
        headers,
        value: Buffer.from(value).toString(),
      }));
    expect(lasting(await recordsOf(paced.log, 'events'))).toEqual(lasting(all));
  });

  test('tells where it is: backlog, live with its speed, done', async () => {
    const { source } = await setUp();
    const seen: unknown[] = [];
    const made: ReplaySource = await source({
      room: async () => void seen.push([made.state, made.speed, made.backlogEvents]),
    });
    await made.run(never);
    expect(seen[0]).toEqual(['backlog', undefined, undefined]);
    expect(seen[1]).toEqual(['live', LIVE.speed, LIVE_FROM]);
    expect([made.state, made.speed, made.backlogEvents]).toEqual(['done', undefined, LIVE_FROM]);
    const again = await source();
    expect([again.state, again.speed, again.backlogEvents]).toEqual(['done', undefined, EVENTS]);
  });

  test('stopped in its live part, goes on from there at its pace, without a burst', async () => {
    const { log, clock, source } = await setUp();
    const abort = new AbortController();
    const first: ReplaySource = await source({
      wait: async (ms) => {
        clock.advance(ms);
        if (first.position.published >= 280) abort.abort();
      },
    });
    await first.run(abort.signal);
    const { published } = first.position;
    expect(published).toBeLessThan(290);
    clock.advance(HOUR_MS);
    const restartedMs = clock.now();
    await (await source()).run(never);
    const events = await eventsOf(log);
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
    expect(events[published]?.timestampMs).toBe(restartedMs);
    for (const { n, timestampMs } of events.slice(published, 299)) {
      const dueMs = restartedMs + (timeOf(n) - timeOf(published)) / LIVE.speed;
      expect(timestampMs - dueMs, `event ${n}`).toBeGreaterThanOrEqual(0);
      expect(timestampMs - dueMs, `event ${n}`).toBeLessThanOrEqual(100);
    }
  });

  test('held back for long, goes on at its pace: no burst makes up for more than a second', async () => {
    const { log, clock, source } = await setUp();
    let isHeld = false;
    const made: ReplaySource = await source({
      room: async (published) => {
        if (published < 280 || isHeld) return;
        isHeld = true;
        clock.advance(HOUR_MS);
      },
    });
    await made.run(never);
    const times = (await eventsOf(log)).slice(280).map(({ timestampMs }) => timestampMs);
    const [resumedMs = 0] = times;
    expect(times.filter((timeMs) => timeMs < resumedMs + 100).length).toBeLessThanOrEqual(1000 / GAP_MS + 1);
  });

  test('plays the rest as fast as possible when it is started without a pace, as backlog', async () => {
    const { log, clock, source } = await setUp();
    const abort = new AbortController();
    const first: ReplaySource = await source({
      wait: async (ms) => {
        clock.advance(ms);
        if (first.position.published >= 280) abort.abort();
      },
    });
    await first.run(abort.signal);
    const rest = await source({ isPaced: false, wait: () => Promise.reject(new Error('nothing waits')) });
    await rest.run(never);
    const events = await eventsOf(log);
    expect(events).toHaveLength(EVENTS);
    expect(events.at(-1)?.headers[HEADERS.backlog]).toBe('1');
    expect(rest.backlogEvents).toBe(EVENTS);
  });

  test('changes and leaves out events for those who ask for it, and their time passes all the same', async () => {
    const [whole, changed] = [await setUp(), await setUp()];
    await (await whole.source()).run(never);
    const change = (event: HistoricEvent): HistoricEvent | undefined =>
      Number(event.id) % 3 === 0 ? undefined : { ...event, type: 'u' };
    const source = await changed.source({ seams: { change } });
    await source.run(never);
    expect(source.position.published).toBe(EVENTS);
    const kept = (await eventsOf(whole.log)).filter(({ n }) => n % 3 !== 0);
    const events = await eventsOf(changed.log);
    expect(events.map(({ n, timestampMs }) => [n, timestampMs])).toEqual(kept.map(({ n, timestampMs }) => [n, timestampMs]));
    expect(new Set(events.map(({ headers }) => headers[HEADERS.type]))).toEqual(new Set(['u']));
  });

  test('ends a wait at the signal', async () => {
    const { source } = await setUp();
    const abort = new AbortController();
    const made = await source({
      wait: (_ms, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          abort.abort();
        }),
    });
    await made.run(abort.signal);
    expect(made.state).toBe('live');
    expect(made.position.published).toBe(LIVE_FROM + 1);
  });
});
