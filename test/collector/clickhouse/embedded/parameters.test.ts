import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlValue } from '#core';
import { runningEngine } from '../running-engine.ts';

const running = runningEngine();

/** Any text, and the pieces that attacks are made of. */
const attack = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        "\\'",
        "''",
        '\0',
        '\n',
        '\t',
        '\r',
        '--',
        '/*',
        '*/',
        '#',
        '$$',
        '‘',
        '’',
        ';',
        '{x:String}',
        '{y:Identifier}',
        '\\N',
        '\\x41',
        "' OR 1=1 --",
        "'); DROP TABLE victim; --",
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))
  // What is no Unicode cannot travel in a URL.
  .filter((text) => Buffer.from(text).toString() === text);

/** Text of a statement in which a placeholder is none. */
const DECOYS: readonly (readonly [string, string])[] = [
  ["'{x:String}'", '{x:String}'],
  ["'\\'{x:String}'", "'{x:String}"],
  ["'''{x:String}'", "'{x:String}"],
  ["$t$ ' {x:String} $t$", " ' {x:String} "],
  ["/* ' {x:String} /* */ */ 'a' -- {x:String} '\n", 'a'],
  ['‘{x:String}’', '{x:String}'],
  ["'a' # {x:String} '\n", 'a'],
];

/** Types, a value as it is bound, and how it comes back as JSON. */
const TYPED: readonly (readonly [string, SqlValue, unknown])[] = [
  ['UInt8', 255, 255],
  ['Int64', -9_007_199_254_740_993n, '-9007199254740993'],
  ['UInt256', 2n ** 255n, String(2n ** 255n)],
  ['Float64', 1.5e-7, 1.5e-7],
  ['Nullable(Float64)', Number.NaN, null],
  ['Bool', true, true],
  ['Date', '2024-02-29', '2024-02-29'],
  ['DateTime', '2024-02-29 12:00:00', '2024-02-29 12:00:00'],
  ['DateTime', 1_700_000_000, '2023-11-14 22:13:20'],
  ['DateTime64(3)', '2024-02-29 12:00:00.125', '2024-02-29 12:00:00.125'],
  ["DateTime64(3, 'Asia/Tokyo')", '2024-02-29 12:00:00.125', '2024-02-29 12:00:00.125'],
  ['UUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  ['FixedString(3)', 'abc', 'abc'],
  ['Decimal(9, 2)', '12.34', 12.34],
  ['Nullable(UInt8)', null, null],
  ['LowCardinality(Nullable(String))', 'a', 'a'],
  ['Array(Date)', ['2024-02-29'], ['2024-02-29']],
  ['Array(UInt64)', [1n, 2n], ['1', '2']],
  ['Array(Nullable(UInt8))', [1, null], [1, null]],
  ['Array(Array(String))', [["a'"], []], [["a'"], []]],
];

describe('a bound value', () => {
  it('comes back as it was sent, whatever it holds, and nothing else runs', async () => {
    const { database } = running;
    await database.command('CREATE TABLE victim (a UInt8) ENGINE = MergeTree ORDER BY a');
    const property = fc.asyncProperty(
      attack,
      fc.array(attack, { maxLength: 3 }),
      fc.nat(DECOYS.length - 1),
      async (x, list, at) => {
        const [decoy, meaning] = DECOYS[at] ?? ['', ''];
        const [row] = await database.query(
          `SELECT ${decoy} AS decoy, {x:String} AS x, {list:Array(String)} AS list, {maybe:Nullable(String)} AS maybe, /* {x:String} */ {x:LowCardinality(String)} AS low`,
          { params: { x, list, maybe: x === '' ? null : x } },
        );
        expect(row).toEqual({ decoy: meaning, x, list, maybe: x === '' ? null : x, low: x });
      },
    );
    await fc.assert(property, { numRuns: 250 });
    expect(await database.query('EXISTS TABLE victim')).toEqual([{ result: 1 }]);
  });

  it('names a column as an identifier, whatever it holds', async () => {
    const property = fc.asyncProperty(attack, async (name) => {
      fc.pre(name !== '');
      const [row] = await running.database.query<Readonly<Record<string, number>>>('SELECT 7 AS {name:Identifier}', {
        params: { name },
      });
      expect(Object.entries(row ?? {})).toEqual([[name, 7]]);
    });
    await fc.assert(property, { numRuns: 80 });
  });

  // Not it.each: it prints its cases as JSON, which has no big integers.
  for (const [type, value, answer] of TYPED) {
    it(`of type ${type}, ${String(value)}, comes back`, async () => {
      const sql = `SELECT {v:${type}} AS v, toTypeName(v) AS type`;
      expect(await running.database.query(sql, { params: { v: value } })).toEqual([{ v: answer, type }]);
    });
  }

  it('may be tens of thousands of values', async () => {
    const ids = Array.from({ length: 30_000 }, (_none, i) => `prediction-${i}`);
    const sql = 'SELECT length({ids:Array(String)}) AS n, {ids:Array(String)}[-1] AS last';
    expect(await running.database.query(sql, { params: { ids } })).toEqual([{ n: '30000', last: 'prediction-29999' }]);
  });

  it.each([
    ['UInt8', '1 OR 1=1'],
    ['UInt8', '256a'],
    ['Nullable(UInt8)', 'abc'],
    ['Array(UInt8)', '[1]) OR (1'],
    ['Date', "2024-01-01' OR '1"],
    ['UUID', 'none'],
    ['Function(x)', '1'],
  ])('that is no %s, as %j, is refused', async (type, value) => {
    await expect(running.database.query(`SELECT {v:${type}} AS v`, { params: { v: value } })).rejects.toMatchObject({
      code: 'CLICKHOUSE_QUERY_FAILED',
    });
  });

  it('that is missing is named', async () => {
    await expect(running.database.query('SELECT {gone:String}')).rejects.toThrow(/UNKNOWN_QUERY_PARAMETER.*`gone` is not set/u);
  });
});
