import { describe, expect, test } from 'vitest';
import { type DecisionRecord, ManualClock, type ModelRunner, partitionOf, type ScoreResult } from '#core';
import {
  openShop,
  promoteShopModel,
  SHOP_DEFINITION,
  SHOP_FEATURES,
  type Shop,
  type ShopOptions,
  shadowShopModel,
  shopRecord,
} from '../../support/shop-pipeline.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { batchesOf, decisionsOf, recordsOf } from '../../support/topic-contents.ts';

const START_MS = Date.UTC(2011, 0, 1);
const EVENTS = 12;
/** All events are of one customer, and so of one partition: their offsets are 0, 1, 2 … */
const PARTITION = partitionOf('ann', SHOP_DEFINITION.partitions);
const from = (offset: number): number[] => [0, 1].map((partition) => (partition === PARTITION ? offset : 0));

const events = Array.from({ length: EVENTS }, (_, index) =>
  shopRecord({ id: String(index), type: 'bought', customer: 'ann', amount: index + 1, timeMs: START_MS + index }),
);

/** Changes what one version's inference gives. */
function changing(version: number, change: (result: ScoreResult) => ScoreResult): (runner: ModelRunner) => ModelRunner {
  return (runner) => ({
    load: (model) => runner.load(model),
    unload: (model) => runner.unload(model),
    close: () => runner.close(),
    score: async (request) => {
      const result = await runner.score(request);
      return request.version === version ? change(result) : result;
    },
  });
}

interface Played {
  readonly decisions: readonly DecisionRecord[];
  readonly predictions: readonly string[];
  readonly told: readonly string[];
  readonly shop: Shop;
}

/** Version 1 is live; `tell` puts others on the control topic before the events are read. */
async function play(tell: (shop: Shop) => Promise<void>, options: Omit<ShopOptions, 'folder'> = {}): Promise<Played> {
  const told: string[] = [];
  const tellShadowFault = (sentence: string): number => told.push(sentence);
  const shop = await openShop({ folder: await temporaryFolder(), tellShadowFault, ...options });
  await promoteShopModel(shop.log, 1, from(0));
  await tell(shop);
  await shop.models.catchUp();
  await shop.log.commit({ records: events });
  await shop.runUntil(EVENTS);
  const predictions = (await recordsOf(shop.log, SHOP_DEFINITION.predictionTopic)).map(({ value }) =>
    new TextDecoder().decode(value),
  );
  return { decisions: await decisionsOf(shop.log), predictions, told, shop };
}

const candidate = (shop: Shop) => shadowShopModel(shop.log, { version: 2, purpose: 'candidate' }, from(0));

/** What a version of the shop's model says by its own formula (shopModelOnnx). */
function directScore(version: number, { features }: DecisionRecord): number {
  const logit = SHOP_FEATURES.reduce(
    (sum, _, column) => sum + ((column + version) / 10) * (features.values[column] ?? 0),
    -version,
  );
  return 1 / (1 + Math.exp(-logit));
}

describe('versions in shadow', () => {
  test('score each event beside the live one from their position on, and decide nothing', async () => {
    const { decisions } = await play(async (shop) => {
      await shadowShopModel(shop.log, { version: 2, purpose: 'candidate' }, from(3));
      await promoteShopModel(shop.log, 2, from(8));
      await shadowShopModel(shop.log, { version: 1, purpose: 'baseline' }, from(8));
      await shadowShopModel(shop.log, { version: 3, purpose: 'candidate' }, from(10));
    });
    const roles = decisions.map(({ model, shadows }) => [model?.version, shadows?.map(({ version }) => version)]);
    expect(roles).toEqual([
      ...Array.from({ length: 3 }, () => [1, undefined]),
      ...Array.from({ length: 5 }, () => [1, [2]]),
      ...Array.from({ length: 2 }, () => [2, [1]]),
      ...Array.from({ length: 2 }, () => [2, [1, 3]]),
    ]);
    for (const decision of decisions) {
      for (const { version, score } of decision.shadows ?? []) expect(score).toBeCloseTo(directScore(version, decision), 6);
      expect(decision.score).toBeCloseTo(directScore(decision.model?.version ?? 0, decision), 6);
    }
  });

  test('change no prediction, whether they score or fail', async () => {
    const alone = await play(async () => undefined);
    await alone.shop.close();
    const { predictions } = await play(candidate);
    expect(predictions).toEqual(alone.predictions);
    const failing = changing(2, () => {
      throw new TypeError('the cause');
    });
    const failed = await play(candidate, { wrapInference: failing, definition: { maxBatchEvents: 2 } });
    expect(failed.predictions).toHaveLength(EVENTS);
    expect(failed.decisions.map(({ decision }) => decision)).toEqual(alone.decisions.map(({ decision }) => decision));
    expect(new Set(failed.decisions.map(({ shadows }) => shadows))).toEqual(new Set([undefined]));
    expect(failed.told).toEqual([
      expect.stringMatching(/^RUNTIME_SHADOW_FAILED: again v2 failed in shadow: the cause; what the live version decides/u),
      expect.stringMatching(/again v2 scores in shadow no more until the next start: the cause;/u),
    ]);
  });

  test('that give no number leave their score out for those events alone, and are told once', async () => {
    const odd = changing(2, (result) => ({
      ...result,
      scores: result.scores.map((score, row) => (row === 0 ? Number.NaN : score)),
    }));
    const { decisions, told } = await play(candidate, { wrapInference: odd, definition: { maxBatchEvents: 3 } });
    const without = decisions.filter(({ shadows }) => shadows === undefined);
    expect(without.length).toBeGreaterThan(1);
    expect(without.length).toBeLessThan(EVENTS);
    expect(told).toEqual([
      expect.stringMatching(/again v2 failed in shadow: its score is not finite for 1 of a batch's events/u),
    ]);
  });

  test('take none of the time of any stage: what is waited for them is unattributed', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const slow = changing(2, (result) => {
      clock.advance(70);
      return result;
    });
    const { shop } = await play(candidate, { clock, wrapInference: slow });
    const [batch] = await batchesOf(shop.log);
    const pairs = Object.values(batch?.marks ?? {});
    expect(pairs.map(([fromUs, toUs]) => toUs - fromUs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(batch?.publish).toEqual([70_000, 70_000]);
  });
});
