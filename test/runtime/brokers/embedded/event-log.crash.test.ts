import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EventLog, systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import { readAll, stateOf } from '../../../contract/log-fixture.ts';
import { startChild } from './child-process.ts';
import { createTemporaryFolder } from './log-folder.ts';

const FOLDERS = 2;
const KILLS = 6;
let folders: readonly string[];

beforeEach(() => {
  folders = Array.from({ length: FOLDERS }, createTemporaryFolder);
});
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Lets the committer run until some acknowledgements came, kills it, and returns the last one it wrote. */
async function runUntilKilled(folder: string, acknowledgements: number): Promise<number> {
  const child = startChild('committer', folder);
  let acknowledged = 0;
  for (let count = 0; count < acknowledgements; count++) acknowledged = Number.parseInt(await child.nextLine(), 10);
  await child.kill();
  for (;;) {
    const line = await child.nextLine().catch(() => undefined);
    if (line === undefined) return acknowledged;
    acknowledged = Number.parseInt(line, 10);
  }
}

/** The number of the last commit in the log, after checking that output, state and offset agree on it. */
async function agreedProgress(log: EventLog): Promise<number> {
  const offset = (await log.committed('committer', 'in'))[0]?.offset ?? 0;
  expect(await stateOf(log, 'progress')).toEqual([['done', `${offset}`]]);
  for (const partition of [0, 1, 2]) {
    const records = await readAll(log, { topic: 'out', partition });
    expect(records.map((record) => record.headers['done'])).toEqual(Array.from({ length: offset }, (_, index) => `${index + 1}`));
    expect(await log.bounds({ topic: 'out', partition })).toEqual({ start: 0, end: offset });
  }
  return offset;
}

it(`keeps all that was acknowledged, and all of it in step, through ${FOLDERS * KILLS} kills`, async () => {
  const survive = async (folder: string): Promise<void> => {
    for (const acknowledgements of fc.sample(fc.integer({ min: 1, max: 60 }), KILLS)) {
      const acknowledged = await runUntilKilled(folder, acknowledgements);
      const log = await openEmbeddedLog({ folder, clock: systemClock });
      expect(await agreedProgress(log)).toBeGreaterThanOrEqual(acknowledged);
      await log.close();
    }
  };
  await Promise.all(folders.map(survive));
}, 60_000);
