import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlined } from '../../../runbooks/diagnosis/statement.ts';
import { telemetryForFile } from '../../support/telemetry.ts';

const { database } = telemetryForFile();

describe('an inlined statement', () => {
  it('reads back any text as it was given, and can be ended by none', async () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 60, seed: 6 });
    const nasty = ["'; DROP TABLE decisions; --", '\\', "\\'", 'a\nb', 'a\tb', '{other:String}', '$&', '\u0000', '— “x”'];
    const all = [...texts, ...nasty];
    const [row] = await database().query<{ texts: readonly string[] }>(
      inlined('SELECT {texts:Array(String)} AS texts', { texts: all }),
    );
    expect(row?.texts).toEqual(all);
  });

  it('keeps numbers of their type, and refuses a name without a value', async () => {
    const sql = inlined('SELECT toTypeName({at:Int64}) AS at, toTypeName({x:Float64}) AS x, {at:Int64} AS value', {
      at: -5,
      x: 0.25,
    });
    expect(await database().query(sql)).toEqual([{ at: 'Int64', x: 'Float64', value: '-5' }]);
    await expect(database().query(inlined('SELECT {at:Int64}', {}))).rejects.toMatchObject({ code: /^CLICKHOUSE_/u });
  });
});
