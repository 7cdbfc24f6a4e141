import { expect, it } from 'vitest';
import { parseParameterType } from '../../../../collector/clickhouse/embedded/parameter-type.ts';

it.each([
  ['String', 'String'],
  [' UInt64 ', 'UInt64'],
  ['FixedString( 3 )', 'FixedString(3)'],
  ["DateTime('Europe/Berlin')", "DateTime('Europe/Berlin')"],
  ["DateTime64(3,'UTC')", "DateTime64(3, 'UTC')"],
  ['Array(Nullable(LowCardinality(String)))', 'Array(Nullable(LowCardinality(String)))'],
  ['Tuple(String, UInt8)', 'Tuple(String, UInt8)'],
])('reads %s', (text, canonical) => {
  expect(parseParameterType(text).text).toBe(canonical);
});

it.each([
  '',
  'string',
  'Array',
  'Array()',
  'Array(String',
  'Array(String))',
  'Array(String, String)',
  'FixedString(String)',
  'DateTime(3)',
  "DateTime('a\\'b')",
  'String)',
  'String; DROP TABLE t',
  'Function(x)',
  'Array('.repeat(60),
])('refuses %s', (text) => {
  expect(() => parseParameterType(text)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ exception: 'BAD_QUERY_PARAMETER' }) }),
  );
});
