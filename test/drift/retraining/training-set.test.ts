import { describe, expect, it } from 'vitest';
import { assembleTrainingSet, type TrainingSet } from '../../../drift/retraining/training-set.ts';
import {
  DAY_MS,
  decisionOf,
  FEATURES,
  FROM_MS,
  outcomeOf,
  type Prediction,
  predictions,
  requestFor,
} from '../prediction-records.ts';

const COUNT = 60;
const ALL = predictions(COUNT);

function historyOf(rows: readonly Prediction[]) {
  return { decisions: rows.map(decisionOf), outcomes: rows.flatMap((row) => outcomeOf(row) ?? []) };
}

function assemble(
  rows: readonly Prediction[],
  change: Partial<ReturnType<typeof requestFor>> = {},
  features: readonly string[] = FEATURES,
) {
  return assembleTrainingSet(historyOf(rows), { request: { ...requestFor(COUNT), ...change }, features });
}

function setOf(...args: Parameters<typeof assemble>): TrainingSet {
  const result = assemble(...args);
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe('assembleTrainingSet', () => {
  it('puts rows in the order of the log, whatever the order of reading', () => {
    const expected = [...ALL].sort((a, b) => (a.index % 3) - (b.index % 3) || a.index - b.index);
    for (const rows of [ALL, ALL.toReversed()]) {
      const set = setOf(rows);
      expect([...set.timesMs]).toEqual(expected.map(({ timeMs }) => timeMs));
      expect([...set.labels]).toEqual(expected.map(({ label }) => label));
      expect(set.positives).toBe(expected.filter(({ label }) => label === 1).length);
      expect(set.fingerprint).toBe(setOf(ALL).fingerprint);
    }
  });

  it('takes the features by name, in the model’s order, what is not found as NaN', () => {
    const rows = [{ index: 0, timeMs: FROM_MS, values: [null, 2.5, 3], label: 1 as const }];
    expect([...setOf(rows, {}, ['buyer.visits', 'buyer.recency']).matrix.values]).toEqual([3, Number.NaN]);
  });

  it('keeps to the window, its start included and its end not', () => {
    const at = (index: number, timeMs: number) => ({ index, timeMs, values: [1, 2, 3], label: 1 as const });
    const toMs = FROM_MS + 90 * DAY_MS;
    const set = setOf([at(0, FROM_MS - 1), at(1, FROM_MS), at(2, toMs - 1), at(3, toMs)]);
    expect([...set.timesMs]).toEqual([FROM_MS, toMs - 1]);
  });

  it('sees nothing behind the request’s positions, not even a late event of the window', () => {
    const late = { index: COUNT + 3, timeMs: FROM_MS + DAY_MS, values: [1, 2, 3] };
    expect(setOf([...ALL, late]).fingerprint).toBe(setOf(ALL).fingerprint);
  });

  it('leaves other pipelines out', () => {
    const history = historyOf(ALL);
    const stranger = {
      ...decisionOf({ index: 7, timeMs: FROM_MS, values: [9, 9, 9] }),
      pipeline: 'fraud',
      predictionId: 'other',
    };
    const result = assembleTrainingSet(
      { ...history, decisions: [...history.decisions, stranger] },
      { request: requestFor(COUNT), features: FEATURES },
    );
    expect(result).toMatchObject({ ok: true, value: { fingerprint: setOf(ALL).fingerprint } });
  });

  it('counts a redelivered decision and outcome once', () => {
    expect(setOf([...ALL, ...ALL.slice(0, 10)]).fingerprint).toBe(setOf(ALL).fingerprint);
  });

  it('refuses while outcomes are open, and says how many', () => {
    const rows = ALL.map((row) => (row.index % 20 === 0 ? { ...row, label: undefined } : row));
    expect(assemble(rows)).toMatchObject({
      ok: false,
      reason: 'outcomes_open',
      message: expect.stringContaining(`3 of ${COUNT} predictions`),
    });
  });

  it('refuses a feature that was not served', () => {
    expect(assemble(ALL, {}, ['buyer.recency', 'buyer.mood'])).toMatchObject({
      ok: false,
      reason: 'feature_not_served',
      message: expect.stringContaining('buyer.mood'),
    });
  });

  it('refuses a request that leaves a partition out', () => {
    const { positions } = requestFor(COUNT);
    expect(assemble(ALL, { positions: positions.slice(1) })).toMatchObject({ ok: false, reason: 'positions_incomplete' });
  });

  it('changes its fingerprint with any label, value or feature', () => {
    const [first, ...rest] = ALL;
    if (first === undefined) throw new Error('no rows');
    const prints = [
      setOf(ALL),
      setOf([{ ...first, label: first.label === 1 ? 0 : 1 }, ...rest]),
      setOf([{ ...first, values: [0.125, ...first.values.slice(1)] }, ...rest]),
      setOf(ALL, {}, FEATURES.slice(1)),
      setOf(rest),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });
});
