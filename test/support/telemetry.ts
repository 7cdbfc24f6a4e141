import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openTelemetryStore, type TelemetryStore } from '#collector';
import { type Database, type EventLog, envelopeHeaders, systemClock, TABLES, TOPICS } from '#core';
import { RECORD_KINDS } from '../../collector/records/lines.ts';
import { MIGRATIONS } from '../collector/test-store.ts';
import { recordsOf } from './topic-contents.ts';

/** The real embedded ClickHouse for the tests of a file, with the record tables. */
export function telemetryForFile(): { readonly database: () => Database } {
  let store: TelemetryStore | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'throughline-clickhouse-'));
    store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations: MIGRATIONS });
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
  const { decisions, receipts, outcomes, batches, changes, driftResults, fieldProfiles, groupSamples, failures, alertEvents } =
    TABLES;
  const kept = [decisions, receipts, outcomes, batches, changes, driftResults, fieldProfiles];
  const tables = [...kept, groupSamples, failures, alertEvents];
  for (const table of tables) await database.command(`TRUNCATE TABLE ${table}`);
}

export interface StoredRows {
  readonly table: string;
  readonly records: readonly object[];
  /** What stands in the column `entity`. */
  readonly entityOf?: (text: string) => string;
  readonly ingestedMs: number | ((record: object) => number);
}

let inserts = 0;

const WITHOUT_ENTITY: ReadonlySet<string> = new Set([
  TABLES.batches,
  TABLES.driftResults,
  TABLES.fieldProfiles,
  TABLES.groupSamples,
  TABLES.failures,
  TABLES.alertEvents,
]);

/** Inserts records exactly as the writer does. */
export async function storeRecords(database: Database, { table, records, ingestedMs, entityOf }: StoredRows): Promise<void> {
  if (records.length === 0) return;
  const hasEntity = !WITHOUT_ENTITY.has(table);
  const shown = entityOf ?? ((text: string) => text);
  const ingested = (record: object): number => (typeof ingestedMs === 'number' ? ingestedMs : ingestedMs(record));
  const lines = records.map((record) => {
    const entity = 'entity' in record && typeof record.entity === 'string' ? shown(record.entity) : '';
    return JSON.stringify(hasEntity ? [ingested(record), entity, record] : [ingested(record), record]);
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
  [TOPICS.drift, TABLES.driftResults],
  [TOPICS.fields, TABLES.fieldProfiles],
  [TOPICS.groups, TABLES.groupSamples],
  [TOPICS.failures, TABLES.failures],
  [TOPICS.alerts, TABLES.alertEvents],
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

/** A fact for the control topic. */
export interface NewFact {
  readonly type: string;
  readonly fact: object;
  /** Default: one that no other fact has. */
  readonly id?: string;
}

/** Inserts facts of the control topic exactly as the writer does, each recorded a millisecond after the other. */
export async function storeFacts(database: Database, facts: readonly NewFact[], recordedMs: number): Promise<void> {
  const { table, columns, prefix } = RECORD_KINDS[TOPICS.control] ?? { table: '', columns: [], prefix: () => undefined };
  const lines = facts.map(({ type, fact, id = `fact-${++inserts}` }, index) => {
    const headers = envelopeHeaders({ id, source: '/test', type, timeMs: 0 });
    const value = new TextEncoder().encode(JSON.stringify(fact));
    const at = { topic: TOPICS.control, partition: 0, offset: index, timestampMs: recordedMs + index, key: undefined };
    return prefix({ ...at, headers, value }, (entity) => entity);
  });
  const rows = Buffer.from(`${lines.join('\n')}\n`);
  await database.insert({ table, columns, lines: [rows], rowCount: facts.length, token: `facts-${++inserts}` });
}
