import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openTelemetryStore, type TelemetryStore } from '#collector';
import { type Database, type EventLog, systemClock, TABLES, TOPICS } from '#core';
import { RECORD_STATEMENTS } from '../../collector/records/tables.ts';
import { recordsOf } from './topic-contents.ts';

/** The real embedded ClickHouse for the tests of a file, with the record tables. */
export function telemetryForFile(): { readonly database: () => Database } {
  let store: TelemetryStore | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'throughline-clickhouse-'));
    const migrations = [{ id: 1, name: 'records', statements: RECORD_STATEMENTS }];
    store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations });
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return {
    database: () => {
      if (store === undefined) throw new Error('the store is opened before the tests');
      return store.database;
    },
  };
}

/** Removes all rows, so that tests of a file do not see each other's. */
export async function clearTables(database: Database): Promise<void> {
  const tables = [TABLES.decisions, TABLES.receipts, TABLES.outcomes, TABLES.batches, TABLES.changes];
  for (const table of tables) await database.command(`TRUNCATE TABLE ${table}`);
}

export interface StoredRows {
  readonly table: string;
  readonly records: readonly object[];
  /** What stands in the column `entity`. */
  readonly entityOf?: (text: string) => string;
  readonly ingestedMs: number;
}

let inserts = 0;

/** Inserts records exactly as the writer does. */
export async function storeRecords(database: Database, { table, records, ingestedMs, entityOf }: StoredRows): Promise<void> {
  if (records.length === 0) return;
  const hasEntity = table !== TABLES.batches;
  const shown = entityOf ?? ((text: string) => text);
  const lines = records.map((record) => {
    const entity = 'entity' in record && typeof record.entity === 'string' ? shown(record.entity) : '';
    return JSON.stringify(hasEntity ? [ingestedMs, entity, record] : [ingestedMs, record]);
  });
  await database.insert({
    table,
    columns: hasEntity ? ['ingested_ms', 'entity', 'record'] : ['ingested_ms', 'record'],
    lines: [Buffer.from(`${lines.join('\n')}\n`)],
    rowCount: records.length,
    token: `test-${++inserts}`,
  });
}

const OUTBOX = [
  [TOPICS.decisions, TABLES.decisions],
  [TOPICS.receipts, TABLES.receipts],
  [TOPICS.outcomes, TABLES.outcomes],
  [TOPICS.batches, TABLES.batches],
] as const;

/** Brings everything that a log's outbox holds into the tables. */
export async function storeOutbox(
  database: Database,
  log: EventLog,
  rows: Pick<StoredRows, 'ingestedMs' | 'entityOf'>,
): Promise<void> {
  for (const [topic, table] of OUTBOX) {
    const records = (await recordsOf(log, topic)).map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as object);
    await storeRecords(database, { ...rows, table, records });
  }
}
