import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { brokerError } from '../errors.ts';
import { viewOf } from './keys.ts';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
/** Offsets within a meta page of LMDB's data file: struct MDB_meta begins after the page's header of 24 bytes. */
const META = { magic: 24, version: 28, pageSize: 48, freeRoot: 88, mainRoot: 136, transaction: 152 } as const;
const META_BYTES = 160;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/**
 * Looks at a data file before LMDB maps it, because LMDB ends the process (SIGSEGV, SIGBUS) on a file that is not its
 * own or was cut short. Throws BROKER_FOLDER_CORRUPT; a missing or empty file is a new log.
 */
export function checkDataFile(path: string, folder: string): void {
  const fileBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (fileBytes === 0) return;
  const problem = findProblem(path, fileBytes);
  if (problem === undefined) return;
  throw brokerError(
    'BROKER_FOLDER_CORRUPT',
    `${path} ${problem}, so the event log in ${folder} cannot be opened. Restore the folder from a copy, or move it away to begin anew.`,
    { details: { folder } },
  );
}

function findProblem(path: string, fileBytes: number): string | undefined {
  const first = readMeta(path, 0);
  if (!isMeta(first)) return 'is not the data file of an event log';
  const pageSize = first.readUInt32LE(META.pageSize);
  const second = readMeta(path, pageSize);
  if (!isMeta(second)) return 'is damaged: its second header is not readable';
  const newest = first.readBigUInt64LE(META.transaction) > second.readBigUInt64LE(META.transaction) ? first : second;
  for (const root of [META.freeRoot, META.mainRoot]) {
    const page = newest.readBigUInt64LE(root);
    if (page !== NO_PAGE && (page + 1n) * BigInt(pageSize) > BigInt(fileBytes)) return `was cut short at ${fileBytes} bytes`;
  }
  return undefined;
}

function readMeta(path: string, position: number): Buffer {
  const bytes = new Uint8Array(META_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, META_BYTES, position);
  } finally {
    closeSync(file);
  }
  return viewOf(bytes);
}

/** LMDB writes in the machine's byte order; all machines that Node 20 runs on here are little-endian. */
function isMeta(bytes: Buffer): boolean {
  return bytes.readUInt32LE(META.magic) === MAGIC && (bytes.readUInt32LE(META.version) & 0xffff) === DATA_VERSION;
}
