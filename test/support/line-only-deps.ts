import { fileURLToPath } from 'node:url';
import type { Clock } from '#core';
import type { Workspace } from '../../app/config/index.ts';
import type { ServerDeps } from '../../app/http/deps.ts';
import { telemetryOff } from '../../app/http/telemetry-access.ts';
import type { Line } from '../../app/line.ts';

/** Where the build puts the console; beside the compiled app. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../../dist/dashboards/console/', import.meta.url));

/** The server over a line without a telemetry store: it tells what the line knows from memory. */
export function lineOnlyDeps({
  line,
  workspace,
  clock,
}: {
  readonly line: Line;
  readonly workspace: Workspace;
  readonly clock: Clock;
}): ServerDeps {
  return {
    clock,
    workspace,
    log: line.log,
    line: {
      progress: () => line.progress(),
      quality: () => line.quality(),
      liveVersion: () => undefined,
      replay: () => {
        const { published, eventTimeMs, isReplayDone } = line.progress();
        const state = isReplayDone ? 'done' : 'backlog';
        return {
          state: workspace.replay === undefined ? 'none' : state,
          published,
          total: workspace.replay?.events ?? null,
          eventTime: eventTimeMs === undefined ? null : new Date(eventTimeMs).toISOString(),
          speed: null,
        };
      },
    },
    telemetry: telemetryOff(() => 0),
    entities: { isPseudonym: false, entityOf: (text) => text },
    traces: { read: async () => [], receive: async () => ({ status: 503, contentType: 'application/json', body: '{}' }) },
    models: {
      rollback: async () => {
        throw new TypeError('nothing is rolled back here');
      },
    },
    changes: {
      record: async () => {
        throw new TypeError('nothing is recorded here');
      },
    },
    operations: () => undefined,
    webhooks: () => [],
    latest: () => [],
    consoleFolder: CONSOLE_FOLDER,
  };
}
