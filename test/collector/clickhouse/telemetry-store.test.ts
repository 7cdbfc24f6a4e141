import { expect, it, onTestFinished } from 'vitest';
import { type Migration, openTelemetryStore, parseClickHouseSetting } from '#collector';
import { systemClock } from '#core';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runningEngine } from './running-engine.ts';

const running = runningEngine();
const MIGRATIONS: readonly Migration[] = [
  { id: 1, name: 'first', statements: ['CREATE TABLE IF NOT EXISTS kept (x UInt8) ENGINE = MergeTree ORDER BY x'] },
];

it('opens an embedded engine, migrates it, and finds it again', async () => {
  const folder = await temporaryFolder();
  for (const expected of [1, 2]) {
    const store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations: MIGRATIONS });
    onTestFinished(() => store.close());
    expect(store.status()).toMatchObject({ state: 'ok', restarts: 0 });
    await store.database.command('INSERT INTO kept VALUES (1)');
    expect(await store.database.query('SELECT count() AS n FROM kept')).toEqual([{ n: String(expected) }]);
    await store.close();
    await store.close();
    expect(store.status()).toMatchObject({ state: 'stopped' });
  }
}, 40_000);

it('opens a server by its URL', async () => {
  const { url, username, password } = running.endpoint();
  const setting = parseClickHouseSetting(`${url.replace('://', `://${username}:${password}@`)}/elsewhere`);
  if (setting.kind !== 'server') throw new Error('not a server');
  const store = await openTelemetryStore({ ...setting, clock: systemClock, migrations: MIGRATIONS });
  onTestFinished(() => store.close());
  expect(await store.database.query('SELECT currentDatabase() AS name')).toEqual([{ name: 'elsewhere' }]);
  expect(store.status()).toEqual({ state: 'ok', restarts: 0 });
});

it('leaves no process behind when a migration fails', async () => {
  const folder = await temporaryFolder();
  const migrations = [{ id: 1, name: 'broken', statements: ['CREATE TABLE'] }];
  await expect(openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations })).rejects.toMatchObject({
    code: 'CLICKHOUSE_QUERY_FAILED',
  });
  const store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock });
  await store.close();
}, 40_000);
