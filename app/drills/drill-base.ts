import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EpochMs, messageOf, systemClock, VERSION } from '#core';
import { loadWorkspace } from '../config/index.ts';
import { appError } from '../errors.ts';
import { DrillLine } from './drill-line.ts';
import { bundledWorkspace, createDrillWorkspace } from './drill-workspace.ts';

/** What every run begins with: a line that read a history, made its first model, and then had healthy live traffic for a while. */
export interface DrillBase {
  /** Of the workspace copy. */
  readonly workspace: string;
  readonly data: string;
  /** When its telemetry ends, epoch ms. */
  readonly closedMs: EpochMs;
}

const HEALTHY_MS = 60_000;
const EVENTS_PER_SECOND = 450;
/** Another layout of what is stored is another base. */
const LAYOUT = 4;
const MARK = 'base.json';

/** The base in this folder, made where there is none for this version and workspace. */
export async function prepareBase(
  folder: string,
  { announce, signal }: { readonly announce: (sentence: string) => void; readonly signal: AbortSignal },
): Promise<DrillBase> {
  const name = `base-${await fingerprintOfFolder(bundledWorkspace())}`;
  const base = path.join(folder, name);
  const known = await readMark(base);
  if (known !== undefined) return { workspace: path.join(base, 'workspace'), data: path.join(base, 'data'), closedMs: known };
  announce('making the base of all runs: five months of history, then a minute of healthy traffic');
  const making = `${base}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const closedMs = await makeBase(making, signal).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true });
    throw error;
  });
  await rm(base, { recursive: true, force: true });
  await writeFile(path.join(making, MARK), JSON.stringify({ closedMs }));
  await rename(making, base);
  return { workspace: path.join(base, 'workspace'), data: path.join(base, 'data'), closedMs };
}

/** A copy of the base's data for one run. */
export async function copyBase({ data }: DrillBase, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(data, to, { recursive: true });
}

async function makeBase(folder: string, signal: AbortSignal): Promise<EpochMs> {
  const workspace = await loadWorkspace(await createDrillWorkspace(path.join(folder, 'workspace')));
  const options = { workspace, dataFolder: path.join(folder, 'data'), clock: systemClock, eventsPerSecond: EVENTS_PER_SECOND };
  const line = await DrillLine.open({ ...options, isUnbounded: false });
  let isHealthy = false;
  try {
    line.start();
    await Promise.race([line.wired.line.caughtUp(), aborted(signal)]);
    await delay(HEALTHY_MS, undefined, { signal });
    if (line.failure !== undefined)
      throw appError('APP_DRILL_FAILED', `the line of the drills’ base ended by itself: ${messageOf(line.failure)}`, {
        cause: line.failure,
      });
    if (line.wired.models.newest() === undefined)
      throw appError('APP_DRILL_FAILED', 'the base of the drills has no model: the history of the workspace is too short');
    isHealthy = true;
  } finally {
    await line.close({ isStored: isHealthy });
  }
  return systemClock.now();
}

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stopped = appError('APP_DRILL_FAILED', 'the drills were stopped while their base was made');
    signal.addEventListener('abort', () => reject(stopped), { once: true });
  });
}

async function readMark(base: string): Promise<EpochMs | undefined> {
  const text = await readFile(path.join(base, MARK), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { readonly closedMs: number }).closedMs;
}

async function fingerprintOfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256').update(`${VERSION}/${LAYOUT}/${HEALTHY_MS}/${EVENTS_PER_SECOND}`);
  const names = await readdir(folder, { recursive: true });
  for (const name of names.sort()) {
    const file = path.join(folder, name);
    const { isFile, size } = await stat(file).then((entry) => ({ isFile: entry.isFile(), size: entry.size }));
    if (!isFile || name.endsWith('.md')) continue;
    hash.update(`${name}:${size}`);
    if (name.endsWith('.yaml') || name.endsWith('.mjs')) hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 12);
}
