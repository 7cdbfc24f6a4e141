import { parseServerAddress, type ServerAddress } from './clickhouse/index.ts';

/** Where telemetry is stored, as the setting `clickhouse` says it. */
export type ClickHouseSetting =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'off' }
  | { readonly kind: 'server'; readonly address: ServerAddress };

/** Reads the setting: `embedded`, `off`, or a server's URL. Throws COLLECTOR_SETTING_INVALID. */
export function parseClickHouseSetting(text: string): ClickHouseSetting {
  if (text === 'embedded' || text === 'off') return { kind: text };
  return { kind: 'server', address: parseServerAddress(text) };
}
