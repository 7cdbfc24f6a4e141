import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventLog, envelopeHeaders, HEADERS, partitionOf, ThroughlineError } from '#core';
import {
  boundLog,
  DAY_MS,
  EMITTING_DECISION,
  openShop,
  promoteShopModel,
  SHOP_DEFINITION,
  type ShopEvent,
  shopRecord,
  watermarkRecords,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { decisionsOf, lastingPart, outcomesOf, receiptsOf, recordsOf } from '../../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const byText = (left: string | undefined, right: string | undefined): number => (left ?? '').localeCompare(right ?? '');
const bought = (id: string, customer: string, day: number): ShopEvent => ({
  id,
  type: 'bought',
  customer,
  amount: 10,
  timeMs: START_MS + day * DAY_MS,
});

describe('the pipeline', () => {
  test('gives each event exactly one fate, with its reason, and the fates add up to what was read', async () => {
    const { log, runner, runUntil } = await openShop({ folder: await temporaryFolder() });
    await promoteShopModel(log, 1, [0, 0]);
    await log.commit({
      records: [
        ...watermarkRecords(START_MS),
        shopRecord(bought('1', 'ann', 0)),
        shopRecord({ id: '2', type: 'looked', customer: 'ann', timeMs: START_MS }),
        shopRecord({ id: '3', type: 'bought', amount: 5, timeMs: START_MS }),
        shopRecord({ ...bought('4', 'ann', 0), amount: -3 }),
        shopRecord({ id: '5', type: 'unheard-of', customer: 'ann', timeMs: START_MS }),
        shopRecord(bought('1', 'ann', 0)),
        shopRecord({ id: '6', type: 'left', customer: 'ann', timeMs: START_MS }),
        {
          topic: SHOP_DEFINITION.topic,
          key: 'ann',
          headers: envelopeHeaders({ id: '7', source: '/shop', type: 'bought', timeMs: START_MS }),
          value: '{',
        },
        { topic: SHOP_DEFINITION.topic, key: 'ann', headers: {}, value: '{}' },
        ...watermarkRecords(START_MS + 2 * DAY_MS),
        shopRecord(bought('8', 'ann', 0.5)),
      ],
    });
    await runUntil(10);

    const fates = [...(await decisionsOf(log)), ...(await receiptsOf(log))].map(({ event, fate }) => [event.id, fate]);
    expect(fates.map(([id, fate]) => (id?.length === 1 ? `${id} ${fate}` : fate)).toSorted(byText)).toEqual(
      [
        '1 collecting',
        '1 duplicate',
        '2 used_by_features',
        '3 without_entity',
        '4 quarantined',
        '5 quarantined',
        '6 accepted',
        '7 quarantined',
        '8 late',
        '9 quarantined',
      ].map((text) => (text.startsWith('9') ? expect.stringMatching(/quarantined$/u) : text)),
    );
    const reasons = Object.assign({}, ...runner.lanes.map(({ progress }) => progress.reasons)) as Record<string, number>;
    expect(Object.keys(reasons).toSorted(byText)).toEqual([
      'contract: bought /amount exclusiveMinimum',
      'contract: subject unknown',
      'decode: not JSON',
      'envelope: id missing',
    ]);
    const quarantine = await recordsOf(log, `${SHOP_DEFINITION.topic}.quarantine`);
    expect(quarantine).toHaveLength(4);
    expect(quarantine[0]?.headers).toMatchObject({
      ce_id: '4',
      tl_reason: 'contract: bought /amount exclusiveMinimum',
      tl_topic: SHOP_DEFINITION.topic,
    });
    for (const { progress } of runner.lanes) {
      expect(Object.values(progress.fates).reduce((sum, count) => sum + count, 0)).toBe(progress.eventsRead);
    }
  });

  test('events that could stop the pipeline end alone: entities that can be no key, values beyond all bounds', async () => {
    const folder = await temporaryFolder();
    const customers = ['x'.repeat(5000), '\ud800', 'a\u001fb', '\u0000', '__proto__', '😀'];
    const first = await openShop({ folder });
    await promoteShopModel(first.log, 1, [0, 0]);
    await first.models.catchUp();
    const events = customers.map((customer, index) => shopRecord({ ...bought(String(index), customer, 0), amount: 1e308 }));
    await first.log.commit({ records: events.map((record) => ({ ...record, key: 'k' })) });
    await first.runUntil(6);
    await first.close();
    const { log, runUntil } = await openShop({ folder });
    const again = customers.map((customer, index) => shopRecord({ ...bought(`again ${index}`, customer, 1), amount: 1e308 }));
    await log.commit({ records: again.map((record) => ({ ...record, key: 'k' })) });
    await runUntil(12);
    expect((await receiptsOf(log)).map(({ event, reason }) => [event.id, reason])).toEqual(
      ['0', '1', 'again 0', 'again 1'].map((id) => [id, 'entity: unusable']),
    );
    const decisions = await decisionsOf(log);
    expect(decisions.map(({ entity }) => entity)).toEqual([...customers.slice(2), ...customers.slice(2)]);
    for (const { features, event } of decisions) expect(features.values[0]).toBe(event.id.startsWith('again') ? 1 : null);
  });

  test('a promotion decides from its position on, and a restart comes to the same model at the same offset', async () => {
    const folder = await temporaryFolder();
    const events = Array.from({ length: 12 }, (_, index) => bought(String(index), 'ann', index / 10));
    const partition = partitionOf('ann', SHOP_DEFINITION.partitions);
    const play = async (): Promise<(number | undefined)[]> => {
      const shop = await openShop({ folder });
      await shop.runUntil(12);
      const decisions = await decisionsOf(shop.log);
      await shop.close();
      return decisions.map(({ model }) => model?.version);
    };
    const first = await openShop({ folder });
    await first.log.commit({ records: events.map(shopRecord) });
    const from = (offset: number): number[] => [0, 1].map((at) => (at === partition ? offset : 0));
    await promoteShopModel(first.log, 1, from(4));
    await promoteShopModel(first.log, 2, from(9));
    await first.close();
    expect(await play()).toEqual([...Array(4).fill(undefined), ...Array(5).fill(1), ...Array(3).fill(2)]);
  });

  test('serves features in offset order: what it excludes is seen by the next event, not by this one', async () => {
    const { log, runUntil } = await openShop({ folder: await temporaryFolder() });
    await log.commit({
      records: [
        shopRecord({ id: 'l', type: 'looked', customer: 'ann', timeMs: START_MS }),
        shopRecord({ ...bought('1', 'ann', 0), amount: 7 }),
        shopRecord({ ...bought('2', 'ann', 1), amount: 5 }),
      ],
    });
    await runUntil(3);
    const decisions = await decisionsOf(log);
    expect(decisions.map(({ features }) => features.values)).toEqual([
      [null, null, 1],
      [1, 7, 1],
    ]);
    expect(decisions[1]?.features).toMatchObject({
      names: ['buys.count_5d', 'buys.amount_5d', 'looks.count_5d'],
      eventTimesMs: [START_MS, START_MS, START_MS],
      statuses: ['present', 'present', 'present'],
    });
  });

  test('joins outcomes: positive at the next purchase, negative when the watermark has passed the horizon', async () => {
    const { log, runUntil } = await openShop({ folder: await temporaryFolder() });
    await log.commit({
      records: [
        shopRecord(bought('1', 'ann', 0)),
        shopRecord(bought('2', 'bob', 0)),
        shopRecord(bought('3', 'ann', 2)),
        ...watermarkRecords(START_MS + 3 * DAY_MS + 1),
        shopRecord(bought('4', 'bob', 3.5)),
      ],
    });
    await runUntil(4);
    const outcomes = await outcomesOf(log);
    expect(Object.fromEntries(outcomes.map(({ event, label }) => [event.id, label]))).toEqual({ 1: 1, 2: 0 });
  });

  test('a barrier stops every partition at its watermark, once, and what it decides holds from exactly there on', async () => {
    const folder = await temporaryFolder();
    const answered: number[][] = [];
    let isAnswered = false;
    const shop = await openShop({
      folder,
      nextBarrier: () =>
        isAnswered
          ? undefined
          : {
              atMs: START_MS + DAY_MS,
              answer: async (positions) => {
                answered.push(positions.map(({ offset }) => offset));
                await promoteShopModel(
                  shop.log,
                  1,
                  positions.map(({ offset }) => offset),
                );
                await shop.models.catchUp();
                isAnswered = true;
              },
            },
    });
    const customers = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];
    const records = customers.flatMap((customer, index) => [shopRecord(bought(`a${index}`, customer, 0))]);
    const later = customers.flatMap((customer, index) => [shopRecord(bought(`b${index}`, customer, 1.5))]);
    await shop.log.commit({ records: [...records, ...watermarkRecords(START_MS + DAY_MS), ...later] });
    await shop.runUntil(12);
    expect(answered).toHaveLength(1);
    for (const { event, fate } of await decisionsOf(shop.log)) {
      expect([event.id, fate]).toEqual([event.id, event.id.startsWith('a') ? 'collecting' : 'scored']);
    }
  });

  test('whatever the batches, goes on from durable state when commits fail, and ends with the same records', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        async (failAt, batch) => {
          const events = Array.from({ length: 90 }, (_, index) =>
            bought(String(index), ['ann', 'bob', 'cid'][index % 3] ?? 'ann', index / 40),
          );
          const disturbed = await playWithFailures(events, new Set(failAt), batch);
          const straight = await playWithFailures(events, new Set(), 16);
          expect(disturbed.failures).toBe(new Set(failAt).size);
          expect(disturbed.outcome).toEqual(straight.outcome);
          const apart = disturbed.scores.map((score, index) => Math.abs(score - (straight.scores[index] ?? Number.NaN)));
          expect(Math.max(...apart)).toBeLessThanOrEqual(1e-6);
        },
      ),
      { numRuns: 5 },
    );
  });

  test('stops with a sentence when a batch fails again and again', async () => {
    const { log, runUntil } = await openShop({
      folder: await temporaryFolder(),
      wrapStages: (stages) => [
        ...stages,
        {
          name: 'broken',
          run: () => {
            throw new Error('the cause');
          },
        },
      ],
    });
    await log.commit({ records: [shopRecord(bought('1', 'ann', 0))] });
    await expect(runUntil(1)).rejects.toMatchObject({
      code: 'RUNTIME_BATCH_FAILED',
      message: expect.stringContaining('the cause; nothing that was acknowledged is lost'),
    });
  });

  test('never publishes a prediction that breaks its own contract', async () => {
    const { log, models, runUntil } = await openShop({
      folder: await temporaryFolder(),
      definition: { predictionSubject: 'bought' },
    });
    await promoteShopModel(log, 1, [0, 0]);
    await models.catchUp();
    await log.commit({ records: [shopRecord(bought('1', 'ann', 0))] });
    await expect(runUntil(1)).rejects.toThrow(/breaks its contract bought.*nothing was published/u);
    expect(await recordsOf(log, SHOP_DEFINITION.predictionTopic)).toEqual([]);
  });
});

interface Played {
  readonly outcome: unknown;
  /** Compared apart: a logistic ONNX gives up to 1.2e-7 of difference between batch sizes. */
  readonly scores: readonly number[];
  readonly failures: number;
}

/** Plays events with the commits of these numbers refused once, and tells what all topics hold in the end. */
async function playWithFailures(
  events: readonly ShopEvent[],
  failAt: ReadonlySet<number>,
  maxBatchEvents: number,
): Promise<Played> {
  let commits = 0;
  let failures = 0;
  const wrapLog = (log: EventLog): EventLog => ({
    ...boundLog(log),
    commit: async (commit) => {
      if (commit.offsets !== undefined) {
        commits += 1;
        if (failAt.has(commits)) {
          failures += 1;
          throw new ThroughlineError('TEST_FAILED', 'refused by the test', { spec: { status: 500, retryable: true, doc: '' } });
        }
      }
      return log.commit(commit);
    },
  });
  const shop = await openShop({
    folder: await temporaryFolder(),
    wrapLog,
    definition: { maxBatchEvents, decision: EMITTING_DECISION },
  });
  await promoteShopModel(shop.log, 1, [10, 10]);
  await shop.models.catchUp();
  await shop.log.commit({ records: events.map(shopRecord) });
  await shop.runUntil(events.length);
  const decisions = (await decisionsOf(shop.log)).map(lastingPart);
  const scores = (await decisionsOf(shop.log)).map(({ score }) => score ?? -1);
  const emitted = (await recordsOf(shop.log, 'shop.letters')).map(({ headers }) => headers[HEADERS.id]);
  expect(emitted).toEqual(decisions.filter(({ decision }) => decision === 'write').map(({ predictionId }) => predictionId));
  const outcome = { decisions, emitted, outcomes: await outcomesOf(shop.log), receipts: await receiptsOf(shop.log) };
  await shop.close();
  return { outcome, scores, failures };
}
