import { collectorError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';

/** A ClickHouse server as the setting names it. */
export interface ServerAddress {
  readonly endpoint: Endpoint;
  readonly database: string;
}

const DEFAULT_DATABASE = 'throughline';

/**
 * Reads `http(s)://user:password@host:port/database`; the user is `default` and the database `throughline` where none is named.
 * Throws COLLECTOR_SETTING_INVALID, whose sentence never holds the password.
 */
export function parseServerAddress(text: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw collectorError(
      'COLLECTOR_SETTING_INVALID',
      'The setting `clickhouse` is `embedded`, `off`, or the URL of a server: http://user:password@host:8123/database',
    );
  }
  const address = `${url.protocol}//${url.host}`;
  return {
    endpoint: {
      url: address,
      username: decodeURIComponent(url.username) || 'default',
      password: decodeURIComponent(url.password),
      name: `the ClickHouse at ${address}`,
      isCountExact: false,
    },
    database: parseDatabase(url),
  };
}

function parseDatabase({ protocol, host, pathname, search, hash }: URL): string {
  const name = pathname.slice(1);
  if (name === '' && search === '' && hash === '') return DEFAULT_DATABASE;
  if (/^[A-Za-z_]\w*$/u.test(name + search + hash)) return name;
  throw collectorError(
    'COLLECTOR_SETTING_INVALID',
    `The setting \`clickhouse\` names ${protocol}//${host}; after that comes the name of a database, of letters, digits and _, and nothing more`,
  );
}
