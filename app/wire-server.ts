import { fileURLToPath } from 'node:url';
import { readTrace, receiveTraces, traceResponseOf } from '#collector';
import { type Clock, messageOf, type RollbackRequest, ThroughlineError } from '#core';
import type { RollbackOrder, WebhookSender } from '#drift';
import { ChangeReports } from './change-reports.ts';
import type { Workspace } from './config/index.ts';
import type { OtlpAnswer, OtlpRequest, ServerDeps } from './http/deps.ts';
import { telemetryOff } from './http/telemetry-access.ts';
import type { Operations } from './operations/wire-operations.ts';
import type { LatestJourneys } from './telemetry/latest-journeys.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { rollbackAnswerOf } from './views/rollback-view.ts';
import type { WiredLine } from './wire.ts';

/** Where the build puts the console: beside the compiled app. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../dashboards/console/', import.meta.url));

interface ServerWiring extends WiredLine {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly latest: LatestJourneys;
  readonly webhooks: Pick<WebhookSender, 'status'>;
  readonly operations: Operations | undefined;
}

/** Hands the server what its routes tell. */
export function wireServer(wiring: ServerWiring): ServerDeps {
  const { line, telemetry, naming, models, governance, quality, workspace, clock, latest, webhooks } = wiring;
  return {
    clock,
    workspace,
    log: line.log,
    line: {
      progress: () => line.progress(),
      replay: () => replayOf(line.progress(), workspace),
      liveVersion: () => models.newest()?.version,
      quality: () => quality.latest(),
    },
    telemetry: telemetry ?? telemetryOff(() => 0),
    entities: { isPseudonym: naming.isPseudonym, entityOf: naming.nameOf },
    traces: {
      read: (database, traceId) => readTrace(database, traceId),
      receive: (request) => receive(request, { telemetry, clock }),
    },
    models: { rollback: async (_name, request) => rollbackAnswerOf(await governance.rollBack(orderOf(request))) },
    changes: new ChangeReports({ log: line.log, clock }),
    operations: () => wiring.operations,
    webhooks: () => webhooks.status(),
    latest: () => latest.list(),
    consoleFolder: CONSOLE_FOLDER,
  };
}

function orderOf({ to, reason, actor }: RollbackRequest): RollbackOrder {
  return { reason, actor, ...(to === undefined ? {} : { to }) };
}

function replayOf({ published, eventTimeMs, replay }: ReturnType<WiredLine['line']['progress']>, workspace: Workspace) {
  return {
    state: replay.state,
    published,
    total: workspace.replay?.events ?? null,
    eventTime: eventTimeMs === undefined ? null : new Date(eventTimeMs).toISOString(),
    speed: replay.speed ?? null,
  };
}

const JSON_TYPE = 'application/json';

/** Takes spans in; what it answers is OTLP's, also where it refuses. */
async function receive(
  request: OtlpRequest,
  { telemetry, clock }: { readonly telemetry: Telemetry | undefined; readonly clock: Clock },
): Promise<OtlpAnswer> {
  try {
    const parsed = await receiveTraces(request, { nowMs: clock.now() });
    telemetry?.traces.add(parsed.rows);
    return { status: 200, contentType: JSON_TYPE, body: JSON.stringify(traceResponseOf(parsed)) };
  } catch (error) {
    if (!(error instanceof ThroughlineError)) throw error;
    return { status: error.status, contentType: JSON_TYPE, body: JSON.stringify({ message: messageOf(error) }) };
  }
}
