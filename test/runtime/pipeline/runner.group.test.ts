import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createShopRunner,
  DAY_MS,
  openShop,
  promoteShopModel,
  type Shop,
  type ShopEvent,
  shopRecord,
  watermarkRecords,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { decisionsOf, lastingPart, outcomesOf, receiptsOf } from '../../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const CUSTOMERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'];

const EVENTS: readonly ShopEvent[] = Array.from({ length: 400 }, (_, index) => ({
  id: String(index),
  type: index % 3 === 0 ? 'looked' : 'bought',
  customer: CUSTOMERS[index % CUSTOMERS.length] ?? 'ann',
  amount: 1 + (index % 11),
  timeMs: START_MS + (index * DAY_MS) / 40,
}));

/** What all topics hold, without scores and times of the processing clock. */
async function outcomeOf({ log }: Shop): Promise<unknown> {
  const decisions = (await decisionsOf(log)).map(lastingPart);
  return { decisions, receipts: await receiptsOf(log), outcomes: await outcomesOf(log) };
}

async function openWithModel(): Promise<Shop> {
  const shop = await openShop({ folder: await temporaryFolder() });
  await promoteShopModel(shop.log, 1, [60, 60]);
  await shop.models.catchUp();
  return shop;
}

async function publish({ log }: Shop, events: readonly ShopEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 20) {
    const chunk = events.slice(from, from + 20);
    await log.commit({ records: [...watermarkRecords(chunk[0]?.timeMs ?? 0), ...chunk.map(shopRecord)] });
  }
}

describe('runners of one group', () => {
  test('share the partitions; one that joins and leaves midway changes nothing that was predicted', async () => {
    const alone = await openWithModel();
    await publish(alone, EVENTS);
    await alone.runUntil(EVENTS.length);

    const shared = await openWithModel();
    const abort = new AbortController();
    const guest = new AbortController();
    const met = async (): Promise<number> => (await decisionsOf(shared.log)).length + (await receiptsOf(shared.log)).length;
    const running = shared.runner.run(abort.signal);
    await publish(shared, EVENTS.slice(0, 160));
    const second = createShopRunner(shared, () => undefined);
    await second.start();
    const visiting = second.run(guest.signal);
    onTestFinished(async () => {
      abort.abort();
      guest.abort();
      await Promise.allSettled([running, visiting]);
    });
    await publish(shared, EVENTS.slice(160, 300));
    await expect.poll(() => second.durableEvents, { timeout: 10_000 }).toBeGreaterThan(0);
    guest.abort();
    await visiting;
    await second.close();
    await publish(shared, EVENTS.slice(300));
    await expect.poll(met, { timeout: 10_000 }).toBe(EVENTS.length);
    expect(await outcomeOf(shared)).toEqual(await outcomeOf(alone));
  });
});
