import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNumbers, runningEngine } from '../running-engine.ts';

const running = runningEngine();

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

function withKey(): Readonly<Record<string, string>> {
  const { username, password } = running.endpoint();
  return { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
}

async function ask({ path = '/', method = 'POST', body, headers = withKey() }: Ask) {
  const response = await fetch(`${running.endpoint().url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the key', () => {
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it('is asked for, also for a ping', async () => {
    for (const path of ['/', '/ping', '/nothing', '/?user=throughline&password=x']) {
      const { status, headers, text } = await ask({ path, headers: {}, body: 'SELECT 1' });
      expect([status, headers.get('x-clickhouse-exception-code')]).toEqual([401, '194']);
      expect(text).toMatch(/^Code: 194\. DB::Exception: .*\(REQUIRED_PASSWORD\)/u);
    }
  });

  it('is asked for before a body is read, and the refusal reaches who sends one', async () => {
    expect(await ask({ headers: basic('throughline:wrong'), body: 'x'.repeat(900_000) })).toMatchObject({ status: 403 });
  });

  it('must be the right one', async () => {
    const { password } = running.endpoint();
    for (const headers of [
      basic('throughline:wrong'),
      basic(`default:${password}`),
      basic(`throughline:${password}x`),
      { ...withKey(), 'X-ClickHouse-Key': '' },
    ]) {
      const { status, headers: answered } = await ask({ headers, body: 'SELECT 1' });
      expect([status, answered.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
    }
    expect((await ask({ headers: basic(`throughline:${password}`), body: 'SELECT 1' })).text).toBe('1\n');
  });
});

describe('a statement', () => {
  it.each([
    ["SELECT 1 AS a, 'x' AS b", '1\tx\n'],
    ['SELECT 1 AS a FORMAT JSONEachRow', '{"a":1}\n'],
    ['SELECT 1 AS a FORMAT JSONCompactEachRow', '[1]\n'],
    ['SELECT 1 AS a FORMAT CSVWithNames', '"a"\n1\n'],
    ['SELECT 1 AS a SETTINGS max_threads = 1 FORMAT JSONEachRow', '{"a":1}\n'],
    ['SELECT 1 AS a; -- and no more', '1\n'],
  ])('%s answers as a server does', async (body, text) => {
    const answer = await ask({ body, path: '/?query_id=q-7' });
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('q-7');
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ read_rows: '1', written_rows: '0' });
  });

  it('takes its default format and its text from the URL', async () => {
    expect((await ask({ path: '/?query=SELECT+1+AS+a&default_format=JSONEachRow', method: 'GET' })).text).toBe('{"a":1}\n');
    expect(JSON.parse((await ask({ path: '/?default_format=JSON', body: 'SELECT 1 AS a' })).text)).toMatchObject({
      data: [{ a: 1 }],
      rows: 1,
    });
  });

  it.each([
    ['SELEC 1', 400, 62],
    ['SELECT 1; SELECT 2', 400, 62],
    ['SELECT * FROM nowhere', 404, 60],
    ['SELECT nothing', 404, 47],
    ["SELECT throwIf(1, 'on purpose')", 500, 395],
    ['SET max_threads = 1', 501, 344],
    ["SELECT 1 INTO OUTFILE '/tmp/out'", 501, 344],
  ])('%s fails with its code', async (body, status, code) => {
    const answer = await ask({ body });
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([status, String(code)]);
    expect(answer.text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: .+\\([A-Z_]+\\) \\(version 26\\.`, 'su'));
  });

  it.each([
    ['/?session_id=s', 501, /no sessions/u],
    ['/?database=nowhere', 404, /UNKNOWN_DATABASE/u],
    ['/?nonsense=1', 404, /does not take the setting nonsense/u],
    ['/elsewhere', 404, /no such thing/u],
  ])('to %s is refused', async (path, status, text) => {
    expect(await ask({ path, body: 'SELECT 1' })).toMatchObject({ status, text: expect.stringMatching(text) });
  });

  it('that writes is refused with GET and with readonly', async () => {
    for (const [path, method] of [
      ['/?query=CREATE+DATABASE+d', 'GET'],
      ['/?query=CREATE+DATABASE+d&readonly=1', 'POST'],
    ] as const) {
      expect(await ask({ path, method })).toMatchObject({ status: 403, text: expect.stringMatching(/^Code: 164/u) });
    }
    expect(await ask({ path: '/?readonly=1', body: 'SELECT 1' })).toMatchObject({ status: 200 });
  });

  it('may be megabytes long, but not more than the limit', async () => {
    const long = (bytes: number): string => `SELECT 1 /* ${'x'.repeat(bytes)} */`;
    expect((await ask({ body: long(3_000_000) })).text).toBe('1\n');
    expect(await ask({ body: long(5_000_000) })).toMatchObject({
      status: 413,
      text: expect.stringMatching(/larger than 4194304 bytes/u),
    });
  });
});

describe('settings', () => {
  it('hold for their statement and do not stay on any connection', async () => {
    const threads = "SELECT getSetting('max_threads') = 1 AND getSetting('max_block_size') = 77 FORMAT TabSeparated";
    const all = (path: string) => Promise.all(Array.from({ length: 12 }, async () => (await ask({ path, body: threads })).text));
    expect(new Set(await all('/?max_threads=1&max_block_size=77'))).toEqual(new Set(['1\n']));
    expect(new Set(await all('/'))).toEqual(new Set(['0\n']));
    expect((await ask({ path: '/?readonly=1', body: 'SELECT 1' })).status).toBe(200);
    expect((await ask({ body: 'CREATE TABLE default.after_readonly (a Int8) ENGINE = Memory' })).status).toBe(200);
  });

  it('never leave a statement without limits', async () => {
    const { text } = await ask({
      path: '/?max_execution_time=0&max_memory_usage=0',
      body: "SELECT getSetting('max_execution_time') > 0, getSetting('max_memory_usage') > 0",
    });
    expect(text).toBe('1\t1\n');
  });
});

describe('rows in the body', () => {
  beforeAll(() => createNumbers(running.database, 'rows'));
  const to = (statement: string) => `/?database=tests&query=${encodeURIComponent(statement)}`;

  it('are stored and counted', async () => {
    const body = '{"id":1,"label":"a"}\n{"id":2,"label":"b"}\n';
    const answer = await ask({ path: to('INSERT INTO rows FORMAT JSONEachRow'), body });
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ read_rows: '2', written_rows: '2' });
    await ask({ path: to('INSERT INTO `rows` (`label`, `id`) FORMAT CSV'), body: '"c, d",3\n' });
    const zipped = createGzip();
    zipped.end('[4,"zip"]\n');
    expect(
      await ask({
        path: to('INSERT INTO rows FORMAT JSONCompactEachRow'),
        body: await buffer(zipped),
        headers: { ...withKey(), 'Content-Encoding': 'gzip' },
      }),
    ).toMatchObject({ status: 200 });
    expect((await ask({ body: 'SELECT id, label FROM tests.rows ORDER BY id FORMAT CSV' })).text).toBe(
      '1,"a"\n2,"b"\n3,"c, d"\n4,"zip"\n',
    );
  });

  it('that are more than may be are refused, zipped or not', async () => {
    const zipped = createGzip();
    const plain = { path: to('INSERT INTO rows FORMAT CSV'), body: Buffer.alloc(65 * 1024 * 1024) };
    expect(await ask(plain)).toMatchObject({ status: 413, text: expect.stringMatching(/send it in parts/u) });
    for (let i = 0; i < 65; i++) zipped.write(Buffer.alloc(1024 * 1024));
    zipped.end();
    const bomb = await buffer(zipped);
    expect(
      await ask({ path: to('INSERT INTO rows FORMAT CSV'), body: bomb, headers: { ...withKey(), 'Content-Encoding': 'gzip' } }),
    ).toMatchObject({ status: 413, text: expect.stringMatching(/send it in parts/u) });
  });

  it.each([
    ['INSERT INTO rows FORMAT Native', /takes rows as JSONCompactEachRow/u],
    ['INSERT INTO rows FORMAT JSONEachRow', /Cannot parse input/u],
    ['SELECT 1', /this statement takes none/u],
  ])('of %s are refused', async (statement, text) => {
    expect(await ask({ path: to(statement), body: 'garbage' })).toMatchObject({ status: 400, text: expect.stringMatching(text) });
  });
});
