import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventLog, systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import { readAll, stateOf, textRecord } from '../../../contract/log-fixture.ts';
import { pathOfChild } from './child-process.ts';
import { createTemporaryFolder } from './log-folder.ts';

let folder: string;

beforeEach(() => {
  folder = createTemporaryFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function tryMount(...options: readonly string[]): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', ...options], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Checks that the log holds commits 0 to n − 1 without a gap, with the state of the last, and returns n. */
async function checkWhole(log: EventLog): Promise<number> {
  const records = await readAll(log, { topic: 'out' });
  expect(records.map((record) => record.headers['index'])).toEqual(records.map((_, index) => `${index}`));
  expect(await stateOf(log, 'progress')).toEqual(records.length === 0 ? [] : [['count', `${records.length}`]]);
  return records.length;
}

describe('when the file may not grow', () => {
  it('rejects the commit and all behind it, says what to do, and keeps all that was acknowledged', async () => {
    // ulimit -f counts blocks of 1024 bytes; a write beyond it fails as it does on a full disk.
    const script = 'ulimit -f 3000; exec "$0" --import tsx "$1" "$2"';
    const output = execFileSync('bash', ['-c', script, process.execPath, pathOfChild('filler'), folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const report: { outcomes: string[]; late: string; message: string } = JSON.parse(output);
    const acknowledged = report.outcomes.lastIndexOf('acknowledged') + 1;
    expect(report.outcomes.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, () => 'acknowledged'));
    expect(new Set(report.outcomes.slice(acknowledged))).toContain('BROKER_WRITE_FAILED');
    expect(report.late).toBe('BROKER_REOPEN_NEEDED');
    expect(report.message).toContain(folder);
    expect(report.message).toContain('reopen the log');
    const log = await openEmbeddedLog({ folder, clock: systemClock });
    expect(await checkWhole(log)).toBe(acknowledged);
    await log.commit({ records: [textRecord('out', 'after', { headers: { index: `${acknowledged}` } })] });
    await log.close();
  });
});

describe('when the disk is full', () => {
  it('says so, fails what waits behind, wakes polls, and works again once there is room and it was reopened', async (context) => {
    if (!tryMount('size=4m', 'tmpfs', folder)) context.skip('mounting is not permitted here; the file size test covers it');
    try {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const acknowledged = await fillDisk();
      execFileSync('mount', ['-o', 'remount,size=64m', folder]);
      const log = await openEmbeddedLog({ folder, clock: systemClock });
      expect(await checkWhole(log)).toBe(acknowledged);
      await log.commit({ records: [textRecord('out', 'x'.repeat(1000))] });
      await log.close();
    } finally {
      execFileSync('umount', ['-l', folder]);
    }
  });

  async function fillDisk(): Promise<number> {
    const log = await openEmbeddedLog({ folder, clock: systemClock });
    await log.createTopic({ name: 'out', partitions: 1, retention: {} });
    await log.createTopic({ name: 'silent', partitions: 1, retention: {} });
    const consumer = await log.join({ group: 'g', topics: ['silent'], from: 'start' });
    const waiting = consumer
      .poll({ maxRecords: 1, maxWaitMs: 20_000, signal: new AbortController().signal })
      .catch((error: unknown) => error);
    const commit = (index: number) =>
      log.commit({
        records: [{ topic: 'out', headers: { index: `${index}` }, value: randomBytes(200_000) }],
        state: [{ store: 'progress', partition: 0, key: 'count', value: Buffer.from(`${index + 1}`) }],
      });
    for (let index = 0; index < 5; index++) await commit(index);
    // More than one transaction takes, so that some wait behind the one that fails.
    const results = await Promise.allSettled(Array.from({ length: 400 }, (_, index) => commit(5 + index)));
    const ended = results.map((result) => (result.status === 'rejected' ? result.reason : 'acknowledged'));
    const failed = { code: 'BROKER_DISK_FULL', message: expect.stringContaining(folder) };
    const behind = { code: 'BROKER_REOPEN_NEEDED', cause: expect.objectContaining(failed) };
    expect(ended[0]).toMatchObject(failed);
    expect(ended.at(-1)).toMatchObject(behind);
    expect(await waiting).toMatchObject({ code: 'BROKER_REOPEN_NEEDED' });
    await expect(log.commit({})).rejects.toMatchObject(behind);
    await log.close();
    return 5;
  }
});
