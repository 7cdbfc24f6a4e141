import { afterEach, describe, expect, it } from 'vitest';
import { TOPICS } from '#core';
import { auc, logLoss, monthlyQuality, readMonthlyQuality } from '#drift';
import { openTemporaryLog, type TemporaryLog } from '../open-log.ts';
import {
  decisionOf,
  outcomeOf,
  PARTITIONS,
  PIPELINE,
  type Prediction,
  predictions,
  writePredictions,
} from '../prediction-records.ts';

function historyOf(rows: readonly Prediction[], finalBeforeMs = Number.POSITIVE_INFINITY) {
  return { decisions: rows.map(decisionOf), outcomes: rows.flatMap((row) => outcomeOf(row) ?? []), finalBeforeMs };
}

/** Predictions over 90 days of 2011: January collects, then version 1 scores, from mid-March version 2; the last tenth is open. */
function scoredPredictions(count: number): readonly Prediction[] {
  return predictions(count).map(({ label, ...row }) => {
    const score = 1 / (1 + Math.exp((row.values[0] ?? 60) / 20 - 1.5));
    const version = row.timeMs < Date.UTC(2011, 2, 15) ? 1 : 2;
    return {
      ...row,
      label: row.index < count * 0.9 ? label : undefined,
      ...(row.timeMs < Date.UTC(2011, 1, 1) ? {} : { scored: { version, score } }),
    };
  });
}

describe('monthlyQuality', () => {
  it('gives a row a month, and the months add up to the total', () => {
    const rows = scoredPredictions(1800);
    const { months, total } = monthlyQuality(historyOf(rows));
    expect(months.map(({ month }) => month)).toEqual(['2011-02', '2011-03']);
    const scored = rows.filter((row) => row.scored !== undefined);
    expect(total).toMatchObject({ scored: scored.length, open: 180, matured: scored.length - 180, complete: false });
    expect(months.map(({ complete }) => complete)).toEqual([true, false]);
    for (const column of ['scored', 'matured', 'open'] as const) {
      expect(months.reduce((sum, row) => sum + row[column], 0)).toBe(total[column]);
    }
  });

  it('computes the statistics over the matured rows of the month', () => {
    const rows = scoredPredictions(1800);
    const [february] = monthlyQuality(historyOf(rows)).months;
    const matured = rows.flatMap(({ timeMs, label, scored }) =>
      scored !== undefined && label !== undefined && timeMs < Date.UTC(2011, 2, 1) ? [{ label, score: scored.score }] : [],
    );
    const columns = { labels: matured.map(({ label }) => label), scores: matured.map(({ score }) => score) };
    expect(february).toMatchObject({ auc: auc(columns), logLoss: logLoss(columns) });
    const positives = columns.labels.filter((label) => label === 1).length;
    expect(february?.baseRate).toEqual({ status: 'ok', value: positives / matured.length });
  });

  it('computes the frozen version’s figures from its own scores, live or in shadow, over the events that have one', () => {
    const live = (index: number, label: 0 | 1, score: number, version: number): Prediction => ({
      index,
      label,
      timeMs: Date.UTC(2011, 0, 1 + index),
      values: [1, 2, 3],
      scored: { version, score },
    });
    const shadowed = (row: Prediction, score: number): Prediction => ({
      ...row,
      scored: {
        ...(row.scored ?? expect.fail()),
        shadows: [
          { version: 7, score: 0.01 },
          { version: 3, score },
        ],
      },
    });
    const rows = [live(0, 1, 0.8, 3), shadowed(live(1, 0, 0.2, 5), 0.6), live(2, 1, 0.7, 5), shadowed(live(3, 1, 0.9, 5), 0.4)];
    const { total } = monthlyQuality(historyOf(rows));
    const frozen = { labels: [1, 0, 1], scores: [0.8, 0.6, 0.4] };
    expect(total.frozen).toMatchObject({ matured: 3, auc: auc(frozen), logLoss: logLoss(frozen) });
    expect(total).toMatchObject({ matured: 4, auc: { status: 'ok', value: 1 } });
  });

  it('names the model versions of the month', () => {
    const { months, total } = monthlyQuality(historyOf(scoredPredictions(1800)));
    expect(months.map(({ models }) => models.map(({ version }) => version))).toEqual([[1], [1, 2]]);
    expect(total.models.reduce((sum, { scored }) => sum + scored, 0)).toBe(total.scored);
  });

  it('cuts months at midnight UTC', () => {
    const at = (index: number, timeMs: number): Prediction => ({
      index,
      timeMs,
      values: [1, 2, 3],
      scored: { version: 1, score: 0.5 },
    });
    const { months } = monthlyQuality(historyOf([at(1, Date.UTC(2011, 11, 1)), at(0, Date.UTC(2011, 11, 1) - 1)]));
    expect(months.map(({ month, scored }) => [month, scored])).toEqual([
      ['2011-11', 1],
      ['2011-12', 1],
    ]);
  });

  it('says why a month has no value', () => {
    const open: Prediction = { index: 0, timeMs: 0, values: [1, 2, 3], scored: { version: 1, score: 0.5 } };
    const none = { status: 'not_computable', reason: 'no_rows' };
    expect(monthlyQuality(historyOf([open])).total).toMatchObject({ baseRate: none, auc: none, accuracy: none, open: 1 });
    expect(monthlyQuality(historyOf([{ ...open, label: 1 }])).total).toMatchObject({
      baseRate: { status: 'ok', value: 1 },
      auc: { status: 'not_computable', reason: 'one_class' },
      accuracy: { status: 'ok', value: 1 },
    });
    expect(monthlyQuality(historyOf([]))).toMatchObject({ months: [], total: { scored: 0, complete: true } });
  });

  it('leaves out a positive whose horizon has not passed: its negatives are not there yet', () => {
    const at = (index: number, timeMs: number, label: 0 | 1): Prediction => ({
      index,
      timeMs,
      values: [1, 2, 3],
      scored: { version: 1, score: 0.5 },
      label,
    });
    const rows = [at(0, 10, 0), at(1, 20, 1), at(2, 30, 1)];
    expect(monthlyQuality(historyOf(rows, 30)).total).toMatchObject({
      scored: 3,
      matured: 2,
      open: 1,
      complete: false,
      baseRate: { status: 'ok', value: 0.5 },
    });
  });

  it('counts a redelivered decision and outcome once', () => {
    const rows = scoredPredictions(300);
    expect(monthlyQuality(historyOf([...rows, ...rows]))).toEqual(monthlyQuality(historyOf(rows)));
  });
});

describe('readMonthlyQuality', () => {
  let temporary: TemporaryLog | undefined;
  afterEach(async () => temporary?.remove());

  it('computes the same table from 20,000 decisions on the log, of one pipeline only', async () => {
    temporary = await openTemporaryLog();
    const rows = scoredPredictions(20_000);
    await writePredictions(temporary.log, rows);
    const stranger = {
      ...decisionOf({ index: 1, timeMs: 0, values: [] }),
      pipeline: 'fraud',
      features: { names: [], values: [] },
    };
    await temporary.log.commit({ records: [{ topic: TOPICS.decisions, headers: {}, value: JSON.stringify(stranger) }] });
    const quality = await readMonthlyQuality(temporary.log, { pipeline: PIPELINE, finalBeforeMs: Number.POSITIVE_INFINITY });
    const inLogOrder = rows.toSorted((a, b) => (a.index % PARTITIONS) - (b.index % PARTITIONS));
    expect(quality).toEqual(monthlyQuality(historyOf(inLogOrder)));
  }, 60_000);
});
