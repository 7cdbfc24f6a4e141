import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '#core';
import { openEmbeddedLog } from '../../../../runtime/brokers/index.ts';
import { type Child, startChild } from './child-process.ts';
import { createTemporaryFolder } from './log-folder.ts';

let folder: string;
let children: Child[];

beforeEach(() => {
  folder = createTemporaryFolder();
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  rmSync(folder, { recursive: true, force: true });
});

const open = () => openEmbeddedLog({ folder, clock: systemClock });

/** Starts processes that stand ready to open the folder. */
async function startOwners(count: number): Promise<readonly Child[]> {
  const started = Array.from({ length: count }, () => startChild('owner', folder));
  children.push(...started);
  await Promise.all(started.map((child) => child.nextLine()));
  return started;
}

function tellToOpen(child: Child): Promise<string> {
  child.process.stdin.write('go\n');
  return child.nextLine();
}

it('names the process that has the folder, and takes over at once when it was killed', async () => {
  const [owner] = await startOwners(1);
  if (owner === undefined) return;
  expect(await tellToOpen(owner)).toBe('open');
  await expect(open()).rejects.toMatchObject({
    code: 'BROKER_FOLDER_IN_USE',
    message: expect.stringMatching(new RegExp(`${folder}.* pid ${owner.process.pid}[;)].*Stop that process`, 'u')),
  });
  await owner.kill();
  const log = await open();
  await log.close();
});

it('lets exactly one of several processes take over from a killed owner', async () => {
  const [victim, ...rivals] = await startOwners(5);
  if (victim === undefined) return;
  expect(await tellToOpen(victim)).toBe('open');
  await victim.kill();
  const said = await Promise.all(rivals.map(tellToOpen));
  expect(said.toSorted()).toEqual(['BROKER_FOLDER_IN_USE', 'BROKER_FOLDER_IN_USE', 'BROKER_FOLDER_IN_USE', 'open']);
});

it('refuses a second opening in the same process, also when both come at once', async () => {
  const results = await Promise.allSettled([open(), open(), open()]);
  const opened = results.filter((result) => result.status === 'fulfilled');
  expect(opened).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ code: 'BROKER_FOLDER_IN_USE', message: expect.stringContaining('this process') });
  }
  for (const result of opened) await result.value.close();
});

it('is not fooled by a living process that got the pid of a dead owner', async () => {
  for (const state of ['claim', 'held']) writeFileSync(join(folder, `owner-${process.ppid}-1x00000000.${state}`), '');
  const log = await open();
  expect(existsSync(join(folder, `owner-${process.ppid}-1x00000000.claim`))).toBe(false);
  await log.close();
});

it('leaves no claim behind when it is closed or refused', async () => {
  const log = await open();
  await expect(open()).rejects.toMatchObject({ code: 'BROKER_FOLDER_IN_USE' });
  await log.close();
  await log.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('owner-'))).toEqual([]);
  await (await open()).close();
});
