import { beforeEach, describe, expect, it } from 'vitest';
import { type Database, ManualClock } from '#core';
import { ClickHouseDatabase } from '../../../collector/clickhouse/clickhouse-database.ts';
import { type Migration, migrate } from '../../../collector/clickhouse/migrations.ts';
import { runningEngine } from './running-engine.ts';

const running = runningEngine();
const clock = new ManualClock(1_700_000_000_000);

const FIRST: Migration = {
  id: 1,
  name: 'first',
  statements: ['CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x'],
};
const SECOND: Migration = {
  id: 2,
  name: 'second',
  statements: [
    'CREATE TABLE IF NOT EXISTS b (x UInt8) ENGINE = MergeTree ORDER BY x',
    'ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8',
  ],
};

let database: ClickHouseDatabase;
let next = 0;

beforeEach(async () => {
  database = new ClickHouseDatabase({ endpoint: () => running.endpoint(), database: `migrated_${next++}` });
  await database.createDatabase();
  return () => database.close();
});

const run = (migrations: readonly Migration[], on: Database = database) => migrate({ database: on, migrations, clock });

async function recorded(): Promise<readonly unknown[]> {
  return await database.query('SELECT id, name, applied_at FROM schema_migrations FINAL ORDER BY id');
}

describe('migrate', () => {
  it('applies what is missing, in order, once', async () => {
    expect(await run([FIRST])).toEqual([1]);
    expect(await run([FIRST, SECOND])).toEqual([2]);
    expect(await run([FIRST, SECOND])).toEqual([]);
    const at = '2023-11-14 22:13:20.000';
    expect(await recorded()).toEqual([
      { id: 1, name: 'first', applied_at: at },
      { id: 2, name: 'second', applied_at: at },
    ]);
  });

  it('ends well after a crash between two statements', async () => {
    let left = 3;
    const crashing: Database = {
      query: (sql, options) => database.query(sql, options),
      insert: (rows) => database.insert(rows),
      command: (sql, options) => (left-- > 0 ? database.command(sql, options) : Promise.reject(new Error('killed'))),
    };
    await expect(run([FIRST, SECOND], crashing)).rejects.toThrow('killed');
    expect(await recorded()).toHaveLength(1);
    expect(await run([FIRST, SECOND])).toEqual([2]);
  });

  it('ends well when two processes do it at once', async () => {
    await Promise.all([run([FIRST, SECOND]), run([FIRST, SECOND]), run([FIRST, SECOND])]);
    expect(await recorded()).toHaveLength(2);
    expect(await run([FIRST, SECOND])).toEqual([]);
  });

  it('refuses a database that a newer version has migrated', async () => {
    await run([FIRST, SECOND]);
    await expect(run([FIRST])).rejects.toMatchObject({
      code: 'CLICKHOUSE_SCHEMA_NEWER',
      message: expect.stringMatching(/migration 2 \(second\).*start the newer version/u),
    });
  });

  it('refuses an applied migration that reads differently now', async () => {
    await run([FIRST]);
    const changed = { ...FIRST, statements: [`${FIRST.statements[0]} SETTINGS index_granularity = 1`] };
    await expect(run([changed, SECOND])).rejects.toMatchObject({
      code: 'CLICKHOUSE_MIGRATION_CHANGED',
      message: expect.stringMatching(/write a new migration/u),
    });
    expect(await recorded()).toHaveLength(1);
  });

  it('refuses a database in which one is missing', async () => {
    await run([FIRST, SECOND]);
    await database.command('ALTER TABLE schema_migrations DELETE WHERE id = 1 SETTINGS mutations_sync = 1');
    await expect(run([FIRST, SECOND])).rejects.toMatchObject({
      code: 'CLICKHOUSE_SCHEMA_GAP',
      message: expect.stringMatching(/but not 1/u),
    });
  });

  it.each([
    ['a gap', [FIRST, { ...SECOND, id: 3 }]],
    ['a number twice', [FIRST, { ...SECOND, id: 1 }]],
    ['a start elsewhere', [SECOND]],
    ['no statements', [{ ...FIRST, statements: [] }]],
  ])('refuses a list with %s before it touches anything', async (_what, list) => {
    await expect(run(list)).rejects.toMatchObject({ code: 'CLICKHOUSE_MIGRATIONS_INVALID' });
    expect(await database.query('SHOW TABLES')).toEqual([]);
  });
});
