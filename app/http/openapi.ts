import { type Clock, ManualClock } from '#core';
import { ContractCatalog } from '#registry';
import type { ServerDeps } from './deps.ts';
import { createServer } from './server.ts';
import { telemetryOff } from './telemetry-access.ts';

const clock: Clock = new ManualClock();
const unasked = (): never => {
  throw new TypeError('a server that only describes itself is not asked anything');
};

const UNASKED: ServerDeps = {
  clock,
  workspace: {
    folder: '',
    name: '',
    description: '',
    teams: [],
    contracts: new ContractCatalog([]),
    views: [],
    pipelines: [],
    models: [],
    driftJobs: [],
    slos: [],
    alerts: [],
    runbooks: new Map(),
    files: new Map(),
  },
  log: { read: unasked, lag: unasked },
  line: { progress: unasked, replay: unasked, liveVersion: unasked, quality: unasked },
  telemetry: telemetryOff(unasked),
  entities: { isPseudonym: false, entityOf: unasked },
  traces: { read: unasked, receive: unasked },
  models: { rollback: unasked },
  changes: { record: unasked },
  operations: () => undefined,
  webhooks: unasked,
  latest: unasked,
  consoleFolder: '',
};

/** The API as OpenAPI 3.1: what GET /api/openapi.json answers. */
export async function describeApi(): Promise<object> {
  const server = await createServer(UNASKED);
  await server.ready();
  const document = server.swagger();
  await server.close();
  return document;
}
