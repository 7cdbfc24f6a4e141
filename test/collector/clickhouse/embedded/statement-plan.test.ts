import { describe, expect, it } from 'vitest';
import { planStatement } from '../../../../collector/clickhouse/embedded/statement-plan.ts';
import { splitStatement } from '../../../../collector/clickhouse/embedded/statement-text.ts';

const plan = (sql: string) => planStatement(splitStatement(sql), { max_threads: '1' });
const SETTINGS = "SETTINGS max_threads='1'";

describe('planStatement', () => {
  it.each([
    ['SELECT 1', `SELECT 1\n${SETTINGS}`],
    ['SELECT 1; ; -- done', `SELECT 1\n${SETTINGS}`],
    ['SELECT 1 -- more', `SELECT 1 -- more\n${SETTINGS}`],
    ['(SELECT 1) UNION ALL (SELECT 2)\nFORMAT JSON', `(SELECT 1) UNION ALL (SELECT 2)\nFORMAT JSON\n${SETTINGS}`],
    ['create table t (a Int8) engine = Memory', `create table t (a Int8) engine = Memory\nFORMAT Null\n${SETTINGS}`],
    ['DELETE FROM t WHERE a = 1', `DELETE FROM t WHERE a = 1\n${SETTINGS}`],
    ['ALTER TABLE t DELETE WHERE 1 SETTINGS a=1', "ALTER TABLE t DELETE WHERE 1 SETTINGS max_threads='1',  a=1"],
    [
      'create table t (a Int8) engine = E order by a settings b = 1',
      `create table t (a Int8) engine = E order by a settings b = 1\nFORMAT Null\n${SETTINGS}`,
    ],
    ['CREATE FUNCTION f AS x -> x', 'CREATE FUNCTION f AS x -> x'],
    ['SYSTEM FLUSH LOGS', 'SYSTEM FLUSH LOGS'],
    ['INSERT INTO t (a) VALUES (1)', `INSERT INTO t (a)  ${SETTINGS} VALUES (1)`],
    ['INSERT INTO t SELECT 1', `INSERT INTO t  ${SETTINGS} SELECT 1`],
    ['INSERT INTO t SETTINGS a=1 SELECT 1', "INSERT INTO t SETTINGS max_threads='1',  a=1 SELECT 1"],
  ])('puts settings into %s', (sql, text) => {
    expect(plan(sql)).toMatchObject({ kind: 'statement', text });
  });

  it.each([
    ['INSERT INTO t FORMAT CSV', { table: 't', columns: [], format: 'CSV' }],
    ['INSERT INTO `d`.`t` (`a`, b) FORMAT JSONEachRow;', { table: 'd.t', columns: ['a', 'b'], format: 'JSONEachRow' }],
    ['insert into table t(a) format TSV', { table: 't', columns: ['a'], format: 'TSV' }],
  ])('takes %s apart', (sql, parts) => {
    expect(plan(sql)).toEqual({ kind: 'insert-rows', ...parts });
  });

  it.each([
    ['', 'SYNTAX_ERROR'],
    ['-- nothing', 'SYNTAX_ERROR'],
    ['SELECT 1; SELECT 2', 'SYNTAX_ERROR'],
    ['SELECT 1; DROP TABLE t', 'SYNTAX_ERROR'],
    ['SET max_threads = 1', 'SUPPORT_IS_DISABLED'],
    ['USE other', 'SUPPORT_IS_DISABLED'],
    ['BACKUP TABLE t TO Disk()', 'SUPPORT_IS_DISABLED'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 'SUPPORT_IS_DISABLED'],
    ["SELECT 1 INTO /* hm */ outfile '/tmp/x'", 'SUPPORT_IS_DISABLED'],
    ["INSERT INTO t FROM INFILE '/tmp/x' FORMAT CSV", 'SUPPORT_IS_DISABLED'],
    ["INSERT INTO FUNCTION file('x.csv') SELECT 1", 'SUPPORT_IS_DISABLED'],
    ['INSERT INTO t (a) FORMAT CSV 1', 'SYNTAX_ERROR'],
    ['INSERT INTO `a b` FORMAT CSV', 'SYNTAX_ERROR'],
    ['INSERT INTO t', 'SYNTAX_ERROR'],
  ])('refuses %j', (sql, exception) => {
    expect(() => plan(sql)).toThrow(expect.objectContaining({ details: expect.objectContaining({ exception }) }));
  });
});
