import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type ClickHouseSetting,
  createPseudonyms,
  type EntityName,
  GOVERNANCE_STATEMENTS,
  type Migration,
  OPERATIONS_STATEMENTS,
  openTelemetryStore,
  RECORD_STATEMENTS,
  TRACE_MIGRATION_STATEMENTS,
} from '#collector';
import type { Clock, EventLog } from '#core';
import { wait } from '../wait.ts';
import { loadPseudonymKey } from './identity.ts';
import { Telemetry } from './telemetry.ts';

export interface TelemetryWiring {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly setting: ClickHouseSetting;
  readonly dataFolder: string;
  readonly entityName: EntityName;
  readonly fresh: boolean;
}

/** The schema of the telemetry store. Released steps are never edited; what is to change goes into a new one. */
export const MIGRATIONS: readonly Migration[] = [
  { id: 1, name: 'records', statements: RECORD_STATEMENTS },
  { id: 2, name: 'traces', statements: TRACE_MIGRATION_STATEMENTS },
  { id: 3, name: 'governance', statements: GOVERNANCE_STATEMENTS },
  { id: 4, name: 'operations', statements: OPERATIONS_STATEMENTS },
];

const STORE_FOLDER = 'clickhouse';

/** Telemetry as the settings have it, not started; undefined where it is off. The data folder must be ours already. */
export async function wireTelemetry(wiring: TelemetryWiring): Promise<Telemetry | undefined> {
  const { log, clock, setting, dataFolder, entityName, fresh } = wiring;
  if (setting.kind === 'off') return undefined;
  const isEmbedded = setting.kind === 'embedded';
  const folder = path.join(dataFolder, STORE_FOLDER);
  if (fresh && isEmbedded) await rm(folder, { recursive: true, force: true });
  const open = () =>
    isEmbedded
      ? openTelemetryStore({ kind: 'embedded', folder, clock, migrations: MIGRATIONS })
      : openTelemetryStore({ kind: 'server', address: setting.address, clock, migrations: MIGRATIONS });
  return new Telemetry({ log, clock, wait, open, isEmbedded, entityName, fresh });
}

/** How entities are named wherever they are stored or shown: by pseudonym, where the property that names them is personal data. */
export interface EntityNaming {
  readonly nameOf: EntityName;
  readonly isPseudonym: boolean;
}

export async function wireEntityNaming(dataFolder: string, isPersonal: boolean): Promise<EntityNaming> {
  if (!isPersonal) return { nameOf: (entity) => entity, isPseudonym: false };
  return { nameOf: createPseudonyms(await loadPseudonymKey(dataFolder)), isPseudonym: true };
}
