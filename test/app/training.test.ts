import { describe, expect, test } from 'vitest';
import { CONTROL_TYPES, HEADERS, TOPICS } from '#core';
import { FirstTraining } from '../../app/training.ts';
import {
  DAY_MS,
  openShop,
  SHOP_DEFINITION,
  SHOP_FEATURES,
  type Shop,
  type ShopEvent,
  shopRecord,
  watermarkRecords,
} from '../support/shop-pipeline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { decisionsOf, recordsOf } from '../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const CUSTOMERS = 40;

/** Customers who buy daily and customers who buy once, for six days; the labels of the first two have matured by the sixth. */
function history(): ShopEvent[] {
  return Array.from({ length: 6 }, (_, day) =>
    Array.from({ length: CUSTOMERS }, (_unused, customer) => ({ day, customer })).filter(
      (at) => at.customer % 2 === 0 || at.day === 1,
    ),
  )
    .flat()
    .map(({ day, customer }) => ({
      id: `${day}/${customer}`,
      type: 'bought',
      customer: `c${customer}`,
      amount: 10 + (customer % 7) + day,
      timeMs: START_MS + day * DAY_MS + customer * 1000,
    }));
}

async function play(folder: string, minimumRows: number): Promise<{ shop: Shop; announced: string[] }> {
  const announced: string[] = [];
  const holder: { training?: FirstTraining } = {};
  const shop = await openShop({ folder, nextBarrier: () => holder.training?.next() });
  holder.training = new FirstTraining({
    log: shop.log,
    clock: shop.clock,
    runner: shop.inference,
    models: shop.models,
    definition: SHOP_DEFINITION,
    model: {
      model: SHOP_DEFINITION.model,
      owner: 'team',
      description: 'test',
      inputs: SHOP_FEATURES.map((feature) => ({ feature, transform: 'log1p', missing: 0 })),
      firstTraining: { from: '2011-01-01', for: '2d' },
      trainer: { algorithm: 'logistic-regression', minimumRows },
    },
    announce: (sentence) => announced.push(sentence),
  });
  return { shop, announced };
}

async function publish(shop: Shop): Promise<number> {
  const events = history();
  for (let day = 0; day < 6; day++) {
    const of = events.filter(({ timeMs }) => Math.floor((timeMs - START_MS) / DAY_MS) === day);
    await shop.log.commit({ records: [...watermarkRecords(START_MS + day * DAY_MS), ...of.map(shopRecord)] });
  }
  return events.length;
}

async function controlTypes(shop: Shop): Promise<(string | undefined)[]> {
  return (await recordsOf(shop.log, TOPICS.control)).map(({ headers }) => headers[HEADERS.type]);
}

describe('the first training', () => {
  test('waits for the watermark, trains once, and decides from exactly there on; a restart trains nothing again', async () => {
    const folder = await temporaryFolder();
    const { shop, announced } = await play(folder, 20);
    const count = await publish(shop);
    await shop.runUntil(count);
    for (const { event, fate } of await decisionsOf(shop.log)) {
      expect([event.id, fate]).toEqual([event.id, event.timeMs < START_MS + 5 * DAY_MS ? 'collecting' : 'scored']);
    }
    const steps = [
      CONTROL_TYPES.trainingRequested,
      CONTROL_TYPES.modelTrained,
      CONTROL_TYPES.modelRegistered,
      CONTROL_TYPES.modelPromoted,
    ];
    expect(await controlTypes(shop)).toEqual(steps);
    expect(announced.at(-1)).toBe('again v1 trained and promoted');
    await shop.close();

    const again = await play(folder, 20);
    await again.shop.log.commit({
      records: [shopRecord({ id: 'new', type: 'bought', customer: 'c1', amount: 3, timeMs: START_MS + 5.5 * DAY_MS })],
    });
    await again.shop.runUntil(count + 1);
    expect(await controlTypes(again.shop)).toEqual(steps);
    expect((await decisionsOf(again.shop.log)).find(({ event }) => event.id === 'new')).toMatchObject({
      fate: 'scored',
      model: { version: 1 },
    });
  });

  test('that is refused says why, is not tried again, and the pipeline goes on collecting', async () => {
    const { shop, announced } = await play(await temporaryFolder(), 10_000);
    const count = await publish(shop);
    await shop.runUntil(count);
    expect(announced.at(-1)).toMatch(/^training refused: /u);
    expect(await controlTypes(shop)).toEqual([CONTROL_TYPES.trainingRequested, CONTROL_TYPES.trainingRefused]);
    expect(new Set((await decisionsOf(shop.log)).map(({ fate }) => fate))).toEqual(new Set(['collecting']));
  });
});
