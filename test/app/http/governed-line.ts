import { expect, onTestFinished } from 'vitest';
import { CONTROL_TYPES, type Database } from '#core';
import type { Workspace } from '../../../app/config/index.ts';
import type { ServerDeps } from '../../../app/http/deps.ts';
import {
  detectedOf,
  fieldChangedOf,
  MARCH_MS,
  promotedOf,
  registeredOf,
  requestOf,
  shadowedOf,
  trainedOf,
} from '../../collector/records/facts.ts';
import { weekOf } from '../../collector/records/governance-records.ts';
import { PIPELINE } from '../../drift/prediction-records.ts';
import { SHOP_WORKSPACE } from '../../support/shop-workspace.ts';
import { clearTables, storeFacts } from '../../support/telemetry.ts';
import { serveNothing } from './api-server.ts';

export const RECORDED_MS = Date.UTC(2026, 0, 1);
export const WEEK_MS = 7 * 86_400_000;

/** A workspace of one model and the drift job that watches it. */
export function governedWorkspace(): Workspace {
  const [pipeline, model] = [SHOP_WORKSPACE.pipelines[0] ?? expect.fail(), SHOP_WORKSPACE.models[0] ?? expect.fail()];
  return {
    ...SHOP_WORKSPACE,
    pipelines: [{ ...pipeline, pipeline: PIPELINE, model: 'repurchase' }],
    models: [{ ...model, model: 'repurchase' }],
    driftJobs: [{ job: 'weekly', owner: 'ml', description: 'd', pipeline: PIPELINE, window: '7d', fields: {} }],
  };
}

const telemetryOf = (store: Database): ServerDeps['telemetry'] => ({
  database: () => store,
  status: () => ({ status: 'ok', engine: 'embedded', lagRecords: 0, problem: null }),
});

/** The real server over a store, without a line. */
export const serveGoverned = (store: Database, change: Partial<ServerDeps> = {}) =>
  serveNothing({ workspace: governedWorkspace(), telemetry: telemetryOf(store), ...change });

const { trainingRequested, retrainingRequested, modelTrained, modelRegistered, modelShadowed, modelPromoted } = CONTROL_TYPES;

/** A first model, and a second on trial because psi of buyer.spend was in alarm. */
export async function storeLine(database: Database): Promise<void> {
  onTestFinished(() => clearTables(database));
  const window = weekOf(2);
  const evidence = { cause: 'drift', summary: 's', job: 'weekly', target: 'buyer.spend', method: 'psi', window } as const;
  const later = { atMs: MARCH_MS + WEEK_MS };
  const facts = [
    { type: trainingRequested, fact: requestOf(1) },
    { type: modelTrained, fact: trainedOf(1) },
    { type: modelRegistered, fact: registeredOf(1) },
    { type: modelPromoted, fact: promotedOf(1) },
    { type: CONTROL_TYPES.driftDetected, fact: detectedOf() },
    {
      type: retrainingRequested,
      fact: requestOf(2, { ...later, cause: 'drift', evidence: [evidence], coolDownUntilMs: MARCH_MS }),
    },
    { type: modelTrained, fact: trainedOf(2) },
    { type: modelRegistered, fact: registeredOf(2) },
    { type: modelShadowed, fact: shadowedOf(2, later) },
    { type: CONTROL_TYPES.fieldChanged, fact: fieldChangedOf() },
  ];
  await storeFacts(database, facts, RECORDED_MS);
}
