import type { AlertList, Clock, FiredAlert } from '#core';
import {
  AlertEvaluator,
  AlertNotifier,
  createAlertRules,
  createInvestigation,
  createSloCounts,
  IncidentBook,
  type NotificationState,
  type NotificationTarget,
} from '#runbooks';
import type { Workspace } from '../config/index.ts';
import type { Lifecycle } from '../lifecycle.ts';
import { wait } from '../wait.ts';
import type { WiredLine } from '../wire.ts';
import { pathwaysOf } from './pathways.ts';
import { rulePipelinesOf } from './rule-pipelines.ts';

export interface OperationsWiring extends Pick<WiredLine, 'line' | 'telemetry'> {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** The base of links. */
  readonly publicUrl: () => string;
  /** Whom alerts are told. Default: nobody. */
  readonly targets?: readonly NotificationTarget[];
  /** Told of all that fires, and what was just resolved, after each round. */
  readonly notify?: (alerts: readonly FiredAlert[]) => Promise<void>;
  readonly pace?: OperationsPace;
}

export interface OperationsPace {
  /** Windows of the processing clock are multiplied by it. */
  readonly scale: number;
  readonly everyMs: number;
  readonly settleMs: number;
}

export interface Operations {
  readonly evaluator: AlertEvaluator;
  readonly incidents: IncidentBook;
  readonly notifications: () => AlertList['notifications'];
}

const PACE: OperationsPace = { scale: 1, everyMs: 15_000, settleMs: 5000 };

/** Alerts and incidents of a line whose telemetry is on; they run when this resolves, and end with the lifecycle. undefined where it is off. */
export async function startOperations(wiring: OperationsWiring): Promise<Operations | undefined> {
  const { workspace, clock, lifecycle, line, telemetry, publicUrl, notify, pace = PACE } = wiring;
  if (telemetry === undefined) return undefined;
  const { slos, alerts } = workspace;
  const pipelines = rulePipelinesOf(workspace);
  const rules = createAlertRules({ slos, alerts, pipelines, scale: pace.scale });
  const incidents = new IncidentBook({
    log: line.log,
    clock,
    investigate: createInvestigation({
      ...pace,
      database: () => telemetry.database(),
      clock,
      wait,
      pathways: pathwaysOf(workspace),
      rules,
      runbooks: workspace.runbooks,
    }),
  });
  await incidents.start();
  lifecycle.onStop('incidents', () => incidents.stop());
  const notifier = new AlertNotifier({ targets: wiring.targets ?? [], clock, publicUrl });
  lifecycle.onStop('notifications', () => notifier.stop());
  const evaluator = new AlertEvaluator({
    database: telemetry.lateDatabase,
    log: line.log,
    clock,
    wait,
    rules,
    everyMs: pace.everyMs,
    publicUrl,
    // Nobody scrapes a line that is played at another pace, and its rounds are short.
    ...(wiring.pace === undefined
      ? { countSlos: createSloCounts({ database: telemetry.lateDatabase, slos, pipelines, scale: 1 }) }
      : {}),
    onRound: async (told) => {
      await incidents.take(told);
      notifier.tell(told);
      await notify?.(told);
    },
  });
  const abort = new AbortController();
  const running = evaluator.run(abort.signal);
  lifecycle.onStop('alerts', async () => {
    abort.abort();
    await running;
  });
  const notifications = (): AlertList['notifications'] => notifier.states().map(notificationOf);
  return { evaluator, incidents, notifications };
}

function notificationOf({ name, kind, lastSuccessMs, problem }: NotificationState): AlertList['notifications'][number] {
  return { name, kind, lastSuccess: lastSuccessMs === null ? null : new Date(lastSuccessMs).toISOString(), problem };
}
