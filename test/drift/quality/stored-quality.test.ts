import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearRecords } from '#collector';
import { systemClock, TABLES } from '#core';
import { loadMonthlyQuality, type MonthlyQuality, monthlyQuality, type QualityRow } from '#drift';
import { openTestStore, type TestStore } from '../../collector/test-store.ts';
import { storeRecords } from '../../support/telemetry.ts';
import { decisionOf, outcomeOf, PIPELINE, type Prediction, predictions } from '../prediction-records.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Scores as a model gives them (float32), of two versions, over three months; the last tenth is open. */
function scored(count: number): readonly Prediction[] {
  return predictions(count).map(({ label, ...row }) => ({
    ...row,
    label: row.index < count * 0.9 ? label : undefined,
    scored: {
      version: row.timeMs < Date.UTC(2011, 1, 15) ? 1 : 2,
      score: Math.fround(1 / (1 + Math.exp((row.values[0] ?? 60) / 20 - 1.5))),
    },
  }));
}

/** Versions 1 (frozen), 2 and 3; the frozen one scores in shadow, but for every fifth row of March; version 3 does so in February. */
function shadowed(count: number): readonly Prediction[] {
  return scored(count).map((row) => {
    const { version, score } = row.scored ?? { version: 1, score: 0 };
    const frozen = { version: 1, score: Math.fround(score ** 2) };
    const candidate = { version: 3, score: Math.fround(1 - score) };
    const isLeftOut = row.timeMs >= Date.UTC(2011, 2, 1) && row.index % 5 === 0;
    const isTrial = row.timeMs >= Date.UTC(2011, 1, 1) && row.timeMs < Date.UTC(2011, 2, 1);
    const shadows = [...(isTrial ? [candidate] : []), ...(version === 1 || isLeftOut ? [] : [frozen])];
    return { ...row, scored: { version, score, ...(shadows.length === 0 ? {} : { shadows }) } };
  });
}

/** The table of the same records, by the store and by the definition. */
async function bothWays(rows: readonly Prediction[], finalBeforeMs: number): Promise<readonly [MonthlyQuality, MonthlyQuality]> {
  const decisions = rows.map(decisionOf);
  const outcomes = rows.flatMap((row) => outcomeOf(row) ?? []);
  await clearRecords(store.database);
  await storeRecords(store.database, { table: TABLES.decisions, records: decisions, ingestedMs: systemClock.now() });
  await storeRecords(store.database, { table: TABLES.outcomes, records: outcomes, ingestedMs: systemClock.now() });
  const stored = await loadMonthlyQuality(store.database, { pipeline: PIPELINE, finalBeforeMs });
  return [rounded(stored), rounded(monthlyQuality({ decisions, outcomes, finalBeforeMs }))];
}

/** Sums of the same numbers in another order differ in their last digits. */
function rounded(table: MonthlyQuality): MonthlyQuality {
  return JSON.parse(
    JSON.stringify(table, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );
}

describe('loadMonthlyQuality', () => {
  it('gives the table that the definition gives for the same records', async () => {
    const [stored, defined] = await bothWays(scored(3000), Number.POSITIVE_INFINITY);
    expect(stored).toEqual(defined);
    expect(defined.months).toHaveLength(3);
  });

  it('tells what the frozen first version would have been, over the events of which its score is known', async () => {
    const [stored, defined] = await bothWays(shadowed(3000), Number.POSITIVE_INFINITY);
    expect(stored).toEqual(defined);
    const own = ({ auc, logLoss, accuracy, calibrationError, matured }: QualityRow) => ({
      auc,
      logLoss,
      accuracy,
      calibrationError,
      matured,
    });
    expect(defined.months.map((row) => isDeepStrictEqual(row.frozen, own(row)))).toEqual([true, false, false]);
    const shares = defined.months.map(({ frozen, matured }) => frozen.matured / matured);
    expect(shares.slice(0, 2)).toEqual([1, 1]);
    expect(shares[2]).toBeCloseTo(0.8, 1);
  });

  it('knows the frozen version by its score in shadow where its own decisions are gone', async () => {
    const rows = shadowed(3000).filter(({ scored: { version } = { version: 1 } }) => version === 2);
    const [stored, defined] = await bothWays(rows, Number.POSITIVE_INFINITY);
    expect(stored).toEqual(defined);
    expect(defined.total.frozen.logLoss).not.toEqual(defined.total.logLoss);
  });

  it('counts only what is final before the time given', async () => {
    const [stored, defined] = await bothWays(shadowed(900), Date.UTC(2011, 1, 10));
    expect(stored).toEqual(defined);
    expect(defined.total.open).toBeGreaterThan(400);
  });

  it('says why a statistic has no value', async () => {
    const rows = scored(40).map((row) => ({ ...row, label: row.index % 2 === 0 ? (1 as const) : undefined }));
    const [stored, defined] = await bothWays(rows, Number.POSITIVE_INFINITY);
    expect(stored).toEqual(defined);
    expect(stored.total.auc).toEqual({ status: 'not_computable', reason: 'one_class' });
  });

  it('is empty where nothing was scored', async () => {
    const [stored, defined] = await bothWays([], Number.POSITIVE_INFINITY);
    expect(stored).toEqual(defined);
  });
});
