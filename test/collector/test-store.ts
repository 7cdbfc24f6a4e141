import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GOVERNANCE_STATEMENTS,
  type Migration,
  OPERATIONS_STATEMENTS,
  openTelemetryStore,
  RECORD_STATEMENTS,
  type TelemetryStore,
  TRACE_MIGRATION_STATEMENTS,
} from '#collector';
import { systemClock } from '#core';

export interface TestStore extends TelemetryStore {
  readonly folder: string;
}

/** The tables of the product. */
export const MIGRATIONS: readonly Migration[] = [
  { id: 1, name: 'records', statements: RECORD_STATEMENTS },
  { id: 2, name: 'traces', statements: TRACE_MIGRATION_STATEMENTS },
  { id: 3, name: 'governance', statements: GOVERNANCE_STATEMENTS },
  { id: 4, name: 'operations', statements: OPERATIONS_STATEMENTS },
];

/** A real embedded store in a folder of its own, with its tables; `close` removes the folder. */
export async function openTestStore(migrations = MIGRATIONS): Promise<TestStore> {
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-store-'));
  const store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations });
  const close = async (): Promise<void> => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { database: store.database, status: () => store.status(), folder, close };
}
