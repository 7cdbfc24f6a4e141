import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type FieldProfileRecord, systemClock, TABLES } from '#core';
import { OTHER_PRODUCERS as PROFILED_AS } from '../../../../drift/fields/day-profiles.ts';
import { QuantileSketch } from '../../../../drift/fields/quantile-sketch.ts';
import { OTHER_PRODUCERS } from '../../../../runbooks/alerts/causes/field-meaning-changed.ts';
import { MADE } from '../../../support/made-history.ts';
import { storeRecords, telemetryForFile } from '../../../support/telemetry.ts';
import { alertFile, allRules, firing, type Series } from '../../rule-fixture.ts';

const DAY_MS = 86_400_000;
/** A day is profiled in a minute. */
const STEP_MS = 60_000;
const DAYS = 60;
const NOW_MS = Math.floor(systemClock.now() / STEP_MS) * STEP_MS;
const FIRST_DAY_MS = Date.UTC(2011, 0, 1);
const CHANGE = { from: 45, to: 55 } as const;
const store = telemetryForFile();

interface Producer {
  readonly values: number;
  /** Values of a day, before noise. */
  readonly level: (day: number) => number;
  readonly from?: number;
  readonly to?: number;
}

const isChanged = (day: number): boolean => day >= CHANGE.from && day < CHANGE.to;
const PRODUCERS: Readonly<Record<string, Producer>> = {
  '/steady': { values: 100, level: () => 20 },
  '/season': { values: 100, level: (day) => 20 * 2 ** Math.sin(day / 8) },
  '/pence': { values: 100, level: (day) => (isChanged(day) ? 2000 : 20) },
  '/euros': { values: 100, level: (day) => (isChanged(day) ? 0.2 : 20) },
  '/refunds': { values: 100, level: (day) => (isChanged(day) ? -2000 : -20) },
  '/small': { values: 20, level: (day) => (isChanged(day) ? 2000 : 20) },
  '/one-day': { values: 100, level: (day) => (day === CHANGE.from ? 2000 : 20) },
  '/new': { values: 100, level: (day) => (isChanged(day) ? 2000 : 20), from: CHANGE.from - 3 },
  '/gone': { values: 100, level: (day) => (isChanged(day) ? 2000 : 20), to: CHANGE.from + 3 },
  '/sign': { values: 100, level: (day) => (isChanged(day) ? -20 : 20) },
  [OTHER_PRODUCERS]: { values: 100, level: (day) => (isChanged(day) ? 2000 : 20) },
};

function profiles(): readonly FieldProfileRecord[] {
  const random = createRandom(7);
  return Object.entries(PRODUCERS).flatMap(([source, { values, level, from = 0, to = DAYS }]) =>
    Array.from({ length: to }, (_, day) => day)
      .filter((day) => day >= from)
      .map((day) => {
        const sketch = new QuantileSketch();
        for (let count = 0; count < values; count++) sketch.add(level(day) * 2 ** (2 * random() - 1));
        const fromMs = FIRST_DAY_MS + day * DAY_MS;
        const place = {
          pipeline: MADE.pipeline,
          subject: 'basket.updated',
          contractVersion: 1,
          source,
          field: '/unitPrice',
          partition: 0,
        };
        return { ...place, window: { fromMs, toMs: fromMs + DAY_MS }, missing: 0, ...sketch.parts() };
      }),
  );
}

/** When a day's profiles are stored: the first is the oldest. */
const storedMs = (day: number): number => NOW_MS - (DAYS - 1 - day) * STEP_MS;
const rule = allRules({ slos: [], alerts: [alertFile('FieldMeaningChanged', { window: '10m' })] })[0];

async function sourcesOn(day: number, agoMs = 0): Promise<readonly string[]> {
  return (await seriesOn(day, agoMs)).map(({ source }) => String(source)).sort();
}

async function seriesOn(day: number, laterMs = 0): Promise<readonly Series[]> {
  if (rule === undefined) throw new Error('FieldMeaningChanged makes a rule');
  return await firing(store.database(), rule, storedMs(day) + STEP_MS / 2 + laterMs);
}

describe('FieldMeaningChanged', () => {
  beforeAll(async () => {
    const ingestedMs = (record: object): number =>
      storedMs(((record as FieldProfileRecord).window.fromMs - FIRST_DAY_MS) / DAY_MS);
    await storeRecords(store.database(), { table: TABLES.fieldProfiles, records: profiles(), ingestedMs });
  });

  it('says nothing of seasons, nor of a change that has one day', async () => {
    expect(await sourcesOn(CHANGE.from - 1)).toEqual([]);
    expect(await sourcesOn(CHANGE.from)).toEqual([]);
  });

  it('tells all that moved once two days show it, whichever way, with its factor', async () => {
    const series = await seriesOn(CHANGE.from + 1);
    expect(series.map(({ source }) => String(source)).sort()).toEqual(['/euros', '/gone', '/pence', '/refunds']);
    for (const { subject, field, value } of series) {
      expect([subject, field]).toEqual(['basket.updated', '/unitPrice']);
      expect(value).toBeGreaterThan(80);
      expect(value).toBeLessThan(125);
    }
  });

  it('waits for a small producer until there are 50 values', async () => {
    expect(await sourcesOn(CHANGE.from + 1)).not.toContain('/small');
    expect(await sourcesOn(CHANGE.from + 2)).toContain('/small');
  });

  it('knows nothing of a producer without a baseline, of a changed sign, and of what is added up', async () => {
    for (let day = CHANGE.from; day < CHANGE.from + 4; day++) {
      const sources = await sourcesOn(day);
      expect(
        sources.filter((source) => ['/new', '/sign', '/steady', '/season', '/one-day', OTHER_PRODUCERS].includes(source)),
      ).toEqual([]);
    }
  });

  it('stands for some days, until it is usual, and does not call it a change when the field is as it was', async () => {
    expect(await sourcesOn(CHANGE.from + 6)).toContain('/pence');
    expect(await sourcesOn(CHANGE.to - 1)).not.toContain('/pence');
    for (const day of [CHANGE.to, CHANGE.to + 1, CHANGE.to + 3])
      expect((await sourcesOn(day)).filter((source) => source !== '/gone')).toEqual([]);
  });

  it('lets go of a producer that sends no more once its profiles are older than the window', async () => {
    expect(await sourcesOn(CHANGE.from + 5)).toContain('/gone');
    expect(await sourcesOn(CHANGE.from + 2, 9 * STEP_MS)).toContain('/gone');
    expect(await sourcesOn(CHANGE.from + 2, 11 * STEP_MS)).not.toContain('/gone');
  });

  it('leaves out what the profiler adds up', () => {
    expect(OTHER_PRODUCERS).toBe(PROFILED_AS);
  });
});
