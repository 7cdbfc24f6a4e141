import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defineErrors, type InsertRows } from '#core';
import { TRACE_COLUMNS } from '../../../collector/otlp/trace-row.ts';
import { TraceWriter, type TraceWriterOptions } from '../../../collector/otlp/trace-writer.ts';
import type { Timer } from '../../../collector/timer.ts';
import { traceRow } from './trace-rows.ts';

const storeError = defineErrors({
  CLICKHOUSE_AWAY: { status: 503, retryable: true, doc: 'Away.' },
  CLICKHOUSE_REFUSED: { status: 400, retryable: false, doc: 'Refused.' },
});

/** A timer that only fires when it is told to. */
function manualTimer() {
  const due = new Map<number, { readonly afterMs: number; readonly run: () => void }>();
  let next = 0;
  const timer: Timer = (afterMs, run) => {
    const id = next;
    next += 1;
    due.set(id, { afterMs, run });
    return () => due.delete(id);
  };
  return {
    timer,
    waits: () => [...due.values()].map(({ afterMs }) => afterMs),
    async fire() {
      const fired = [...due.values()];
      due.clear();
      for (const { run } of fired) run();
      await nextTurn();
    },
  };
}

/** A store that takes rows, or fails as often as it is told to. */
function fakeStore() {
  const inserts: InsertRows[] = [];
  const failures: Error[] = [];
  let held: Promise<void> | undefined;
  let tries = 0;
  return {
    inserts,
    failures,
    tries: () => tries,
    hold(): () => void {
      const { promise, resolve } = withResolvers();
      held = promise;
      return resolve;
    },
    insert: async (inserted: InsertRows) => {
      tries += 1;
      await held;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      inserts.push(inserted);
    },
  };
}

function withResolvers() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function setUp(options: TraceWriterOptions = {}) {
  const clock = manualTimer();
  const store = fakeStore();
  const writer = new TraceWriter({ database: store, timer: clock.timer }, options);
  return { clock, store, writer };
}

function rows(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => traceRow({ name: `span ${from + index}` }));
}

/** Names of the spans that an insert holds. */
function namesIn({ lines }: InsertRows): readonly unknown[] {
  const text = Buffer.concat(lines).toString();
  expect(text.endsWith('\n')).toBe(true);
  const parsed = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[]);
  return parsed.map((values) => values[5]);
}

describe('TraceWriter', () => {
  it('collects rows for a while, then stores them as lines of all columns in order', async () => {
    const { clock, store, writer } = setUp({ maxWaitMs: 700 });
    writer.add(rows(1));
    writer.add(rows(2, 1));
    expect([store.inserts.length, clock.waits()]).toEqual([0, [700]]);
    await clock.fire();
    expect(store.inserts).toHaveLength(1);
    const [insert] = store.inserts;
    expect(insert).toMatchObject({ table: 'otel_traces', columns: TRACE_COLUMNS, rowCount: 3 });
    expect(insert === undefined ? [] : namesIn(insert)).toEqual(['span 0', 'span 1', 'span 2']);
    expect(writer.counts()).toMatchObject({ added: 3, stored: 3, waiting: 0 });
    writer.add(rows(1));
    expect(clock.waits(), 'the next row waits anew').toEqual([700]);
  });

  it('does not wait once a batch is full, and fills each', async () => {
    const { clock, store, writer } = setUp({ maxBatchRows: 3 });
    writer.add(rows(8));
    await writer.flush();
    expect(store.inserts.map(({ rowCount }) => rowCount)).toEqual([3, 3, 2]);
    expect(clock.waits()).toEqual([]);
  });

  it('bounds a batch by its characters too, and still stores a line that is longer', async () => {
    const { store, writer } = setUp({ maxBatchCharacters: 1000 });
    writer.add([traceRow({ name: 'x'.repeat(2000) }), ...rows(2)]);
    await writer.flush();
    expect(store.inserts.map(({ rowCount }) => rowCount)).toEqual([1, 2]);
  });

  it('tries again what may yet succeed, with the same bytes and the same token, after ever longer waits', async () => {
    const { clock, store, writer } = setUp({ retryAfterMs: 100 });
    store.failures.push(storeError('CLICKHOUSE_AWAY', 'it is away'), storeError('CLICKHOUSE_AWAY', 'it is away'));
    const seen: InsertRows[] = [];
    const { insert } = store;
    store.insert = (tried) => {
      seen.push(tried);
      return insert(tried);
    };
    writer.add(rows(2));
    await clock.fire();
    expect(clock.waits()).toEqual([100]);
    await clock.fire();
    expect(clock.waits()).toEqual([200]);
    await clock.fire();
    expect(writer.counts()).toMatchObject({ stored: 2, retries: 2, lastFailure: 'it is away' });
    expect(new Set(seen.map(({ token, lines }) => `${token} ${Buffer.concat(lines).toString('hex')}`)).size).toBe(1);
    expect(seen).toHaveLength(3);
  });

  it.each([
    ['the store refuses', storeError('CLICKHOUSE_REFUSED', 'no such column'), 1],
    ['fails for a reason that nobody foresaw', new TypeError('no such column'), 1],
    ['fails too often', storeError('CLICKHOUSE_AWAY', 'no such column'), 3],
  ])('gives up and counts what %s, and goes on with the next', async (_case, failure, tries) => {
    const { clock, store, writer } = setUp({ maxTries: 3 });
    store.failures.push(...Array.from({ length: tries }, () => failure));
    writer.add(rows(2));
    for (let fired = 0; fired < tries; fired += 1) await clock.fire();
    expect(writer.counts()).toMatchObject({ stored: 0, droppedFailed: 2, waiting: 0, lastFailure: 'no such column' });
    writer.add(rows(1));
    await writer.flush();
    expect(writer.counts()).toMatchObject({ stored: 1 });
  });

  it.each([
    ['rows', { maxQueuedRows: 5 }],
    ['characters', { maxQueuedCharacters: 5 * 300 }],
  ])('drops the oldest beyond its bound of %s while the store is slow, and counts them', async (_what, bounds) => {
    const { store, writer } = setUp({ maxBatchRows: 2, ...bounds });
    const release = store.hold();
    writer.add(rows(2));
    for (let index = 2; index < 12; index += 1) writer.add(rows(1, index));
    const { droppedFull, waiting } = writer.counts();
    expect(droppedFull).toBeGreaterThan(2);
    expect(droppedFull + waiting).toBe(12);
    release();
    await writer.flush();
    expect(store.inserts.flatMap(namesIn).at(-1), 'the newest is kept').toBe('span 11');
    expect(writer.counts()).toMatchObject({ stored: 12 - droppedFull, waiting: 0 });
  });

  it('stores what waits when it is closed, and takes nothing more', async () => {
    const { clock, store, writer } = setUp();
    writer.add(rows(2));
    await writer.close();
    writer.add(rows(1));
    await clock.fire();
    expect(store.inserts.flatMap(namesIn)).toEqual(['span 0', 'span 1']);
    expect(writer.counts()).toMatchObject({ stored: 2, droppedFull: 1, waiting: 0 });
    expect(clock.waits()).toEqual([]);
  });

  it('does not wait for a store that is away when it is closed', async () => {
    const { clock, store, writer } = setUp();
    store.failures.push(...Array.from({ length: 9 }, () => storeError('CLICKHOUSE_AWAY', 'it is away')));
    writer.add(rows(2));
    await clock.fire();
    expect(store.tries()).toBe(1);
    await writer.close();
    expect(store.tries()).toBe(2);
    expect(writer.counts()).toMatchObject({ droppedFailed: 2, waiting: 0 });
  });

  it('calls off an insert that hangs, some time after it is closed', async () => {
    const { clock, store, writer } = setUp({ closeWithinMs: 400 });
    store.insert = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('called off')), { once: true });
      });
    writer.add(rows(1));
    const closed = writer.close();
    expect(clock.waits()).toEqual([400]);
    await clock.fire();
    await closed;
    expect(writer.counts()).toMatchObject({ droppedFailed: 1, lastFailure: 'called off' });
  });
});
