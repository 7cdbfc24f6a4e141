import { createHash } from 'node:crypto';
import type { Clock, Database } from '#core';
import { clickhouseError } from './errors.ts';

/** A step of the schema. Once released it is never edited: what is to change goes into the next one. */
export interface Migration {
  /** From 1, without gaps. */
  readonly id: number;
  readonly name: string;
  /**
   * Each must be harmless when it runs again (CREATE … IF NOT EXISTS, ADD COLUMN IF NOT EXISTS): ClickHouse has no transactions
   * over DDL, so a crash between two statements, or two processes at once, run them twice.
   */
  readonly statements: readonly string[];
}

export interface MigrateOptions {
  readonly database: Database;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
}

interface Applied {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
}

const TABLE = 'schema_migrations';

/**
 * Applies what the database lacks, in order, and records each only after all of its statements have run. Returns the ids
 * that were applied. Throws CLICKHOUSE_MIGRATIONS_INVALID, CLICKHOUSE_MIGRATION_CHANGED, CLICKHOUSE_SCHEMA_NEWER,
 * CLICKHOUSE_SCHEMA_GAP before anything is changed, and what a statement throws. The database must be there already.
 */
export async function migrate({ database, migrations, clock }: MigrateOptions): Promise<readonly number[]> {
  checkList(migrations);
  // Two processes may record the same migration: the same row, of which the table keeps one.
  await database.command(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (id UInt32, name String, checksum String, applied_at DateTime64(3))
     ENGINE = ReplacingMergeTree ORDER BY id SETTINGS fsync_after_insert = 1`,
  );
  const applied = await database.query<Applied>(
    `SELECT id, any(name) AS name, any(checksum) AS checksum FROM ${TABLE} GROUP BY id ORDER BY id`,
  );
  checkApplied(applied, migrations);
  const missing = migrations.slice(applied.length);
  for (const migration of missing) await apply(migration, { database, clock });
  return missing.map(({ id }) => id);
}

async function apply(migration: Migration, { database, clock }: Pick<MigrateOptions, 'database' | 'clock'>): Promise<void> {
  for (const statement of migration.statements) await database.command(statement);
  const appliedAt = new Date(clock.now()).toISOString().replace('T', ' ').replace('Z', '');
  const row = JSON.stringify([migration.id, migration.name, checksumOf(migration), appliedAt]);
  await database.insert({
    table: TABLE,
    columns: ['id', 'name', 'checksum', 'applied_at'],
    lines: [Buffer.from(`${row}\n`)],
    rowCount: 1,
    token: `migration-${migration.id}`,
  });
}

function checkList(migrations: readonly Migration[]): void {
  for (const [index, { id, name, statements }] of migrations.entries()) {
    if (id !== index + 1) {
      throw clickhouseError(
        'CLICKHOUSE_MIGRATIONS_INVALID',
        `migration ${id} (${name}) stands where ${index + 1} is due; number them from 1, without gaps`,
      );
    }
    if (statements.length === 0)
      throw clickhouseError('CLICKHOUSE_MIGRATIONS_INVALID', `migration ${id} (${name}) has no statements`);
  }
}

function checkApplied(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, { id, name, checksum }] of applied.entries()) {
    const migration = migrations[id - 1];
    if (migration === undefined) {
      throw clickhouseError(
        'CLICKHOUSE_SCHEMA_NEWER',
        `The telemetry store has migration ${id} (${name}), this version of Throughline knows ${migrations.length}: start the newer version, or another database.`,
      );
    }
    if (id !== index + 1) {
      throw clickhouseError(
        'CLICKHOUSE_SCHEMA_GAP',
        `The telemetry store has migration ${id} (${name}) but not ${index + 1}: its table ${TABLE} was changed by hand. Restore it from a copy, or use another database.`,
      );
    }
    if (checksum !== checksumOf(migration)) {
      throw clickhouseError(
        'CLICKHOUSE_MIGRATION_CHANGED',
        `Migration ${id} (${migration.name}) was applied as ${name} with other statements than this version has. Put the statements back and write a new migration for the change, or use another database.`,
      );
    }
  }
}

/** SHA-256 over the statements, each with its length, so that none can run into the next. */
function checksumOf({ statements }: Migration): string {
  const hash = createHash('sha256');
  for (const statement of statements) hash.update(`${statement.length}:${statement}`);
  return hash.digest('hex');
}
