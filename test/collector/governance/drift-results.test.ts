import { afterEach, describe, expect, it } from 'vitest';
import { findDistribution, readAlarmWindows, readDriftResults, readJobProgress } from '#collector';
import { TABLES } from '#core';
import { clearTables, storeRecords, telemetryForFile } from '../../support/telemetry.ts';
import { driftResultOf, logLossOf, weekOf } from '../records/governance-records.ts';

const { database } = telemetryForFile();
afterEach(() => clearTables(database()));

const store = (records: readonly object[]) =>
  storeRecords(database(), { table: TABLES.driftResults, records, ingestedMs: Date.UTC(2026, 0, 1) });
const alarm = { isBreach: true, isAlarm: true, value: 0.4 } as const;

describe('drift results', () => {
  it('are those of the newest windows, oldest first, each once', async () => {
    const weeks = Array.from({ length: 9 }, (_, index) => index);
    await store(weeks.flatMap((week) => [driftResultOf(week), logLossOf(week, 0.5 + week / 100)]));
    await store([driftResultOf(8), driftResultOf(2, { job: 'daily' })]);
    const found = await readDriftResults(database(), { job: 'weekly', windows: 3 });
    expect(found.map(({ toMs, method, value }) => [toMs, method, value])).toEqual(
      [6, 7, 8].flatMap((week) => [
        [weekOf(week).toMs, 'psi', 0.05],
        [weekOf(week).toMs, 'log_loss', 0.5 + week / 100],
      ]),
    );
    expect(found[1]).toMatchObject({
      kind: 'outcome',
      target: 'outcome',
      referenceValue: 0.55,
      version: 1,
      isAlarm: false,
      status: 'ok',
    });
  });

  it('say how far each job has come, and which alarms its newest window has', async () => {
    await store([
      driftResultOf(0, { ...alarm, target: 'buyer.visits' }),
      ...[1, 2].flatMap((week) => [
        driftResultOf(week, alarm),
        driftResultOf(week, { ...alarm, method: 'ks' }),
        logLossOf(week, null),
      ]),
      driftResultOf(5, { job: 'daily' }),
    ]);
    const progress = await readJobProgress(database(), ['weekly', 'daily', 'never']);
    expect(progress.toSorted((a, b) => a.openAlarms - b.openAlarms)).toEqual([
      { job: 'daily', windows: 1, ...weekOf(5), openAlarms: 0 },
      { job: 'weekly', windows: 3, ...weekOf(2), openAlarms: 2 },
    ]);
  });

  it('say in which windows a target was in alarm, and in which it was measured and calm', async () => {
    const notComputable = { status: 'not_computable', value: null, reason: 'too_few_rows' } as const;
    await store([
      driftResultOf(0),
      driftResultOf(1, alarm),
      driftResultOf(2, notComputable),
      driftResultOf(3, alarm),
      driftResultOf(4),
    ]);
    await store([driftResultOf(4, { target: 'score', targetKind: 'score' })]);
    expect(await readAlarmWindows(database(), 'weekly')).toEqual([
      {
        target: 'buyer.spend',
        method: 'psi',
        alarmsMs: [1, 3].map((week) => weekOf(week).toMs),
        calmMs: [0, 4].map((week) => weekOf(week).toMs),
      },
    ]);
  });

  it('have bins where psi was computed, and the shares of what is missing', async () => {
    const distribution = { edges: [1, 2], reference: [0.5, 0.25, 0.25], current: [0.25, 0.5, 0.25] };
    await store([
      driftResultOf(3, { distribution, rows: 300, referenceRows: 1600 }),
      driftResultOf(3, { method: 'null_rate', rows: 400, referenceRows: 1600, value: 0.25 }),
      driftResultOf(4, { status: 'not_computable', value: null, reason: 'too_few_rows' }),
    ]);
    const ask = (week: number, target = 'buyer.spend') =>
      findDistribution(database(), { job: 'weekly', target, toMs: weekOf(week).toMs });
    expect(await ask(3)).toEqual({
      ...weekOf(3),
      referenceFromMs: Date.UTC(2010, 11, 1),
      referenceToMs: Date.UTC(2011, 0, 1),
      rows: 300,
      referenceRows: 1600,
      edges: [1, 2],
      referenceShares: [0.5, 0.25, 0.25],
      shares: [0.25, 0.5, 0.25],
      nullRate: 0.25,
      referenceNullRate: 0,
    });
    expect(await ask(4)).toBeUndefined();
    expect(await ask(3, 'score')).toBeUndefined();
  });
});
