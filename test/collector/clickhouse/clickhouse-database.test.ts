import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseDatabase } from '../../../collector/clickhouse/clickhouse-database.ts';
import { createNumbers, numbers, runningEngine } from './running-engine.ts';

const running = runningEngine();

async function count(table: string): Promise<number> {
  const [row] = await running.database.query<{ readonly n: number }>(`SELECT toFloat64(count()) AS n FROM ${table}`);
  return row?.n ?? -1;
}

describe('insert', () => {
  beforeAll(() => createNumbers(running.database, 'inserted'));

  it('stores every row, and the same token once', async () => {
    const { database } = running;
    const batches = Array.from({ length: 8 }, (_none, i) => numbers('inserted', i * 10_000, 10_000));
    await Promise.all(batches.map((batch) => database.insert(batch)));
    await Promise.all(batches.map((batch) => database.insert(batch)));
    expect(await count('inserted')).toBe(80_000);
    expect(await database.query("SELECT count() AS n FROM inserted WHERE label != concat('label ', toString(id))")).toEqual([
      { n: '0' },
    ]);
  });

  it('stores nothing of rows of which one is wrong', async () => {
    const { database } = running;
    await createNumbers(database, 'wrong');
    const lines = [Buffer.from('[1,"a"]\n["no number","b"]\n')];
    await expect(database.insert({ ...numbers('wrong', 0, 2), lines })).rejects.toMatchObject({
      code: 'CLICKHOUSE_QUERY_FAILED',
      retryable: false,
    });
    expect(await count('wrong')).toBe(0);
  });

  it('says when fewer rows came than were meant', async () => {
    await createNumbers(running.database, 'short');
    await expect(running.database.insert({ ...numbers('short', 0, 3), rowCount: 5 })).rejects.toMatchObject({
      code: 'CLICKHOUSE_INSERT_SHORT',
      retryable: true,
      message: '3 of 5 rows were stored in short; send them again',
    });
  });

  it('counts rows, not those of the views behind the table', async () => {
    const { database } = running;
    await createNumbers(database, 'viewed');
    await createNumbers(database, 'view_target');
    await database.command('CREATE MATERIALIZED VIEW viewed_mv TO view_target AS SELECT id, label FROM viewed');
    await expect(database.insert({ ...numbers('viewed', 0, 3), rowCount: 6 })).rejects.toMatchObject({
      code: 'CLICKHOUSE_INSERT_SHORT',
    });
    await database.insert(numbers('viewed', 0, 3));
    expect([await count('viewed'), await count('view_target')]).toEqual([3, 3]);
  });

  it.each(['a b', 'x;', '`x`', 'a.b.c', "x'", ''])('takes no table called %j', async (table) => {
    await expect(running.database.insert({ ...numbers('inserted', 0, 1), table })).rejects.toMatchObject({
      code: 'CLICKHOUSE_NAME_INVALID',
    });
  });

  it('of more than 64 MiB is refused before it is sent', async () => {
    const lines = [Buffer.alloc(64 * 1024 * 1024 + 1)];
    await expect(running.database.insert({ ...numbers('inserted', 0, 1), lines })).rejects.toMatchObject({
      code: 'CLICKHOUSE_INSERT_TOO_LARGE',
      retryable: false,
    });
  });

  it('of no rows does nothing', async () => {
    await running.database.insert({ ...numbers('nowhere', 0, 0), rowCount: 0 });
  });
});

describe('query', () => {
  it('returns objects, with 64-bit numbers as text unless they are cast', async () => {
    expect(await running.database.query('SELECT toUInt64(1) AS a, toFloat64(2) AS b, [toInt64(3)] AS c, NULL AS d;')).toEqual([
      { a: '1', b: 2, c: ['3'], d: null },
    ]);
  });

  it('carries the code and the sentence of what ClickHouse says', async () => {
    await expect(running.database.query('SELECT * FROM nowhere')).rejects.toMatchObject({
      code: 'CLICKHOUSE_QUERY_FAILED',
      retryable: false,
      message: expect.stringMatching(/^the embedded ClickHouse answered UNKNOWN_TABLE \(code 60\): .*nowhere/u),
      details: { clickhouseCode: 60 },
    });
  });

  it('throws the reason of a signal', async () => {
    const reason = new Error('closing');
    await expect(running.database.query('SELECT 1', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const asked = running.database.query('SELECT sleep(3)', { signal: controller.signal });
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('a server that is not well', () => {
  let server: Server | undefined;
  afterEach(() => server?.closeAllConnections());
  afterEach(() => server?.close());

  async function databaseOn(answer: Parameters<typeof createServer>[1]): Promise<ClickHouseDatabase> {
    const started = createServer(answer ?? (() => {}));
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
    const endpoint = { url, username: 'u', password: 's3cret', name: `the ClickHouse at ${url}`, isCountExact: false };
    return new ClickHouseDatabase({ endpoint: () => endpoint, database: 'tests' });
  }

  it('and hangs up is unavailable, which is retryable and shows no password', async () => {
    const database = await databaseOn((request) => request.socket.destroy());
    const failed = database.query('SELECT 1');
    await expect(failed).rejects.toMatchObject({
      code: 'CLICKHOUSE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/^the ClickHouse at http:\/\/127/u),
    });
    await expect(failed).rejects.not.toThrow(/s3cret/u);
    await database.close();
  });

  it('and is not there is unavailable', async () => {
    const database = await databaseOn(() => {});
    await new Promise((resolve) => server?.close(resolve));
    await expect(database.command('SELECT 1')).rejects.toMatchObject({
      code: 'CLICKHOUSE_UNAVAILABLE',
      message: expect.stringMatching(/ECONNREFUSED/u),
    });
  });

  it.each([
    [500, 'Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS) (version 26.7)', 'CLICKHOUSE_UNAVAILABLE'],
    [503, 'Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)', 'CLICKHOUSE_UNAVAILABLE'],
    [403, 'Code: 516. DB::Exception: u: Authentication failed. (AUTHENTICATION_FAILED)', 'CLICKHOUSE_QUERY_FAILED'],
    [502, '<html>Bad gateway</html>', 'CLICKHOUSE_UNAVAILABLE'],
  ])('and answers %i with %s', async (status, body, code) => {
    const database = await databaseOn((_request, response) => response.writeHead(status).end(body));
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code });
    await database.close();
  });

  it('and counts the rows of views as well is believed when it counts enough', async () => {
    const database = await databaseOn((request, response) => {
      request
        .resume()
        .on('end', () => response.writeHead(200, { 'X-ClickHouse-Summary': '{"read_rows":"0","written_rows":"6"}' }).end());
    });
    await database.insert(numbers('t', 0, 3));
    await expect(database.insert(numbers('t', 0, 7))).rejects.toMatchObject({ code: 'CLICKHOUSE_INSERT_SHORT' });
    await database.close();
  });
});
