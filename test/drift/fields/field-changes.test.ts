import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FieldProfileRecord, TABLES } from '#core';
import { DAY_MS } from '../../../drift/fields/day-profiles.ts';
import { type FieldFindings, type FieldVerdict, findFieldChanges } from '../../../drift/fields/field-changes.ts';
import { loadFieldLevels } from '../../../drift/fields/field-levels.ts';
import { QuantileSketch } from '../../../drift/fields/quantile-sketch.ts';
import { openTestStore, type TestStore } from '../../collector/test-store.ts';
import { storeRecords } from '../../support/telemetry.ts';
import { INCIDENT, RETAIL_CONTRACTS, retailYear } from './retail-year.ts';

const WEEK_MS = 7 * DAY_MS;
const FIRST_MONDAY_MS = Date.UTC(2010, 10, 29);
const LAST_MONDAY_MS = Date.UTC(2011, 11, 5);
const FEATURES = new Map([['basket.updated/unitPrice', ['basket_lines.unit_price_mean_60d', 'basket_lines.unit_price_max_60d']]]);
const ANSWERS = { baselineMs: 8 * WEEK_MS, ratio: 5, minimumValues: 50, contracts: RETAIL_CONTRACTS, features: FEATURES };
/** The year is read, profiled and stored before the tests. */
const PATIENCE_MS = 120_000;
let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await storeRecords(store.database, {
    table: TABLES.fieldProfiles,
    records: await retailYear(),
    ingestedMs: Date.UTC(2026, 0, 1),
  });
}, PATIENCE_MS);
afterAll(() => store.close());

/** Week after week, as a job does, handing the state on. */
async function review(pipeline: string, fromMs: number, toMs: number): Promise<readonly FieldVerdict[]> {
  const verdicts: FieldVerdict[] = [];
  let state: FieldFindings = { findings: [] };
  for (let weekMs = fromMs; weekMs <= toMs; weekMs += WEEK_MS) {
    const window = { fromMs: weekMs, toMs: weekMs + WEEK_MS };
    const verdict = await findFieldChanges(store.database, { ...ANSWERS, pipeline, window, state });
    // What is carried over a restart is JSON.
    state = JSON.parse(JSON.stringify(verdict.state)) as FieldFindings;
    verdicts.push(verdict);
  }
  return verdicts;
}

describe('findFieldChanges', () => {
  it(
    'finds nothing in a year of 38 producers with its Christmas and its wholesale orders',
    async () => {
      const verdicts = await review('clean', FIRST_MONDAY_MS, LAST_MONDAY_MS);
      expect(verdicts).toHaveLength(54);
      expect(verdicts.flatMap(({ changed }) => changed.map(({ summary }) => summary))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('finds the producer that sends pence for pounds, once, and says when it is over', async () => {
    const verdicts = await review('incident', Date.UTC(2011, 8, 26), LAST_MONDAY_MS);
    const changed = verdicts.flatMap((verdict) => verdict.changed);
    const restored = verdicts.flatMap((verdict) => verdict.restored);
    const [finding] = changed;
    expect(changed).toHaveLength(1);
    expect(finding).toMatchObject({
      findingId: 'incident/basket.updated//unitPrice//shop/united-kingdom/2011-10-10T00:00:00.000Z',
      source: INCIDENT.source,
      field: '/unitPrice',
      contractVersion: 1,
      owner: 'shop-platform',
      after: { window: { fromMs: Date.UTC(2011, 9, 3), toMs: Date.UTC(2011, 9, 10) }, values: 12_608 },
      features: FEATURES.get('basket.updated/unitPrice'),
    });
    expect(finding?.ratio).toBeCloseTo(99.5, 0);
    expect(finding?.summary).toBe(
      '/unitPrice of basket.updated from /shop/united-kingdom means something else than before: from 2011-10-03 to 2011-10-10 its median is 206 (12,608 values); ' +
        'from 2011-08-08 to 2011-10-03 it was 2.08 (69,992 values), 99.5 times as much, and its 5 % and 95 % quantiles moved with it. A factor near 100 looks like another unit. ' +
        'shop-platform answers for the contract, basket.updated version 1. Computed from it: basket_lines.unit_price_mean_60d, basket_lines.unit_price_max_60d.',
    );
    expect(restored).toEqual([
      expect.objectContaining({
        findingId: finding?.findingId,
        window: { fromMs: Date.UTC(2011, 10, 7), toMs: Date.UTC(2011, 10, 14) },
        summary: expect.stringMatching(
          /^\/unitPrice of basket\.updated from \/shop\/united-kingdom is as before: from 2011-11-07/u,
        ),
      }),
    ]);
    expect(verdicts.at(-1)?.state).toEqual({
      findings: [],
      spoilt: [
        expect.objectContaining({ field: '/unitPrice', window: { fromMs: Date.UTC(2011, 9, 3), toMs: Date.UTC(2011, 10, 7) } }),
      ],
    });
  });

  it('adds sketches up in the store to the quantiles of all values, of either sign', async () => {
    const days = Array.from({ length: 60 }, (_day, day) =>
      Array.from({ length: 40 }, (_value, index) => ((index * 7919 + day * 104_729) % 1000) / 10 - 30 - (day >= 56 ? 20 : 0)),
    );
    const toMs = Date.UTC(2011, 0, 3) + 60 * DAY_MS;
    const records = days.flatMap((values, day) => profilesOf(values, toMs - (60 - day) * DAY_MS));
    await storeRecords(store.database, { table: TABLES.fieldProfiles, records, ingestedMs: Date.UTC(2026, 0, 1) });
    const window = { fromMs: toMs - 4 * DAY_MS, toMs };
    const spoilt = [
      { subject: 'signed', field: '/x', source: '/a', window: { fromMs: toMs - 20 * DAY_MS, toMs: toMs - 10 * DAY_MS } },
      { subject: 'signed', field: '/x', source: '/b', window: { fromMs: toMs - 60 * DAY_MS, toMs } },
    ];
    const question = { pipeline: 'signed', window, baselineMs: 56 * DAY_MS, minimumValues: 50, spoilt };
    const [levels, ...others] = await loadFieldLevels(store.database, question);
    expect(others).toEqual([]);
    expect(levels).toEqual({
      subject: 'signed',
      field: '/x',
      source: '/a',
      contractVersion: 3,
      before: {
        window: { fromMs: toMs - 60 * DAY_MS, toMs: window.fromMs },
        ...quantilesOf([...days.slice(0, 40), ...days.slice(50, 56)].flat()),
      },
      after: { window, ...quantilesOf(days.slice(56).flat()) },
    });
  });
});

/** A day's values in two records, as two partitions send them. */
function profilesOf(values: readonly number[], fromMs: number): FieldProfileRecord[] {
  return [values.slice(0, 15), values.slice(15)].map((part, partition) => {
    const place = { pipeline: 'signed', subject: 'signed', contractVersion: 3, source: '/a', field: '/x', partition };
    return { ...place, window: { fromMs, toMs: fromMs + DAY_MS }, missing: 0, ...sketchOf(part).parts() };
  });
}

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function quantilesOf(values: readonly number[]) {
  const sketch = sketchOf(values);
  const about = (share: number): unknown => expect.closeTo(sketch.quantile(share) ?? Number.NaN, 9);
  return { values: values.length, p05: about(0.05), p50: about(0.5), p95: about(0.95) };
}
