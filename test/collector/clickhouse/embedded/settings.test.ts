import { expect, it } from 'vitest';
import { parseSettings, settingsClause } from '../../../../collector/clickhouse/embedded/settings.ts';

const parse = (query: string) => parseSettings(new URLSearchParams(query));

it('always limits time, memory and the size of the result', () => {
  expect(parse('query=SELECT+1&param_x=1&query_id=q&database=d&wait_end_of_query=1')).toEqual({
    max_execution_time: '10',
    max_memory_usage: '1073741824',
    max_result_bytes: '268435456',
  });
  expect(parse('max_execution_time=2.5&max_memory_usage=0')).toMatchObject({
    max_execution_time: '2.5',
    max_memory_usage: '17179869184',
  });
  expect(parse('max_execution_time=999999')).toMatchObject({ max_execution_time: '3600' });
});

it.each([
  'nonsense=1',
  'log_comment=x',
  'max_execution_time=soon',
  'max_memory_usage=-1',
  'file_like=1',
  'Max_threads=1',
  'password=x',
  'user=x',
  `max_a=${'9'.repeat(1001)}`,
])('refuses %s', (query) => {
  expect(() => parse(query)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ exception: 'UNKNOWN_SETTING' }) }),
  );
});

it('quotes every value', () => {
  expect(settingsClause({ a: '1', b: "x', c=2 --" })).toBe("a='1', b='x\\', c=2 --'");
});
