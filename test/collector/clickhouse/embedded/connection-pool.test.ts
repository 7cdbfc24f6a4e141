import { describe, expect, it } from 'vitest';
import { runningEngine } from '../running-engine.ts';

const running = runningEngine();

const FAILS =
  "SELECT number, throwIf(number = 400000, 'on purpose') FROM numbers(1000000) SETTINGS max_block_size = 1000, max_threads = 1";
const TIMES_OUT = 'SELECT number, sleepEachRow(0.001) FROM numbers(100000) SETTINGS max_block_size = 10, max_threads = 1';
const IS_TOO_MUCH = 'SELECT groupArray(number) FROM numbers(100000000)';

const COUNT_ENDLESS = "SELECT count() AS n FROM system.processes WHERE query LIKE '%endless%' AND query NOT LIKE '%processes%'";
const ENDLESS = 'SELECT count() AS endless FROM numbers(1000000000000) WHERE sipHash64(number) = 1';

async function countEndless(): Promise<number> {
  const [row] = await running.database.query<{ readonly n: string }>(COUNT_ENDLESS);
  return Number(row?.n);
}

describe('a statement that fails', () => {
  it('after it has put out rows leaves none of them for the next one, on any connection', async () => {
    const { database } = running;
    const one = async (i: number): Promise<void> => {
      const sql = [FAILS, TIMES_OUT, IS_TOO_MUCH][i % 12];
      if (sql === undefined) expect(await database.query('SELECT {i:UInt32} AS i', { params: { i } })).toEqual([{ i }]);
      else
        await expect(database.query(sql, { maxSeconds: 0.3, maxBytes: 20_000_000 })).rejects.toMatchObject({
          code: expect.stringMatching(/^CLICKHOUSE_/u),
        });
    };
    await Promise.all(Array.from({ length: 96 }, (_none, i) => one(i)));
  });

  it('for time or memory says so, and that it may be tried again', async () => {
    const { database } = running;
    await expect(database.query(ENDLESS, { maxSeconds: 0.2 })).rejects.toMatchObject({
      code: 'CLICKHOUSE_LIMIT',
      retryable: true,
      details: { clickhouseCode: 159 },
    });
    await expect(database.query(IS_TOO_MUCH, { maxBytes: 10_000_000 })).rejects.toMatchObject({
      code: 'CLICKHOUSE_LIMIT',
      retryable: true,
      details: { clickhouseCode: 241 },
    });
  });
});

describe('a statement whose client goes away', () => {
  it('stops in the engine, also more of them than there are connections', async () => {
    const { database } = running;
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const asked = controllers.map(({ signal }) => database.query(ENDLESS, { signal, maxSeconds: 60 }));
    const settled = Promise.allSettled(asked);
    // Three run and one connection is kept free to see them: of four, the count itself would have to wait.
    for (const controller of controllers.slice(3)) controller.abort(new Error('not needed any more'));
    await expect.poll(countEndless, { timeout: 30_000 }).toBe(3);
    for (const controller of controllers) controller.abort(new Error('not needed any more'));
    await expect.poll(countEndless, { timeout: 30_000 }).toBe(0);
    expect(await settled).toEqual(
      Array.from({ length: 6 }, () => ({ status: 'rejected', reason: new Error('not needed any more') })),
    );
  });
});

it('statements run side by side', async () => {
  const naps = Array.from({ length: 3 }, () => running.database.query('SELECT sleep(2) AS nap'));
  const count = "SELECT count() AS n FROM system.processes WHERE query LIKE '%nap%' AND query NOT LIKE '%processes%'";
  await expect.poll(() => running.database.query(count), { timeout: 30_000 }).toEqual([{ n: '3' }]);
  await Promise.all(naps);
});
