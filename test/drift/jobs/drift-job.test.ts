import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearRecords } from '#collector';
import { type Database, type DecisionRecord, type DriftResultRecord, type EventWindow, systemClock, TABLES } from '#core';
import { parseDriftJob, type ReviewQuestion, reviewWindow } from '../../../drift/jobs/drift-job.ts';
import { openTestStore, type TestStore } from '../../collector/test-store.ts';
import { storeRecords } from '../../support/telemetry.ts';
import { DAY_MS, decisionOf, outcomeOf, PIPELINE, type Prediction } from '../prediction-records.ts';
import { seededRandom } from '../synthetic-rows.ts';

const MONDAY_MS = Date.UTC(2011, 0, 3);
const FEATURES = ['buyer.recency', 'buyer.spend', 'buyer.visits'] as const;
const JOB = parseDriftJob({
  job: 'weekly',
  owner: 'ml',
  description: 'Served features against the training.',
  pipeline: PIPELINE,
  window: '7d',
  quality: { window: '14d', minimumOutcomes: 60 },
});
const TRAINING: EventWindow = { fromMs: MONDAY_MS, toMs: MONDAY_MS + 28 * DAY_MS };
const weekOf = (week: number): EventWindow => ({
  fromMs: MONDAY_MS + week * 7 * DAY_MS,
  toMs: MONDAY_MS + (week + 1) * 7 * DAY_MS,
});

let store: TestStore;
let database: Database;
beforeAll(async () => {
  store = await openTestStore();
  ({ database } = store);
});
beforeEach(() => clearRecords(database));
afterAll(() => store.close());

const QUESTION: ReviewQuestion = {
  window: weekOf(9),
  live: { name: 'repurchase', version: 1, window: TRAINING, inputs: FEATURES, holdoutLogLoss: 0.5 },
  state: { breaches: {}, findings: [] },
  finalBeforeMs: weekOf(9).toMs,
  changedFeatures: new Set(),
};

interface Week {
  readonly week: number;
  readonly rows: number;
  /** Absent: collecting. */
  readonly version?: number;
  readonly values?: (random: () => number) => readonly (number | null)[];
  readonly label?: (random: () => number, score: number) => 0 | 1;
}

const usual = (random: () => number): readonly (number | null)[] => [
  random() < 0.1 ? null : random() * 60,
  random() ** 3 * 1000,
  Math.floor(random() * 9),
];
const shifted = (random: () => number): readonly (number | null)[] => [
  random() * 30 + 30,
  random() ** 3 * 1000,
  Math.floor(random() * 9),
];
const calibrated = (random: () => number, score: number): 0 | 1 => (random() < score ? 1 : 0);

/** Predictions spread over a week; an index of its own for each. */
function predictionsOf({ week, rows, version, values = usual, label }: Week): readonly Prediction[] {
  const random = seededRandom(week + 1);
  return Array.from({ length: rows }, (_none, i) => {
    const score = Math.fround(0.2 + 0.6 * random());
    return {
      index: week * 10_000 + i,
      timeMs: weekOf(week).fromMs + Math.floor((i / rows) * 7 * DAY_MS),
      values: values(random),
      label: label?.(random, score),
      ...(version === undefined ? {} : { scored: { version, score } }),
    };
  });
}

async function storeWeeks(
  weeks: readonly Week[],
  change: (record: DecisionRecord) => DecisionRecord = (record) => record,
): Promise<void> {
  const rows = weeks.flatMap(predictionsOf);
  const ingestedMs = systemClock.now();
  await storeRecords(database, { table: TABLES.decisions, records: rows.map((row) => change(decisionOf(row))), ingestedMs });
  await storeRecords(database, { table: TABLES.outcomes, records: rows.flatMap((row) => outcomeOf(row) ?? []), ingestedMs });
}

const training: readonly Week[] = [0, 1, 2, 3].map((week) => ({ week, rows: 150 }));
const row = (results: readonly DriftResultRecord[], target: string, method: string) =>
  results.find((result) => result.target === target && result.method === method);

describe('reviewWindow', () => {
  it('raises what begins, goes on with it, and says so in words', async () => {
    const live = [4, 5, 6, 7].map((week) => ({ week, rows: 150, version: 1 }));
    const moved = [8, 9, 10].map((week) => ({ week, rows: 200, version: 1, values: shifted }));
    await storeWeeks([...training, ...live, ...moved]);

    const quiet = await reviewWindow(database, JOB, { ...QUESTION, window: weekOf(7) });
    expect(quiet.results.filter(({ isBreach }) => isBreach)).toEqual([]);
    expect(quiet.results.map(({ target, method }) => `${target} ${method}`)).toEqual([
      ...['psi', 'ks', 'null_rate'].map((method) => `buyer.recency ${method}`),
      ...['psi', 'ks', 'null_rate'].map((method) => `buyer.spend ${method}`),
      ...['psi', 'ks', 'null_rate', 'new_category'].map((method) => `buyer.visits ${method}`),
      'score psi',
      'score ks',
      ...['log_loss', 'auc', 'accuracy', 'calibration_error'].map((method) => `outcome ${method}`),
    ]);

    const first = await reviewWindow(database, JOB, { ...QUESTION, window: weekOf(8), state: quiet.state });
    expect(first.detected).toBeUndefined();
    expect(first.state.breaches).toEqual({ 'buyer.recency ks': 1, 'buyer.recency null_rate': 1, 'buyer.recency psi': 1 });

    const second = await reviewWindow(database, JOB, { ...QUESTION, window: weekOf(9), state: first.state });
    expect(second.detected).toMatchObject({
      detectionId: 'weekly/2011-03-14T00:00:00.000Z',
      version: 1,
      goingOn: 0,
      alarms: ['psi', 'ks', 'null_rate'].map((method) => ({ target: 'buyer.recency', method, windowsInARow: 2 })),
    });
    expect(second.detected?.alarms[2]?.summary).toMatch(
      /^buyer\.recency: 0 % of its values missing, after \d+(\.\d)? % \(limit: a change of 10 %\), 2 windows in a row\.$/u,
    );
    expect(second.evidence.map(({ cause, method }) => [cause, method])).toEqual([
      ['drift', 'psi'],
      ['drift', 'ks'],
      ['drift', 'null_rate'],
    ]);

    const third = await reviewWindow(database, JOB, { ...QUESTION, window: weekOf(10), state: second.state });
    expect(third.detected).toBeUndefined();
    expect(third.evidence).toHaveLength(3);
    const explained = { ...QUESTION, window: weekOf(10), state: second.state, changedFeatures: new Set(['buyer.recency']) };
    expect((await reviewWindow(database, JOB, explained)).evidence).toEqual([]);

    const replaced = { ...QUESTION, window: weekOf(10), state: second.state, live: { ...QUESTION.live, version: 2 } };
    expect((await reviewWindow(database, JOB, replaced)).state).toMatchObject({
      version: 2,
      breaches: { 'buyer.recency psi': 1 },
    });
  });

  it('answers the same to the byte when it is asked again, and counts a prediction once', async () => {
    await storeWeeks([...training, { week: 9, rows: 150, version: 1, label: calibrated }]);
    const question = { ...QUESTION, finalBeforeMs: weekOf(9).toMs };
    const review = await reviewWindow(database, JOB, question);
    await storeWeeks([{ week: 9, rows: 150, version: 1 }], (record) => ({
      ...record,
      position: { ...record.position, offset: record.position.offset + 1_000_000 },
      features: { ...record.features, values: [0, 0, 0] },
    }));
    expect(JSON.stringify(await reviewWindow(database, JOB, question))).toBe(JSON.stringify(review));
    expect(row(review.results, 'buyer.spend', 'ks')).toMatchObject({ status: 'ok', rows: 150, referenceRows: 600 });
    expect(row(review.results, 'outcome', 'log_loss')).toMatchObject({ status: 'ok', rows: 150 });
  });

  it('finds features by their name, whatever the layout of the served vector', async () => {
    await storeWeeks(training);
    await storeWeeks([{ week: 9, rows: 150 }]);
    const plain = await reviewWindow(database, JOB, QUESTION);
    await clearRecords(database);
    await storeWeeks(training);
    await storeWeeks([{ week: 9, rows: 150 }], ({ features, ...record }) => ({
      ...record,
      features: {
        names: ['other.new', ...features.names.toReversed()],
        values: [7, ...features.values.toReversed()],
        eventTimesMs: [null, ...features.eventTimesMs.toReversed()],
        statuses: ['present', ...features.statuses.toReversed()],
      },
    }));
    expect((await reviewWindow(database, JOB, QUESTION)).results).toEqual(plain.results);
    const wider = { ...QUESTION, live: { ...QUESTION.live, inputs: ['other.new', ...FEATURES] } };
    const { results } = await reviewWindow(database, JOB, wider);
    expect(row(results, 'other.new', 'psi')).toMatchObject({ status: 'not_computable', reason: 'no_reference_rows' });
    expect(row(results, 'other.new', 'null_rate')).toMatchObject({ status: 'ok', value: 1, isBreach: true });
  });

  it('compares scores with the version’s own first 28 days, in shadow or live', async () => {
    const inShadow = [4, 5, 6, 7].map((week) => ({ week, rows: 120, version: 1 }));
    await storeWeeks([...training, ...inShadow], (record) =>
      record.model === undefined ? record : { ...record, shadows: [{ version: 2, score: (record.score ?? 0) / 2 }] },
    );
    await storeWeeks([8, 9].map((week) => ({ week, rows: 120, version: 2 })));
    const live = { ...QUESTION.live, version: 2 };
    const building = await reviewWindow(database, JOB, { ...QUESTION, live, window: weekOf(7) });
    expect(row(building.results, 'score', 'ks')).toMatchObject({ status: 'not_computable', reason: 'reference_building' });
    const { results } = await reviewWindow(database, JOB, { ...QUESTION, live, window: weekOf(8) });
    expect(row(results, 'score', 'ks')).toMatchObject({
      status: 'ok',
      rows: 120,
      referenceRows: 480,
      reference: { fromMs: weekOf(4).fromMs, toMs: weekOf(8).fromMs },
      isBreach: true,
    });
    const unseen = await reviewWindow(database, JOB, { ...QUESTION, live: { ...live, version: 3 } });
    expect(row(unseen.results, 'score', 'psi')).toMatchObject({ status: 'not_computable', reason: 'no_reference_rows' });
  });

  it('finds a loss of realised quality in what the version itself decided, once enough of it is final', async () => {
    const wrong = (random: () => number, score: number): 0 | 1 => (random() < score ? 0 : 1);
    await storeWeeks([
      ...training,
      { week: 6, rows: 100, version: 1, label: calibrated },
      { week: 7, rows: 100, version: 2, label: calibrated },
      { week: 8, rows: 100, version: 1, label: wrong },
      { week: 9, rows: 100, version: 1, label: wrong },
    ]);
    const asked = (week: number, state = QUESTION.state) =>
      reviewWindow(database, JOB, {
        ...QUESTION,
        state,
        live: { ...QUESTION.live, holdoutLogLoss: 0.64 },
        finalBeforeMs: weekOf(week).toMs,
      });
    const good = await asked(7);
    expect(row(good.results, 'outcome', 'log_loss')).toMatchObject({
      status: 'ok',
      rows: 100,
      referenceValue: 0.64,
      isBreach: false,
    });
    const bad = await asked(9, (await asked(8)).state);
    expect(row(bad.results, 'outcome', 'log_loss')).toMatchObject({ rows: 200, isBreach: true, isAlarm: true });
    expect(bad.evidence).toMatchObject([
      {
        cause: 'quality_loss',
        target: 'outcome',
        method: 'log_loss',
        window: { fromMs: weekOf(8).fromMs, toMs: weekOf(9).toMs },
      },
    ]);
    expect(bad.evidence[0]?.summary).toMatch(
      /^Realised quality: a mean log loss of 0\.\d+ over 200 outcomes \(2011-02-28 to 2011-03-14\), where 0\.64 was held out in training/u,
    );
    expect((await asked(4)).results.filter(({ target }) => target === 'outcome').map(({ reason }) => reason)).toEqual(
      Array.from({ length: 4 }, () => 'too_few_outcomes'),
    );
  });

  it.each([
    { name: 'missing', value: null, psi: 'no_rows', ks: 'no_rows' },
    { name: 'constant', value: 5, psi: '', ks: '' },
  ])('goes on where a column is all $name in a window', async ({ value, psi, ks }) => {
    await storeWeeks([...training, { week: 9, rows: 150, values: (random) => [value, random() ** 3 * 1000, 3] }]);
    const { results } = await reviewWindow(database, JOB, QUESTION);
    expect(row(results, 'buyer.recency', 'psi')?.reason).toBe(psi);
    expect(row(results, 'buyer.recency', 'ks')?.reason).toBe(ks);
    expect(row(results, 'buyer.spend', 'ks')).toMatchObject({ status: 'ok', isBreach: false });
  });

  it('has a row with its reason for all that cannot be computed: a constant reference, too few rows, none', async () => {
    await storeWeeks([
      ...training.map((week) => ({ ...week, values: (random: () => number) => [5, null, Math.floor(random() * 9)] })),
      { week: 8, rows: 40 },
      { week: 9, rows: 150, values: () => [6, 1, 20] },
    ]);
    const { results } = await reviewWindow(database, JOB, QUESTION);
    expect(row(results, 'buyer.recency', 'psi')).toMatchObject({ status: 'not_computable', reason: 'constant', value: null });
    expect(row(results, 'buyer.recency', 'ks')).toMatchObject({ value: 1, isBreach: true });
    expect(row(results, 'buyer.recency', 'new_category')).toMatchObject({ value: 1, isBreach: true });
    expect(row(results, 'buyer.spend', 'ks')).toMatchObject({ reason: 'no_reference_rows' });
    expect(row(results, 'buyer.spend', 'new_category')).toBeUndefined();
    const few = await reviewWindow(database, JOB, { ...QUESTION, window: weekOf(8) });
    expect(row(few.results, 'buyer.visits', 'ks')).toMatchObject({ reason: 'too_few_rows', rows: 40 });
    await clearRecords(database);
    const none = await reviewWindow(database, JOB, QUESTION);
    expect(new Set(none.results.map(({ reason }) => reason))).toEqual(new Set(['no_reference_rows', 'too_few_outcomes']));
  });
});
