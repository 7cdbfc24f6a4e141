import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '#core';
import { ClickHouseDatabase } from '../../../collector/clickhouse/clickhouse-database.ts';
import { EmbeddedEngine, type Wait } from '../../../collector/clickhouse/embedded/embedded-engine.ts';
import type { Endpoint } from '../../../collector/clickhouse/endpoint.ts';

/** One engine for all tests of a file, on a folder that goes with it. */
export interface RunningEngine {
  readonly engine: EmbeddedEngine;
  readonly database: ClickHouseDatabase;
  readonly folder: string;
  endpoint(): Endpoint;
}

interface Parts {
  folder: string;
  engine: EmbeddedEngine;
  database: ClickHouseDatabase;
}

/** Starts an engine before the file's tests and stops it after them. Restarts wait for `wait`; default: one turn. */
export function runningEngine(wait: Wait = async () => {}): RunningEngine {
  const parts: Partial<Parts> = {};
  const get = <K extends keyof Parts>(name: K): Parts[K] => {
    const part = parts[name];
    if (part === undefined) throw new Error('the engine is not running yet');
    return part;
  };
  beforeAll(async () => {
    parts.folder = await mkdtemp(join(tmpdir(), 'throughline-engine-'));
    parts.engine = new EmbeddedEngine({ folder: parts.folder, clock: systemClock, wait });
    await parts.engine.start();
    const endpoint = (): Endpoint => get('engine').endpoint();
    parts.database = new ClickHouseDatabase({ endpoint, database: 'tests' });
    await parts.database.createDatabase();
  }, 60_000);
  afterAll(async () => {
    await parts.database?.close();
    await parts.engine?.stop();
    await rm(get('folder'), { recursive: true, force: true });
  }, 30_000);
  return {
    get engine() {
      return get('engine');
    },
    get database() {
      return get('database');
    },
    get folder() {
      return get('folder');
    },
    endpoint: () => get('engine').endpoint(),
  };
}

/** A table for inserts whose tokens are remembered. */
export async function createNumbers(database: ClickHouseDatabase, name: string): Promise<void> {
  await database.command(
    `CREATE TABLE ${name} (id UInt64, label String) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 1000`,
  );
}

/** Rows from `from` on, as an insert. */
export function numbers(table: string, from: number, count: number) {
  const lines = Array.from({ length: count }, (_none, i) => `${JSON.stringify([from + i, `label ${from + i}`])}\n`).join('');
  return { table, columns: ['id', 'label'], lines: [Buffer.from(lines)], rowCount: count, token: `${table}-${from}` };
}
