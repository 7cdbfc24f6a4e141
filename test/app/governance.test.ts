import { describe, expect, test } from 'vitest';
import { CONTROL_TYPES, HEADERS, TOPICS } from '#core';
import { Governor } from '#drift';
import { Governance, governedModelOf } from '../../app/governance.ts';
import { IN_PROCESS } from '../drift/in-process-fitter.ts';
import {
  DAY_MS,
  openShop,
  promoteShopModel,
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

interface Played {
  readonly shop: Shop;
  readonly governance: Governance;
  readonly announced: string[];
}

async function play(folder: string, minimumRows: number): Promise<Played> {
  const announced: string[] = [];
  const holder: { governance?: Governance } = {};
  const shop = await openShop({ folder, nextBarrier: () => holder.governance?.next() });
  const { log, clock, models, inference } = shop;
  const model = governedModelOf(
    {
      model: SHOP_DEFINITION.model,
      owner: 'team',
      description: 'test',
      inputs: SHOP_FEATURES.map((feature) => ({ feature, transform: 'log1p', missing: 0 })),
      firstTraining: { from: '2011-01-01', for: '2d' },
      trainer: { algorithms: ['logistic-regression'], minimumRows },
    },
    SHOP_DEFINITION,
    40,
  );
  const announce = (sentence: string): void => void announced.push(sentence);
  const trainer = { log, clock, runner: inference, fitter: IN_PROCESS, trainedBy: 'throughline' };
  const governor = new Governor({ ...trainer, model, store: undefined, announce });
  await governor.load();
  const watermarkMs = (): number => Math.min(...shop.runner.lanes.map(({ progress }) => progress.watermarkMs));
  const governance = new Governance({ log, clock, models, definition: SHOP_DEFINITION, governor, watermarkMs, announce });
  holder.governance = governance;
  return { shop, governance, announced };
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

describe('the first model', () => {
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

  test('whose training is refused says why, is not tried again, and the pipeline goes on collecting', async () => {
    const { shop, announced } = await play(await temporaryFolder(), 10_000);
    const count = await publish(shop);
    await shop.runUntil(count);
    expect(announced.at(-1)).toMatch(/^training of again refused: /u);
    expect(await controlTypes(shop)).toEqual([CONTROL_TYPES.trainingRequested, CONTROL_TYPES.trainingRefused]);
    expect(new Set((await decisionsOf(shop.log)).map(({ fate }) => fate))).toEqual(new Set(['collecting']));
  });
});

const bought = (id: string): ShopEvent => ({ id, type: 'bought', customer: 'c1', amount: 3, timeMs: START_MS + 5.5 * DAY_MS });

describe('a roll-back', () => {
  test('of a running pipeline holds from the place that its record names, also after a restart', async () => {
    const folder = await temporaryFolder();
    const { shop, governance, announced } = await play(folder, 20);
    const count = await publish(shop);
    await shop.runUntil(count);
    const ends = await Promise.all(
      Array.from(
        { length: SHOP_DEFINITION.partitions },
        async (_, partition) => (await shop.log.bounds({ topic: SHOP_DEFINITION.topic, partition })).end,
      ),
    );
    await promoteShopModel(shop.log, 2, ends);
    await shop.models.catchUp();
    await shop.log.commit({ records: [shopRecord(bought('by v2'))] });
    await shop.runUntil(count + 1);
    const ordered = governance.rollBack({ reason: 'v2 says no to everybody.', actor: 'on-call' });
    await shop.log.commit({ records: [shopRecord(bought('after'))] });
    await shop.runUntil(count + 2);
    const rolledBack = await ordered;
    expect(rolledBack).toMatchObject({
      version: 1,
      replaces: 2,
      cause: 'rollback',
      actor: 'on-call',
      reason: 'Rolled back from v2: v2 says no to everybody',
    });
    expect(announced.at(-1)).toMatch(/^again v1 decides\. Rolled back from v2/u);
    await shop.close();

    const again = await play(folder, 20);
    await again.shop.log.commit({ records: [shopRecord(bought('later'))] });
    await again.shop.runUntil(count + 3);
    const versions = new Map((await decisionsOf(again.shop.log)).map(({ event, model }) => [event.id, model?.version]));
    expect(versions.get('by v2')).toBe(2);
    for (const { position, model } of await decisionsOf(again.shop.log)) {
      const from = rolledBack.positions.find(({ partition }) => partition === position.partition)?.offset ?? 0;
      if (position.offset >= from) expect(model?.version).toBe(1);
    }
    expect(versions.get('later')).toBe(1);
    await again.shop.close();
  });

  test('that cannot be is refused with a sentence, and the pipeline goes on', async () => {
    const { shop, governance } = await play(await temporaryFolder(), 20);
    const early = governance.rollBack({ reason: 'too early', actor: 'on-call' });
    const refusal = expect(early).rejects.toMatchObject({
      code: 'DRIFT_ROLLBACK_REFUSED',
      message: /no version of again decides/u,
    });
    const count = await publish(shop);
    await shop.runUntil(count);
    await refusal;
    const cases = [
      [{}, 'DRIFT_ROLLBACK_REFUSED', /is the only version that ever decided/u],
      [{ to: 1 }, 'DRIFT_ROLLBACK_REFUSED', /v1 decides already/u],
    ] as const;
    for (const [index, [order, code, message]] of cases.entries()) {
      const asked = governance.rollBack({ ...order, reason: 'test', actor: 'on-call' });
      const refused = expect(asked).rejects.toMatchObject({ code, message });
      await shop.log.commit({ records: [shopRecord(bought(`more ${index}`))] });
      await shop.runUntil(count + 1 + index);
      await refused;
    }
    await shop.close();
  });
});
