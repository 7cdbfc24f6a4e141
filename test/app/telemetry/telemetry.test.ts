import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventLog, ManualClock, systemClock, TABLES } from '#core';
import { openEmbeddedLog } from '#runtime';
import { Telemetry } from '../../../app/telemetry/telemetry.ts';
import { wireTelemetry } from '../../../app/telemetry/wire-telemetry.ts';
import { createOutbox, fillOutbox } from '../../collector/records/outbox.ts';
import { predictions } from '../../drift/prediction-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROWS = 200;

async function filledLog(): Promise<EventLog> {
  const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock: systemClock });
  await createOutbox(log);
  await fillOutbox(log, predictions(ROWS));
  return log;
}

async function telemetryOf(log: EventLog, dataFolder: string, fresh = false): Promise<Telemetry> {
  const setting = { kind: 'embedded' } as const;
  const telemetry = await wireTelemetry({ log, clock: systemClock, setting, dataFolder, entityName: (entity) => entity, fresh });
  if (telemetry === undefined) throw new TypeError('telemetry is off');
  onTestFinished(() => telemetry.stop());
  telemetry.start();
  return telemetry;
}

async function storedDecisions(telemetry: Telemetry): Promise<number> {
  const [row] = await telemetry.lateDatabase.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM ${TABLES.decisions}`,
  );
  return row?.rows ?? Number.NaN;
}

/** Asks until the status is as wanted. */
async function untilStatus(telemetry: Telemetry, wanted: string): Promise<ReturnType<Telemetry['status']>> {
  for (;;) {
    const status = telemetry.status();
    if (status.status === wanted) return status;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const never = new AbortController().signal;

describe('Telemetry', { timeout: 60_000 }, () => {
  it('stores the outbox in the background, and says where it stands', async () => {
    const telemetry = await telemetryOf(await filledLog(), await temporaryFolder());
    expect(telemetry.status()).toMatchObject({ status: 'starting', problem: null });
    expect(telemetry.database()).toBeUndefined();
    await expect(telemetry.lateDatabase.query('SELECT 1')).rejects.toMatchObject({
      code: 'APP_TELEMETRY_UNAVAILABLE',
      retryable: true,
    });
    await telemetry.drained(never);
    expect(await storedDecisions(telemetry)).toBe(ROWS);
    expect(telemetry.status()).toMatchObject({
      status: 'ok',
      lagRecords: 0,
      engine: expect.stringMatching(/^ClickHouse \d.*, embedded$/u),
    });
  });

  it('fills a store whose folder is gone again from the log, and leaves a filled one as it is', async () => {
    const [log, folder] = [await filledLog(), await temporaryFolder()];
    for (const isFolderGone of [false, true, false]) {
      const telemetry = await telemetryOf(log, folder);
      await telemetry.drained(never);
      expect(await storedDecisions(telemetry)).toBe(ROWS);
      await telemetry.stop();
      if (isFolderGone) await rm(path.join(folder, 'clickhouse'), { recursive: true });
    }
  });

  it('refuses a store that holds the records of another log, until it is told to begin anew', async () => {
    const folder = await temporaryFolder();
    const first = await telemetryOf(await filledLog(), folder);
    await first.drained(never);
    await first.stop();
    const other = await filledLog();
    const refused = await telemetryOf(other, folder);
    expect(await untilStatus(refused, 'unavailable')).toMatchObject({
      problem: expect.stringMatching(/records of another data folder.*--fresh/u),
    });
    await refused.stop();
    const anew = await telemetryOf(other, folder, true);
    await anew.drained(never);
    expect(await storedDecisions(anew)).toBe(ROWS);
  });

  it('is not waited for for ever: after half a minute without a store, who waits goes on', async () => {
    const clock = new ManualClock();
    const telemetry = new Telemetry({
      log: await filledLog(),
      clock,
      wait: async (ms) => clock.advance(ms),
      open: () => Promise.reject(new RangeError('no room on the disk')),
      isEmbedded: true,
      entityName: (entity) => entity,
      fresh: false,
    });
    telemetry.start();
    await telemetry.drained(never);
    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    expect(telemetry.status()).toMatchObject({ status: 'unavailable', problem: 'no room on the disk' });
    await telemetry.stop();
  });
});
