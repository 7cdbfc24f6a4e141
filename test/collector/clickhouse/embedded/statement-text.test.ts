import { describe, expect, it } from 'vitest';
import { splitStatement } from '../../../../collector/clickhouse/embedded/statement-text.ts';

const placeholdersIn = (sql: string): readonly string[] =>
  splitStatement(sql).flatMap(({ kind, text }) => (kind === 'placeholder' ? [text] : []));

describe('splitStatement', () => {
  it('loses no character', () => {
    const sql = "SELECT 'a''b\\'c', `q\\`d`, $tag$ x ' $tag$ /* a /* b */ c */ -- d\n, {x:UInt8} # e ' \n, ‘f’ // g\n";
    expect(
      splitStatement(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql);
  });

  it.each([
    ['SELECT {x:String}', ['{x:String}']],
    ['SELECT { x : Array(String) }', ['{ x : Array(String) }']],
    ["SELECT '{x:String}', {y:String}", ['{y:String}']],
    ["SELECT 'it''s {x:String}', {y:String}", ['{y:String}']],
    ["SELECT '\\'{x:String}', {y:String}", ['{y:String}']],
    ["SELECT '\\\\', {y:String}", ['{y:String}']],
    ['SELECT `{x:String}`, "{x:String}", {y:String}', ['{y:String}']],
    ['SELECT 1 -- {x:String}\n, {y:String}', ['{y:String}']],
    ['SELECT 1 # {x:String}\n, {y:String}', ['{y:String}']],
    ['SELECT 1 // {x:String}\n, {y:String}', ['{y:String}']],
    ["SELECT 1 /* ' /* {x:String} */ {x:String} */, {y:String}", ['{y:String}']],
    ["SELECT $$ ' {x:String} $$, $a$ {x:String} $$ $a$, {y:String}", ['{y:String}']],
    ["SELECT ‘ ' {x:String}’, “{x:String}”, {y:String}", ['{y:String}']],
    ["SELECT {'a': 1}, map{x}", []],
  ])('sees placeholders in %s where ClickHouse would', (sql, found) => {
    expect(placeholdersIn(sql)).toEqual(found);
  });

  it.each(["SELECT 'a", 'SELECT `a', 'SELECT "a', "SELECT 'a\\'", 'SELECT /* a /* b */', 'SELECT ‘a', "SELECT 'a\0'"])(
    'refuses %j, which is not closed or holds NUL',
    (sql) => {
      expect(() => splitStatement(sql)).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ exception: 'SYNTAX_ERROR' }) }),
      );
    },
  );
});
