import { describe, expect, test } from 'vitest';
import {
  type CompletedBatch,
  type CompletedEvent,
  type EventLog,
  HEADERS,
  ManualClock,
  type NewRecord,
  ThroughlineError,
} from '#core';
import {
  boundLog,
  DAY_MS,
  openShop,
  promoteShopModel,
  type Shop,
  type ShopEvent,
  type ShopOptions,
  shopRecord,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { batchesOf, decisionsOf, receiptsOf, recordsOf } from '../../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const BROUGHT = `00-${TRACE}-00f067aa0ba902b7-01`;

const bought = (id: string, more: Partial<ShopEvent> = {}): ShopEvent => ({
  id,
  type: 'bought',
  customer: 'ann',
  amount: 10,
  timeMs: START_MS + Number(id) * 1000,
  ...more,
});

function withHeaders(record: NewRecord, headers: Readonly<Record<string, string>>): NewRecord {
  return { ...record, headers: { ...record.headers, ...headers } };
}

async function openWithModel(options: Partial<ShopOptions> = {}): Promise<Shop> {
  const shop = await openShop({ folder: await temporaryFolder(), ...options });
  await promoteShopModel(shop.log, 1, [0, 0]);
  await shop.models.catchUp();
  return shop;
}

/** An observer that keeps what it saw, as plain values. */
function keeper(): {
  readonly seen: (CompletedBatch & { readonly events: CompletedEvent[] })[];
  completed(batch: CompletedBatch): void;
} {
  const seen: (CompletedBatch & { readonly events: CompletedEvent[] })[] = [];
  return { seen, completed: (batch) => void seen.push({ ...batch, events: [...batch.events] }) };
}

describe('batch records', () => {
  test('join every decision, each once, in few commits or many', async () => {
    for (const maxBatchEvents of [1, 3, 16]) {
      const { log, runUntil } = await openWithModel({ definition: { maxBatchEvents } });
      await log.commit({ records: Array.from({ length: 20 }, (_, index) => shopRecord(bought(String(index)))) });
      await runUntil(20);
      const batches = await batchesOf(log);
      const decisions = await decisionsOf(log);
      expect(new Set(decisions.map(({ batchId }) => batchId))).toEqual(new Set(batches.map(({ batchId }) => batchId)));
      expect(batches.reduce((sum, batch) => sum + batch.decisions, 0)).toBe(20);
      for (const batch of batches) {
        const of = decisions.filter(({ batchId }) => batchId === batch.batchId);
        expect(batch).toMatchObject({
          pipeline: 'shop',
          decisions: of.length,
          events: of.length,
          marks: of[0]?.marks,
          skewed: 0,
        });
        expect(batch.endToEndUs).toHaveLength(of.length);
      }
    }
  });

  test('are not written for batches without decisions', async () => {
    const { log, runUntil } = await openWithModel();
    await log.commit({ records: [shopRecord({ id: '1', type: 'looked', customer: 'ann', timeMs: START_MS })] });
    await runUntil(1);
    expect(await batchesOf(log)).toEqual([]);
  });

  test('of a pipeline that has nothing more to do are written all the same', async () => {
    const { log, runner } = await openWithModel({ definition: { maxBatchWaitMs: 20 } });
    await log.commit({ records: [shopRecord(bought('1'))] });
    const abort = new AbortController();
    const running = runner.run(abort.signal);
    await expect.poll(() => batchesOf(log), { timeout: 10_000 }).toHaveLength(1);
    abort.abort();
    await running;
    expect(await batchesOf(log)).toHaveLength(1);
  });

  test('whose commit is refused are written with a later one', async () => {
    let commits = 0;
    const failing = (log: EventLog): EventLog => ({
      ...boundLog(log),
      commit: async (commit) => {
        if (commit.records?.some(({ topic }) => topic === 'throughline.batches') === true && commits++ === 0) {
          throw new ThroughlineError('TEST_FAILED', 'refused by the test', { spec: { status: 500, retryable: true, doc: '' } });
        }
        return log.commit(commit);
      },
    });
    const { log, runUntil } = await openWithModel({ wrapLog: failing, definition: { maxBatchEvents: 1 } });
    await log.commit({ records: [1, 2, 3].map((index) => shopRecord(bought(String(index)))) });
    await runUntil(3);
    expect(commits).toBeGreaterThan(1);
    const ids = (await batchesOf(log)).map(({ batchId }) => batchId);
    expect(ids.toSorted()).toEqual((await decisionsOf(log)).map(({ batchId }) => batchId).toSorted());
  });
});

describe('backlog and replay', () => {
  test('what was in the log before the runner began is backlog, and out of the latency lists', async () => {
    const folder = await temporaryFolder();
    const first = await openShop({ folder });
    await first.log.commit({ records: [shopRecord(bought('1'))] });
    await first.close();
    const { log, clock, runUntil } = await openShop({ folder, clock: new ManualClock(first.clock.now() + 1) });
    await log.commit({ records: [shopRecord(bought('2')), withHeaders(shopRecord(bought('3')), { [HEADERS.replay]: 'h' })] });
    await log.commit({ records: [withHeaders(shopRecord(bought('4')), { [HEADERS.replay]: 'h', [HEADERS.backlog]: '1' })] });
    await runUntil(4);
    const decisions = await decisionsOf(log);
    expect(decisions.map(({ event, backlog, replay }) => [event.id, backlog, replay])).toEqual([
      ['1', true, false],
      ['2', false, false],
      ['3', false, true],
      ['4', true, true],
    ]);
    expect((await batchesOf(log)).flatMap(({ brokerWaitUs }) => brokerWaitUs)).toHaveLength(2);
    expect(clock.now()).toBe(first.clock.now() + 1);
  });

  test('a receipt says that its event was replayed, and names a trace only where the event brought one', async () => {
    const { log, runUntil } = await openWithModel();
    const look = shopRecord({ id: '1', type: 'looked', customer: 'ann', timeMs: START_MS });
    const other = shopRecord({ id: '2', type: 'looked', customer: 'ann', timeMs: START_MS });
    await log.commit({ records: [withHeaders(look, { [HEADERS.replay]: 'h', [HEADERS.traceparent]: BROUGHT }), other] });
    await runUntil(2);
    const [replayed, live] = await receiptsOf(log);
    expect(replayed).toMatchObject({ replay: true, traceId: TRACE });
    expect(Object.keys(live ?? {})).not.toContain('replay');
    expect(Object.keys(live ?? {})).not.toContain('traceId');
  });

  test('a decision and its prediction keep the trace that the event brought', async () => {
    const { log, runUntil } = await openWithModel();
    await log.commit({ records: [withHeaders(shopRecord(bought('1')), { [HEADERS.traceparent]: BROUGHT })] });
    await runUntil(1);
    expect(await decisionsOf(log)).toMatchObject([{ traceId: TRACE }]);
    const [prediction] = await recordsOf(log, 'shop.predictions');
    expect(prediction?.headers[HEADERS.traceparent]).toBe(BROUGHT);
    expect(prediction?.headers[HEADERS.hopTraceparent]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`, 'u'));
  });
});

describe('an observer', () => {
  test('sees every event of each durable batch with its fate, also of batches without decisions', async () => {
    const observer = keeper();
    const { log, runUntil } = await openWithModel({ observer, definition: { maxBatchEvents: 1 } });
    await log.commit({
      records: [
        withHeaders(shopRecord(bought('1')), { [HEADERS.traceparent]: BROUGHT }),
        shopRecord(bought('2', { amount: -1 })),
        shopRecord({ id: '3', type: 'looked', customer: 'ann', timeMs: START_MS + DAY_MS }),
      ],
    });
    await runUntil(3);
    expect(observer.seen).toMatchObject([
      {
        topic: 'shop.events',
        predictionTopic: 'shop.predictions',
        batch: { events: 1, decisions: 1 },
        events: [
          {
            event: { id: '1', type: 'bought' },
            fate: 'scored',
            traceparent: BROUGHT,
            contract: { subject: 'bought', version: 1 },
            model: { name: 'again', version: 1, role: 'live' },
            score: expect.any(Number),
            decision: expect.any(String),
            predictionId: expect.any(String),
            position: { topic: 'shop.events' },
          },
        ],
      },
      {
        batch: { events: 1, decisions: 0 },
        events: [{ fate: 'quarantined', reason: expect.any(String), detail: expect.any(String) }],
      },
      { batch: { events: 1, decisions: 0 }, events: [{ fate: 'used_by_features', views: ['looks'] }] },
    ]);
    expect(observer.seen[0]?.batch).toEqual((await batchesOf(log))[0]);
  });

  test('that throws hurts nothing, and is counted', async () => {
    const observer = {
      completed: () => {
        throw new Error('the observer’s own fault');
      },
    };
    const { log, runner, runUntil } = await openWithModel({ observer, definition: { maxBatchEvents: 1 } });
    await log.commit({ records: [shopRecord(bought('1')), shopRecord(bought('2'))] });
    await runUntil(2);
    expect(await batchesOf(log)).toHaveLength(2);
    expect(runner.observerFailures).toBe(2);
  });
});
