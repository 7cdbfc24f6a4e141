import { expect, it } from 'vitest';
import { parseClickHouseSetting } from '#collector';

it('reads embedded, off and the URL of a server', () => {
  expect(parseClickHouseSetting('embedded')).toEqual({ kind: 'embedded' });
  expect(parseClickHouseSetting('off')).toEqual({ kind: 'off' });
  expect(parseClickHouseSetting('https://ada:p%40ss@ch.example:8443/events')).toEqual({
    kind: 'server',
    address: {
      endpoint: {
        url: 'https://ch.example:8443',
        username: 'ada',
        password: 'p@ss',
        name: 'the ClickHouse at https://ch.example:8443',
        isCountExact: false,
      },
      database: 'events',
    },
  });
  expect(parseClickHouseSetting('http://localhost:8123')).toMatchObject({
    address: { database: 'throughline', endpoint: { username: 'default', password: '' } },
  });
});

it.each([
  '',
  'on',
  'clickhouse',
  'localhost:8123',
  'tcp://localhost:9000',
  'http://u:s3cret@h/a/b',
  'http://u:s3cret@h/a?x=1',
  'http://u:s3cret@h/a-b',
])('refuses %j with a sentence that shows no password', (text) => {
  const refused = () => parseClickHouseSetting(text);
  expect(refused).toThrow(expect.objectContaining({ code: 'COLLECTOR_SETTING_INVALID' }));
  expect(refused).not.toThrow(/s3cret/u);
});
