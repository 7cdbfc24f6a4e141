import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { appError } from '../errors.ts';

/** Where the process that owns a data folder listens: for commands that a running line must carry out. */
const FILE = 'address.json';

interface Address {
  readonly pid: number;
  readonly url: string;
}

export async function saveAddress(dataFolder: string, address: Address): Promise<void> {
  await writeFile(path.join(dataFolder, FILE), `${JSON.stringify(address)}\n`);
}

export async function removeAddress(dataFolder: string): Promise<void> {
  await rm(path.join(dataFolder, FILE), { force: true });
}

/** Address of the running line; undefined where none runs. A process that was killed leaves its file behind: its pid is no longer there. */
export async function loadAddress(dataFolder: string): Promise<string | undefined> {
  const text = await readFile(path.join(dataFolder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { pid, url } = JSON.parse(text) as Address;
  return isRunning(pid) ? url : undefined;
}

/** The same, for what only a running line can do. Throws APP_LINE_UNREACHABLE where none runs. */
export async function runningLine(dataFolder: string): Promise<string> {
  const address = await loadAddress(dataFolder);
  if (address !== undefined) return address;
  const sentence = `no line runs on the data folder ${dataFolder}: start it, or name its folder with --data`;
  throw appError('APP_LINE_UNREACHABLE', sentence);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
