import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { asyncBufferFromFile, parquetRead } from 'hyparquet';
import { type EpochMs, messageOf } from '#core';
import { runtimeError } from '../errors.ts';

/** A history's rows as columns: whole numbers as numbers, time stamps as epoch ms, text as text, missing values null or undefined. */
export interface HistoryTable {
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}

/** What a workspace's replay module yields, in order of event time. */
export interface HistoricEvent {
  /** Partition key: events of one key keep their order. */
  readonly key: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** Event time, epoch ms. */
  readonly timeMs: EpochMs;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The default export of a replay module: deterministic, so that a restart can go on by counting. */
export type HistoryModule = (table: HistoryTable) => Iterable<HistoricEvent, undefined>;

/** A history, ready to be turned into events. */
export interface History {
  /** From the first one, as often as called. */
  readonly events: () => Iterable<HistoricEvent, undefined>;
  /** sha256 over file and module: another one is another history. */
  readonly fingerprint: string;
}

/** Opens a history: reads the Parquet file's columns and hands them to the workspace's module. Throws RUNTIME_HISTORY_UNREADABLE. */
export async function openHistory(files: { readonly file: string; readonly module: string }): Promise<History> {
  const [table, turn] = await Promise.all([readTable(files.file), importModule(files.module)]);
  const hash = createHash('sha256');
  for (const path of [files.file, files.module]) hash.update(await readFile(path));
  return { events: () => turn(table), fingerprint: hash.digest('hex') };
}

/** Reads all columns of a Parquet file (Snappy or uncompressed). */
export async function readTable(path: string): Promise<HistoryTable> {
  const columns: Record<string, unknown[]> = {};
  try {
    await stat(path);
    const file = await asyncBufferFromFile(path);
    await parquetRead({
      file,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const column = (columns[columnName] ??= []);
        for (let row = 0; row < columnData.length; row++) column[rowStart + row] = plainValue(columnData[row]);
      },
    });
  } catch (cause) {
    const sentence = `the history ${path} cannot be read as Parquet: ${messageOf(cause)}; put the file in place, or take 'replay.yaml' out of the workspace`;
    throw runtimeError('RUNTIME_HISTORY_UNREADABLE', sentence, { cause });
  }
  return { rowCount: Math.max(0, ...Object.values(columns).map((column) => column.length)), columns };
}

/** Boxed values cost far more memory than the numbers in them. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Date ? value.getTime() : value;
}

async function importModule(path: string): Promise<HistoryModule> {
  let imported: unknown;
  try {
    imported = await import(pathToFileURL(path).href);
  } catch (cause) {
    const sentence = `the replay module ${path} cannot be loaded: ${messageOf(cause)}`;
    throw runtimeError('RUNTIME_HISTORY_UNREADABLE', sentence, { cause });
  }
  return parseModule(imported, path);
}

function parseModule(imported: unknown, path: string): HistoryModule {
  const { default: turn } = imported as { readonly default?: unknown };
  if (typeof turn === 'function') return turn as HistoryModule;
  const sentence = `the replay module ${path} has no default export that is a function (table) => events`;
  throw runtimeError('RUNTIME_HISTORY_UNREADABLE', sentence);
}
