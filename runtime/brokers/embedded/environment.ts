import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { messageOf, ThroughlineError } from '#core';
import { brokerError } from '../errors.ts';
import { checkDataFile } from './data-file.ts';
import { viewOf } from './keys.ts';
import { type OwnerLock, takeOwnership } from './owner-lock.ts';

/**
 * LMDB's environment of one folder, its databases, and who owns it.
 *
 * What lmdb 3.5.6 does, read in its write.js, src/writer.cpp and liblmdb/mdb.c, and tried on a full disk:
 * - `batch()` queues its puts for one write transaction in a thread of the pool; the promise resolves when
 *   mdb_txn_commit has returned. That is after fdatasync of the data and the synchronous write of the header, with
 *   overlappingSync (its default) as well as without, unless `separateFlushed` is set.
 * - With overlappingSync, records are visible before they are durable; after a failed write the exit hook and close()
 *   write again, which ends in an unhandled rejection and a close() that never resolves. Without it a transaction is
 *   durable and visible at one moment, close() and reopening in the same process work, and it is no slower here,
 *   because one transaction at a time carries all that waits (see WriteQueue). So it is switched off.
 * - A failed write rejects with an error whose `commitError` is a promise that rejects with the errno: it must be
 *   awaited, or the process ends. A full disk shows as EIO (a short write), hence the look at the free space.
 * - With eventTurnBatching (its default) a batch of more than 4 MB starts the writer through a promise that nobody holds:
 *   when that write fails, it is an unhandled rejection. So it is switched off too.
 * - The map grows by itself: `mapSize` is where it begins, no limit (tried: 4 MiB took 18 MB).
 * - Values from getRange() with `encoding: 'binary'` are copies (read.js: slice or Buffer.from): views on them are safe.
 * - `compression: true` would bind our files to the dictionary inside the npm package: we bring none.
 */
export interface Environment {
  readonly folder: string;
  readonly databases: Databases;
  /** Writes all or nothing, durable when resolved. Throws BROKER_DISK_FULL, BROKER_WRITE_FAILED; then it must be closed. */
  write(writes: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}

export type BinaryDatabase = Database<Uint8Array, Uint8Array>;

/** A database a kind: `log` holds batches, the others what their names say. */
export interface Databases {
  readonly meta: BinaryDatabase;
  readonly topics: BinaryDatabase;
  readonly log: BinaryDatabase;
  readonly offsets: BinaryDatabase;
  readonly state: BinaryDatabase;
}

/** A key and its new value; undefined removes it. Both must not change until the write is done. */
export interface Write {
  readonly database: keyof Databases;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

const FORMAT = 'throughline-log/1';
const FORMAT_KEY = Buffer.from('format');
const BINARY = { keyEncoding: 'binary', encoding: 'binary' } as const;
const COMPRESSED = { ...BINARY, compression: { threshold: 512, dictionary: Buffer.alloc(0) } };
/** Free space under which a failed write is put down to a full disk: what LMDB may need beside the data. */
const SPARE_BYTES = 2 ** 20;

/**
 * Opens a folder's environment, making both where needed; `fresh` first removes the environment's own files, and no others.
 * Throws BROKER_FOLDER_* and BROKER_FORMAT_UNKNOWN.
 */
export async function openEnvironment(folder: string, fresh: boolean): Promise<Environment> {
  const lock = await prepareFolder(folder);
  let root: RootDatabase<Uint8Array, Uint8Array> | undefined;
  try {
    const path = join(folder, 'log.mdb');
    if (fresh) for (const file of [path, `${path}-lock`]) rmSync(file, { force: true });
    checkDataFile(path, folder);
    root = open<Uint8Array, Uint8Array>({
      path,
      noSubdir: true,
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 16,
      ...BINARY,
    });
    const environment = new LmdbEnvironment({ folder, root, lock });
    await stampFormat(environment);
    return environment;
  } catch (error) {
    await root?.close();
    lock.release();
    throw error instanceof ThroughlineError ? error : unusable(folder, error);
  }
}

async function prepareFolder(folder: string): Promise<OwnerLock> {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return await takeOwnership(folder);
  } catch (error) {
    throw error instanceof ThroughlineError ? error : unusable(folder, error);
  }
}

/** Node's recursive mkdir never returns where the parent is there and refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}

function unusable(folder: string, cause: unknown): ThroughlineError {
  return brokerError(
    'BROKER_FOLDER_UNUSABLE',
    `The event log cannot use the folder ${folder} (${messageOf(cause)}). It must be a folder that this user may write to, on a local disk.`,
    { cause, details: { folder } },
  );
}

async function stampFormat(environment: Environment): Promise<void> {
  const { databases, folder } = environment;
  const stamp = databases.meta.get(FORMAT_KEY);
  if (stamp === undefined && databases.topics.getKeysCount({ limit: 1 }) === 0) {
    await environment.write([{ database: 'meta', key: FORMAT_KEY, value: Buffer.from(FORMAT) }]);
    return;
  }
  const found = stamp === undefined ? 'an unmarked format' : `format ${viewOf(stamp).toString()}`;
  if (found === `format ${FORMAT}`) return;
  throw brokerError(
    'BROKER_FORMAT_UNKNOWN',
    `The event log in ${folder} is in ${found}; this version reads ${FORMAT}. Open it with the version that wrote it, or give this one another folder.`,
    { details: { folder, found } },
  );
}

class LmdbEnvironment implements Environment {
  readonly folder: string;
  readonly databases: Databases;
  readonly #root: RootDatabase<Uint8Array, Uint8Array>;
  readonly #lock: OwnerLock;

  constructor(parts: { readonly folder: string; readonly root: RootDatabase<Uint8Array, Uint8Array>; readonly lock: OwnerLock }) {
    this.folder = parts.folder;
    this.#root = parts.root;
    this.#lock = parts.lock;
    // Each opening takes LMDB's write lock: a killed owner's last write, if it is still under way, ends before we read.
    this.databases = {
      meta: parts.root.openDB('meta', BINARY),
      topics: parts.root.openDB('topics', BINARY),
      offsets: parts.root.openDB('offsets', BINARY),
      log: parts.root.openDB('log', COMPRESSED),
      state: parts.root.openDB('state', COMPRESSED),
    };
  }

  async write(writes: readonly Write[]): Promise<void> {
    try {
      // Inside a batch lmdb answers each with a promise that is resolved already; the batch's own tells of failures.
      const queued: Promise<boolean>[] = [];
      const done = this.#root.batch(() => {
        for (const { database, key, value } of writes) {
          const target = this.databases[database];
          queued.push(value === undefined ? target.remove(key) : target.put(key, value));
        }
      });
      await Promise.all([done, ...queued]);
    } catch (error) {
      throw this.#failure(await causeOf(error), writes);
    }
  }

  async close(): Promise<void> {
    await this.#root.close();
    this.#lock.release();
  }

  #failure(cause: unknown, writes: readonly Write[]): ThroughlineError {
    const neededBytes = writes.reduce((sum, { value }) => sum + (value?.length ?? 0), SPARE_BYTES);
    const freeBytes = freeBytesOf(this.folder);
    const details = { folder: this.folder, neededBytes, freeBytes };
    const kept = 'Nothing of this commit is stored; everything that was acknowledged is.';
    if (freeBytes !== undefined && freeBytes < neededBytes) {
      const text = `The disk of the event log's folder ${this.folder} is full (${freeBytes} bytes free). ${kept} Free space, then start again to reopen the log.`;
      return brokerError('BROKER_DISK_FULL', text, { cause, details });
    }
    const text = `The event log's folder ${this.folder} could not be written (${messageOf(cause)}). ${kept} Check the disk, quotas and file size limits, then start again to reopen the log.`;
    return brokerError('BROKER_WRITE_FAILED', text, { cause, details });
  }
}

async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

function freeBytesOf(folder: string): number | undefined {
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize;
  } catch {
    return undefined;
  }
}
