import { type ClickHouseClient, ClickHouseLogLevel, createClient, type DataFormat } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningEngine } from '../running-engine.ts';

const running = runningEngine();
let client: ClickHouseClient;

beforeAll(() => {
  const { url, username, password } = running.endpoint();
  client = createClient({
    url,
    username,
    password,
    database: 'tests',
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF },
  });
});
afterAll(() => client.close());

describe('@clickhouse/client, as it is,', () => {
  it('pings', async () => {
    expect([await client.ping(), await client.ping({ select: true })]).toEqual([{ success: true }, { success: true }]);
  });

  it('makes a table, inserts objects and columns, zipped, and reads them', async () => {
    await client.command({ query: 'CREATE TABLE objects (a UInt32, s String) ENGINE = MergeTree ORDER BY a' });
    const values = [
      { a: 1, s: 'ä' },
      { a: 2, s: '"' },
    ];
    expect((await client.insert({ table: 'objects', values, format: 'JSONEachRow' })).summary).toMatchObject({
      written_rows: '2',
    });
    await client.insert({ table: 'objects', values: [['c', 3]], columns: ['s', 'a'], format: 'JSONCompactEachRow' });
    const read = await client.query({ query: 'SELECT * FROM objects ORDER BY a' });
    expect((await read.json()).data).toEqual([...values, { a: 3, s: 'c' }]);
  });

  it.each<[DataFormat, string | RegExp]>([
    ['JSONEachRow', '{"a":1}\n'],
    ['JSONCompactEachRow', '[1]\n'],
    ['JSONColumnsWithMetadata', /"a": \[1\]/u],
    ['JSONCompact', /"rows": 1/u],
    ['CSVWithNames', '"a"\n1\n'],
    ['TabSeparated', '1\n'],
    ['Parquet', /^PAR1/u],
  ])('reads %s', async (format, text) => {
    const result = await client.query({ query: 'SELECT 1 AS a', format });
    expect(await result.text()).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
  });

  it('reads a stream of many rows', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSONEachRow' });
    let count = 0;
    for await (const rows of result.stream()) count += rows.length;
    expect(count).toBe(200_000);
  });

  it('binds dates', async () => {
    const query = 'SELECT {a:DateTime} AS a, {b:DateTime64(3)} AS b';
    const result = await client.query({
      query,
      query_params: { a: new Date(1_700_000_000_000), b: new Date(1_700_000_000_123) },
    });
    expect((await result.json()).data).toEqual([{ a: '2023-11-14 22:13:20', b: '2023-11-14 22:13:20.123' }]);
  });

  it('gets errors with their code and type', async () => {
    await expect(client.query({ query: 'SELECT * FROM nowhere' })).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
    for (let i = 0; i < 20; i++)
      await expect(client.command({ query: 'SELECT 1', session_id: 's' })).rejects.toMatchObject({
        code: '344',
        type: 'SUPPORT_IS_DISABLED',
      });
    await expect(
      client.query({ query: 'SELECT {x:UInt8}', query_params: { x: 1 }, use_multipart_params: true }),
    ).rejects.toMatchObject({ code: '344' });
  });
});
