import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import type { Database, QueryOptions } from '#core';

/** A real ClickHouse in this process behind the Database port: only what these tests need of it. One a process. */
export function openChdb(): Database & { close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-chdb-'));
  const session = new Session(folder);
  const run = (sql: string, options: QueryOptions = {}): string =>
    options.params === undefined
      ? session.query(sql, 'JSONEachRow')
      : session.queryBind(sql, { ...options.params }, 'JSONEachRow');
  return {
    query: <Row>(sql: string, options?: QueryOptions) => {
      const text = run(sql, options);
      const lines = text.split('\n').filter((line) => line !== '');
      return Promise.resolve(lines.map((line) => JSON.parse(line) as Row));
    },
    insert: async ({ table, columns, lines, rowCount }) => {
      const before = countOf(run(`SELECT count() AS n FROM ${table}`));
      run(`INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow ${Buffer.concat(lines).toString('utf8')}`);
      const stored = countOf(run(`SELECT count() AS n FROM ${table}`)) - before;
      if (stored !== rowCount) throw new RangeError(`stored ${stored} of ${rowCount} rows`);
    },
    command: async (sql) => {
      run(sql);
    },
    close: () => {
      session.cleanup();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function countOf(text: string): number {
  return Number((JSON.parse(text) as { readonly n: string | number }).n);
}
