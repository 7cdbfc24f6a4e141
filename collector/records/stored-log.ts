import { type Database, TABLES } from '#core';
import { collectorError } from '../errors.ts';
import { RECORD_KINDS } from './lines.ts';

/** Whose records the store holds: of this log, or of none yet. */
export type StoredLog = 'known' | 'none';

const RECORD_TABLES = Object.values(RECORD_KINDS).map(({ table }) => table);

/** Whether the store holds this log's records. Throws COLLECTOR_OTHER_LOG where they are another's: offsets would mean two things. */
export async function findStoredLog(database: Database, logId: string): Promise<StoredLog> {
  const rows = await database.query<{ readonly logId: string }>(`SELECT log_id AS logId FROM ${TABLES.recordLogs} LIMIT 100`);
  if (rows.length === 0) return 'none';
  if (rows.some((row) => row.logId === logId)) return 'known';
  const sentence =
    'the database holds the records of another data folder: name another database in the clickhouse setting (http://…/name), ' +
    'or begin anew with --fresh, which empties it';
  throw collectorError('COLLECTOR_OTHER_LOG', sentence);
}

/** Empties the tables of records, whoever they were of. */
export async function clearRecords(database: Database): Promise<void> {
  for (const table of [TABLES.recordLogs, ...RECORD_TABLES]) await database.command(`TRUNCATE TABLE IF EXISTS ${table}`);
}

/** From here on the store holds this log's records. */
export async function claimStore(database: Database, logId: string): Promise<void> {
  const lines = [Buffer.from(`${JSON.stringify([logId])}\n`)];
  await database.insert({ table: TABLES.recordLogs, columns: ['log_id'], lines, rowCount: 1, token: `claim/${logId}` });
}
