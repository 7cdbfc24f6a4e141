import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brokerError } from '../errors.ts';

/**
 * One process owns a folder. A process claims it with a file named after itself, `owner-<pid>-<start>.claim`, and then
 * looks for others: of two that claim at once, at least one sees the other, so two never own. A claim whose process is
 * gone may be removed by anyone at any time, because no later process can have its name: a killed owner is replaced at
 * once, and no removal can hit a living claim. The winner adds `owner-<pid>-<start>.held`, so that those who come
 * later need not wait for its decision. Processes must see each other's pids: two containers with pid namespaces of
 * their own must not share a folder.
 */
export interface OwnerLock {
  /** Gives the folder free; doing it twice is harmless. */
  release(): void;
}

interface Rival {
  readonly id: string;
  readonly pid: number;
  readonly holds: boolean;
}

const FILE = /^owner-((\d+)-[0-9a-z]+)\.(claim|held)$/u;
const ATTEMPTS = 100;
const ATTEMPT_MS = 10;

/** Takes the folder, or throws BROKER_FOLDER_IN_USE with the owner's pid. A folder that refuses files throws what fs threw. */
export async function takeOwnership(folder: string): Promise<OwnerLock> {
  const id = `${process.pid}-${startMarkOf(process.pid) ?? 'unknown'}`;
  const claim = join(folder, `owner-${id}.claim`);
  if (!createFile(claim)) throw inUse(folder, process.pid);
  const lock = {
    release: () => {
      rmSync(join(folder, `owner-${id}.held`), { force: true });
      rmSync(claim, { force: true });
    },
  };
  const rival = await findRival(folder, id);
  if (rival !== undefined) {
    lock.release();
    throw inUse(folder, rival.pid);
  }
  createFile(join(folder, `owner-${id}.held`));
  return lock;
}

/** The living claim that must be respected, once that is clear: it holds the folder, or comes before ours by name. */
async function findRival(folder: string, id: string): Promise<Rival | undefined> {
  let first: Rival | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rivals = livingRivals(folder, id);
    first = rivals.find((rival) => rival.holds || rival.id < id) ?? rivals[0];
    if (first === undefined || first.holds || first.id < id) return first;
    // The others come after us by name: they withdraw, or show within moments that they hold the folder.
    await delay(ATTEMPT_MS);
  }
  return first;
}

function livingRivals(folder: string, id: string): readonly Rival[] {
  const rivals = new Map<string, Rival>();
  for (const name of readdirSync(folder)) {
    const [, rivalId, pid, state] = FILE.exec(name) ?? [];
    if (rivalId === undefined || pid === undefined || rivalId === id) continue;
    if (isAlive(rivalId, Number.parseInt(pid, 10))) {
      const holds = state === 'held' || rivals.get(rivalId)?.holds === true;
      rivals.set(rivalId, { id: rivalId, pid: Number.parseInt(pid, 10), holds });
    } else rmSync(join(folder, name), { force: true });
  }
  return [...rivals.values()];
}

function isAlive(id: string, pid: number): boolean {
  const mark = startMarkOf(pid);
  if (mark === undefined) return false;
  return mark === '' ? pid !== process.pid : id === `${pid}-${mark}`;
}

/**
 * When a process started, in a form that no later process with the same pid shares: on Linux its start in clock ticks
 * since boot (field 22 of /proc/<pid>/stat) and the boot's id. Elsewhere known for this process only, '' for a living
 * other one. Undefined: there is no such process.
 */
function startMarkOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartMark(pid);
  if (pid === process.pid) return Math.round(performance.timeOrigin).toString(36);
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return isErrno(error, 'EPERM') ? '' : undefined;
  }
}

function linuxStartMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    // The command, field 2, is in brackets and may hold anything; field 3 is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${fields[19] ?? '0'}x${boot}`;
  } catch {
    return undefined;
  }
}

function createFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function inUse(folder: string, pid: number): Error {
  const who = pid === process.pid ? `this process (pid ${pid})` : `the process with pid ${pid}`;
  return brokerError(
    'BROKER_FOLDER_IN_USE',
    `The event log in ${folder} is open in ${who}; a folder has one owner. Stop that process, or give this one another folder.`,
    { details: { folder, pid } },
  );
}
