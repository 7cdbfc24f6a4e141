import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Database, InsertRows, QueryOptions } from '#core';
import { failureOf } from './client-failure.ts';
import type { Endpoint } from './endpoint.ts';
import { clickhouseError } from './errors.ts';

export interface ClickHouseDatabaseOptions {
  /** Asked before each statement: an engine that was started again answers elsewhere. Throws CLICKHOUSE_UNAVAILABLE. */
  readonly endpoint: () => Endpoint;
  /** In which statements run; `default` is always there. */
  readonly database: string;
}

const QUERY_SECONDS = 10;
const COMMAND_SECONDS = 60;
const INSERT_SECONDS = 60;
const QUERY_BYTES = 1024 ** 3;
/** After the limit of the statement itself, how much longer an answer is awaited. */
const GRACE_SECONDS = 5;
/** What the embedded engine takes; the same for a server, so that what works with one works with the other. */
const MAX_INSERT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const IDLE_SOCKET_MS = 2500;
const MAX_SOCKETS = 16;

/** The Database port over ClickHouse's HTTP interface: the embedded engine's, or a server's. */
export class ClickHouseDatabase implements Database {
  readonly #options: ClickHouseDatabaseOptions;
  #open: { readonly endpoint: Endpoint; readonly client: ClickHouseClient } | undefined;

  constructor(options: ClickHouseDatabaseOptions) {
    this.#options = { ...options, database: checkName(options.database) };
  }

  /** Throws CLICKHOUSE_UNAVAILABLE, CLICKHOUSE_LIMIT (both retryable), CLICKHOUSE_QUERY_FAILED, or the signal's reason. */
  async query<Row>(sql: string, options: QueryOptions = {}): Promise<readonly Row[]> {
    return await this.#ask(options, QUERY_SECONDS, async (client, common) => {
      const result = await client.query({ ...common, query: sql, format: 'JSONEachRow' });
      return await result.json<Row>();
    });
  }

  /** As `query`, but for what has no result; its limit is 60 s where none is given. */
  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#ask(options, COMMAND_SECONDS, async (client, common) => {
      await client.command({ ...common, query: sql });
    });
  }

  /** As `query`; and CLICKHOUSE_INSERT_TOO_LARGE over 64 MiB, CLICKHOUSE_INSERT_SHORT when fewer rows were taken than `rowCount`. The same rows with the same token may be sent again. */
  async insert(rows: InsertRows): Promise<void> {
    if (rows.rowCount === 0) return;
    const bytes = rows.lines.reduce((sum, part) => sum + part.length, 0);
    if (bytes > MAX_INSERT_BYTES) {
      throw clickhouseError(
        'CLICKHOUSE_INSERT_TOO_LARGE',
        `${bytes} bytes for ${rows.table} are more than the ${MAX_INSERT_BYTES} of one insert; send the rows in parts`,
      );
    }
    const statement = `INSERT INTO ${quoted(rows.table)} (${rows.columns.map(quoted).join(', ')}) FORMAT JSONCompactEachRow`;
    const options = rows.signal === undefined ? {} : { signal: rows.signal };
    const taken = await this.#ask(options, INSERT_SECONDS, async (client, common, endpoint) => {
      const settings = {
        ...common.clickhouse_settings,
        insert_deduplication_token: rows.token,
        wait_for_async_insert: 1 as const,
        async_insert: 0 as const,
      };
      // `client.insert` takes objects only for this format; exec takes bytes, and no async generator, which has lost rows.
      const values = Readable.from(chunksOf(rows.lines), { objectMode: false });
      const done = await client.exec({ ...common, clickhouse_settings: settings, query: statement, values });
      // Read to its end, so that the socket can serve the next statement.
      await finished(done.stream.resume());
      const [received, stored] = [Number(done.summary?.read_rows ?? 0), Number(done.summary?.written_rows ?? 0)];
      return endpoint.isCountExact ? Math.min(received, stored) : stored;
    });
    if (taken < rows.rowCount) {
      throw clickhouseError(
        'CLICKHOUSE_INSERT_SHORT',
        `${taken} of ${rows.rowCount} rows were stored in ${rows.table}; send them again`,
        {
          details: { table: rows.table, rowCount: rows.rowCount, taken },
        },
      );
    }
  }

  /** Creates the database itself, if it is not there. */
  async createDatabase(): Promise<void> {
    const inDefault = new ClickHouseDatabase({ endpoint: this.#options.endpoint, database: 'default' });
    try {
      await inDefault.command(`CREATE DATABASE IF NOT EXISTS ${quoted(this.#options.database)}`);
    } finally {
      await inDefault.close();
    }
  }

  async close(): Promise<void> {
    await this.#open?.client.close();
    this.#open = undefined;
  }

  async #ask<T>(
    options: QueryOptions,
    defaultSeconds: number,
    work: (client: ClickHouseClient, common: CommonParams, endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const { client, endpoint } = this.#clientFor(this.#options.endpoint());
    const seconds = options.maxSeconds ?? defaultSeconds;
    const late = AbortSignal.timeout((seconds + GRACE_SECONDS) * 1000);
    const signal = options.signal === undefined ? late : AbortSignal.any([options.signal, late]);
    try {
      return await work(client, commonParams(options, seconds, signal), endpoint);
    } catch (error) {
      if (options.signal?.aborted === true) throw options.signal.reason;
      throw failureOf(error, { name: endpoint.name, isLate: late.aborted, seconds });
    }
  }

  #clientFor(endpoint: Endpoint): { readonly endpoint: Endpoint; readonly client: ClickHouseClient } {
    const open = this.#open;
    if (open !== undefined && open.endpoint.url === endpoint.url && open.endpoint.password === endpoint.password) return open;
    // What is in flight on the old one has ended with the process that it went to.
    open?.client.close().catch(() => {});
    const { url, username, password } = endpoint;
    const client = createClient({
      url,
      username,
      password,
      database: this.#options.database,
      application: 'throughline',
      request_timeout: 3_600_000,
      max_open_connections: MAX_SOCKETS,
      keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS },
      log: { level: ClickHouseLogLevel.OFF },
    });
    this.#open = { endpoint, client };
    return this.#open;
  }
}

type CommonParams = ReturnType<typeof commonParams>;

function commonParams(options: QueryOptions, seconds: number, signal: AbortSignal) {
  return {
    abort_signal: signal,
    ...(options.params === undefined ? {} : { query_params: { ...options.params } }),
    clickhouse_settings: {
      max_execution_time: seconds,
      max_memory_usage: String(options.maxBytes ?? QUERY_BYTES),
      output_format_json_quote_64bit_integers: 1 as const,
      output_format_json_quote_denormals: 0 as const,
    },
  };
}

function* chunksOf(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (const bytes of parts) {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}

function checkName(name: string): string {
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/u.test(name)) {
    throw clickhouseError('CLICKHOUSE_NAME_INVALID', `${JSON.stringify(name)} is not a name of letters, digits and underscores`);
  }
  return name;
}

function quoted(name: string): string {
  return checkName(name)
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');
}
