import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, type ThroughlineError } from '#core';
import { clickhouseError } from '../errors.ts';
import type { FromEngine, ToEngine } from './engine-protocol.ts';
import { lowerPriority } from './low-priority.ts';

/** A running engine process. */
export interface EngineChild {
  readonly pid: number;
  readonly port: number;
  readonly key: string;
  /** ClickHouse's own version. */
  readonly version: string;
  /** Resolves, when the process has ended, with how it ended. */
  readonly ended: Promise<string>;
  /** Lets it finish what is in flight, and ends it by force when it takes too long. */
  stop(): Promise<void>;
}

export interface EngineChildOptions {
  readonly folder: string;
  readonly connections: number;
  readonly signal: AbortSignal;
}

const OPEN_MS = 60_000;
const STOP_MS = 15_000;
/** libuv threads: one for each connection at work, one that kills, some for the rest. */
const SPARE_THREADS = 4;
const TAIL_CHARACTERS = 4000;
const PLATFORMS = 'Linux (x64, arm64; glibc) and macOS (x64, arm64)';

/**
 * Starts an engine on a folder, which is made if need be. Throws CLICKHOUSE_FOLDER_IN_USE, CLICKHOUSE_PLATFORM or
 * CLICKHOUSE_ENGINE_FAILED, each with a sentence; nothing of it runs then.
 */
export async function openEngineChild(options: EngineChildOptions): Promise<EngineChild> {
  await makeFolder(options.folder);
  const child = startProcess(options.connections);
  const tail = keepTail(child);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`));
    child.once('error', (error) => resolve(error.message));
  });
  const key = randomBytes(32).toString('hex');
  child.send({ kind: 'open', folder: options.folder, key, connections: options.connections } satisfies ToEngine, () => {});
  const answer = await firstAnswer(child, ended, options.signal);
  if (answer.kind === 'ready' && child.pid !== undefined) {
    return { pid: child.pid, port: answer.port, key, version: answer.version, ended, stop: () => stopProcess(child, ended) };
  }
  child.kill('SIGKILL');
  await ended;
  throw await failureOf(options.folder, answer, tail());
}

/** Compiled beside this file, or TypeScript through the bootstrap in development. */
function startProcess(connections: number): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './engine-worker.ts' : './engine-worker.js', import.meta.url);
  const [script, args] = isSource ? [new URL('./engine-bootstrap.mjs', import.meta.url), [entry.href]] : [entry, []];
  const child = fork(fileURLToPath(script), args, {
    execArgv: [],
    // Nothing of the environment reaches the engine: no secrets, and no time zone but UTC.
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: String(connections + SPARE_THREADS) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Before the process has threads, as threads inherit it; the process does it again by itself.
  if (child.pid !== undefined) lowerPriority(child.pid);
  return child;
}

function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  });
  return () => tail;
}

type Answer = FromEngine | { readonly kind: 'ended'; readonly how: string };

async function firstAnswer(child: ChildProcess, ended: Promise<string>, signal: AbortSignal): Promise<Answer> {
  const done = new AbortController();
  const within = AbortSignal.any([done.signal, signal]);
  const said = once(child, 'message', { signal: within }).then(([message]) => message as FromEngine);
  const late = delay(OPEN_MS, undefined, { signal: within }).then(
    () => ({ kind: 'ended', how: `it did not open within ${OPEN_MS} ms` }) as const,
  );
  try {
    return await Promise.race([said, late, ended.then((how) => ({ kind: 'ended', how }) as const)]);
  } catch (error) {
    return { kind: 'ended', how: messageOf(error) };
  } finally {
    said.catch(() => {});
    late.catch(() => {});
    done.abort();
  }
}

async function stopProcess(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.send({ kind: 'stop' } satisfies ToEngine, () => {});
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw clickhouseError('CLICKHOUSE_ENGINE_FAILED', `The folder ${folder} cannot be made: ${messageOf(cause)}`, { cause });
  }
}

async function failureOf(folder: string, answer: Answer, tail: string): Promise<ThroughlineError> {
  if (answer.kind === 'failed' && answer.step === 'library') return platformError(answer.message);
  if (tail.includes('Cannot lock file')) return await inUse(folder);
  const how = 'how' in answer ? answer.how : '';
  const said = answer.kind === 'failed' ? answer.message : how;
  const last = tail.trim().split('\n').at(-1) ?? '';
  return clickhouseError(
    'CLICKHOUSE_ENGINE_FAILED',
    `The embedded ClickHouse did not open the folder ${folder}: ${said}${last === '' ? '' : ` (${last})`}`,
    { details: { folder } },
  );
}

/** Why the library could not be loaded, and what else there is. */
export function platformError(why: string): ThroughlineError {
  return clickhouseError(
    'CLICKHOUSE_PLATFORM',
    `The embedded ClickHouse cannot be loaded on ${process.platform}-${process.arch}: ${why.split('\n')[0]}. It is there for ${PLATFORMS}; ` +
      'elsewhere set `clickhouse` to the URL of a server, or to `off`.',
  );
}

/** The engine writes its pid into the file that it locks. */
async function inUse(folder: string): Promise<ThroughlineError> {
  const status = await readFile(join(folder, 'status'), 'utf8').catch(() => '');
  const pid = /PID: (\d+)/u.exec(status)?.[1];
  const who = pid === undefined ? 'another process' : `the process with pid ${pid}`;
  return clickhouseError(
    'CLICKHOUSE_FOLDER_IN_USE',
    `The telemetry store in ${folder} is open in ${who}; a folder has one owner. Stop that process, or give this one another folder.`,
    { details: { folder, pid } },
  );
}
