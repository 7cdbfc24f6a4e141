import type { Clock, Database } from '#core';
import { ClickHouseDatabase, type ClickHouseDatabaseOptions } from './clickhouse-database.ts';
import { EmbeddedEngine, type EmbeddedEngineOptions, type EngineStatus, type Wait } from './embedded/embedded-engine.ts';
import { type Migration, migrate } from './migrations.ts';
import type { ServerAddress } from './server-address.ts';

export type TelemetryStoreOptions = {
  /** Brings the tables up to date before the store is handed over; default none. */
  readonly migrations?: readonly Migration[];
  readonly clock: Clock;
} & (
  | {
      readonly kind: 'embedded';
      /** Absolute path; made if need be. */
      readonly folder: string;
      readonly wait?: Wait;
    }
  | { readonly kind: 'server'; readonly address: ServerAddress }
);

/** The telemetry store, opened: ClickHouse, embedded or a server. */
export interface TelemetryStore {
  readonly database: Database;
  /** For the health page: asks nothing, costs nothing. A server's is `ok` once it was opened; its failures come with each statement. */
  status(): EngineStatus;
  /** Lets what is in flight finish; doing it twice is harmless. */
  close(): Promise<void>;
}

const DATABASE = 'throughline';

/** Opens the store and migrates it. Throws CLICKHOUSE_*; nothing is left open then. */
export async function openTelemetryStore(options: TelemetryStoreOptions): Promise<TelemetryStore> {
  const parts = options.kind === 'embedded' ? embeddedParts(options) : serverParts(options.address);
  const database = new ClickHouseDatabase(parts);
  const close = async (): Promise<void> => {
    await database.close();
    await parts.engine?.stop();
  };
  try {
    await parts.engine?.start();
    await database.createDatabase();
    await migrate({ database, migrations: options.migrations ?? [], clock: options.clock });
  } catch (error) {
    await close();
    throw error;
  }
  return { database, status: () => parts.engine?.status() ?? { state: 'ok', restarts: 0 }, close };
}

interface Parts extends ClickHouseDatabaseOptions {
  readonly engine?: EmbeddedEngine;
}

function embeddedParts(options: EmbeddedEngineOptions): Parts {
  const engine = new EmbeddedEngine(options);
  return { engine, endpoint: () => engine.endpoint(), database: DATABASE };
}

function serverParts({ endpoint, database }: ServerAddress): Parts {
  return { endpoint: () => endpoint, database };
}
