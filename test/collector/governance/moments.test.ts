import { afterEach, describe, expect, it } from 'vitest';
import { loadGovernanceMoments } from '#collector';
import { CONTROL_TYPES, TABLES } from '#core';
import { DAY_MS, PIPELINE } from '../../drift/prediction-records.ts';
import { clearTables, storeFacts, storeRecords, telemetryForFile } from '../../support/telemetry.ts';
import { detectedOf, fieldChangedOf, fieldRestoredOf, MARCH_MS, promotedOf, refusedOf } from '../records/facts.ts';
import { driftResultOf, logLossOf, weekOf } from '../records/governance-records.ts';

const { database } = telemetryForFile();
afterEach(() => clearTables(database()));

const RECORDED_MS = Date.UTC(2026, 0, 1);
const moments = () => loadGovernanceMoments(database(), { pipeline: PIPELINE, model: 'repurchase' });
const store = (records: readonly object[]) =>
  storeRecords(database(), { table: TABLES.driftResults, records, ingestedMs: RECORDED_MS });
const breach = { isBreach: true, value: 0.4 } as const;

describe('loadGovernanceMoments', () => {
  it('has nothing to tell before anything happened', async () => {
    expect(await moments()).toEqual({
      quietLoss: undefined,
      promoted: undefined,
      refused: undefined,
      findings: [],
      drift: undefined,
    });
  });

  it('finds the window with the largest log loss in which nothing served was in breach of psi', async () => {
    await store([
      ...[0, 1, 2, 3, 4, 5].map((week) => driftResultOf(week, { target: 'score', targetKind: 'score', value: 0.01 * week })),
      ...[0, 1, 2, 3, 4].map((week) => driftResultOf(week, { value: 0.1 + 0.01 * week })),
      driftResultOf(5, breach),
      driftResultOf(3, { method: 'ks', isBreach: true, value: 0.3 }),
      logLossOf(0, 0.58),
      logLossOf(1, 0.53),
      logLossOf(2, null),
      logLossOf(3, 0.61),
      logLossOf(4, 0.57),
      logLossOf(5, 0.7),
    ]);
    expect((await moments()).quietLoss).toEqual({
      job: 'weekly',
      window: weekOf(3),
      logLoss: 0.61,
      lowestLogLoss: 0.53,
      psi: 0.13,
      psiThreshold: 0.2,
      psiTarget: 'buyer.spend',
    });
  });

  it.each([
    ['it rose by less than 0.02', [0.55, 0.569]],
    ['it only fell', [0.6, 0.55]],
    ['there is one window', [0.6]],
  ])('finds none where %s', async (_why, losses) => {
    await store(losses.flatMap((loss, week) => [driftResultOf(week), logLossOf(week, loss)]));
    expect((await moments()).quietLoss).toBeUndefined();
  });

  it('has the newest words of a gate, on the event clock, and no roll-back', async () => {
    const later = (days: number) => ({ atMs: MARCH_MS + days * DAY_MS });
    await storeFacts(
      database(),
      [
        { type: CONTROL_TYPES.modelPromoted, fact: promotedOf(3, later(50)) },
        { type: CONTROL_TYPES.modelPromoted, fact: promotedOf(1) },
        { type: CONTROL_TYPES.modelPromoted, fact: promotedOf(2, later(20)) },
        { type: CONTROL_TYPES.modelPromoted, fact: promotedOf(2, { ...later(90), cause: 'rollback', replaces: 3 }) },
        { type: CONTROL_TYPES.modelRefused, fact: refusedOf(4, 3, later(70)) },
        { type: CONTROL_TYPES.modelRefused, fact: refusedOf(5, 3, later(80)) },
      ],
      RECORDED_MS,
    );
    const { promoted, refused } = await moments();
    expect(promoted).toEqual({ model: 'repurchase', version: 3, live: 2, ...later(50), reason: promotedOf(3).reason });
    expect(refused).toEqual({ model: 'repurchase', version: 5, live: 3, ...later(80), reason: 'Log loss is not better' });
  });

  it('has the findings, newest first, each once and with its end, and the first drift', async () => {
    const second = fieldChangedOf({
      findingId: 'second',
      field: '/quantity',
      ratio: null,
      after: { ...fieldChangedOf().after, window: weekOf(30) },
    });
    await storeFacts(
      database(),
      [
        { type: CONTROL_TYPES.driftDetected, fact: detectedOf({ window: weekOf(20), detectionId: 'later' }) },
        { type: CONTROL_TYPES.driftDetected, fact: detectedOf() },
        { type: CONTROL_TYPES.fieldChanged, fact: fieldChangedOf(), id: 'same' },
        { type: CONTROL_TYPES.fieldChanged, fact: fieldChangedOf(), id: 'same' },
        { type: CONTROL_TYPES.fieldChanged, fact: second },
        { type: CONTROL_TYPES.fieldRestored, fact: fieldRestoredOf() },
      ],
      RECORDED_MS,
    );
    const { findings, drift } = await moments();
    expect(findings).toMatchObject([
      { findingId: 'second', field: '/quantity', ratio: null, restoredAtMs: undefined, atMs: weekOf(30).toMs },
      { field: '/unitPrice', source: '/shop/uk', subject: 'basket.updated', ratio: 100, restoredAtMs: MARCH_MS + 7 * DAY_MS },
    ]);
    expect(drift).toMatchObject({ job: 'weekly', model: 'repurchase', window: detectedOf().window });
    expect(drift?.summary).toMatch(/^Drift of repurchase v1 detected by weekly/u);
  });
});
