import { expect, test } from 'vitest';
import { inlineParameters } from '../../../runbooks/pages/inlined-sql.ts';

test('values stand where their parameters stood; others stay', () => {
  const sql = 'a = {name:String} AND b > {atMs:Int64} AND c = {other:String}';
  expect(inlineParameters(sql, { name: "it's {atMs:Int64}", atMs: 1.6 })).toBe(
    "a = 'it\\'s {atMs:Int64}' AND b > toInt64(2) AND c = {other:String}",
  );
});
