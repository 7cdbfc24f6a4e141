import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type FiredAlert, messageOf } from '#core';
import { type DrillAlert, type DrillPlan, type DrillRun, type DrillTruth, type IncidentDocument, scoreDrill } from '#runbooks';
import { loadWorkspace, type Workspace } from '../config/index.ts';
import { appError } from '../errors.ts';
import { startOperations } from '../operations/wire-operations.ts';
import { copyBase, type DrillBase } from './drill-base.ts';
import { DrillLine } from './drill-line.ts';
import { createInjection } from './injections/index.ts';
import { measureSignal } from './moved-signal.ts';
import { ShiftedClock } from './shifted-clock.ts';

/** An hour of production is fifteen seconds of a drill. */
const SCALE = 1 / 240;
const EVALUATE_EVERY_MS = 1000;
const SETTLE_MS = 4000;
/** Where nothing fires. */
const WATCH_MS = 45_000;
/** A clean run is watched so long. */
const QUIET_MS = 25_000;
/** From the alert to its hypothesis at most. */
const HYPOTHESIS_MS = 30_000;
const LOOK_EVERY_MS = 200;
const OPEN_MS = 30_000;
/** For what the last seconds left behind. */
const STORED_MS = 5000;

export interface DrillRunOptions {
  readonly base: DrillBase;
  readonly plan: DrillPlan;
  /** Of the run's copy; removed by the caller. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

interface Seen {
  readonly alert: FiredAlert;
  /** When it fired, epoch ms of the run's clock. */
  readonly atMs: number;
}

/** One run: a line of its own, healthy traffic, the fault, and what alerts and diagnosis made of it. Throws APP_DRILL_FAILED. */
export async function runDrill(options: DrillRunOptions): Promise<DrillRun> {
  const { base, plan, folder, signal } = options;
  await copyBase(base, folder);
  const workspace = await loadWorkspace(base.workspace);
  const clock = new ShiftedClock(base.closedMs + 1);
  const injection = createInjection(plan.fault, (feature) => columnOf(workspace, feature));
  const { eventsPerSecond } = plan;
  const line = await DrillLine.open({ workspace, dataFolder: folder, clock, eventsPerSecond, injection, isUnbounded: true });
  const seen = new Map<string, Seen>();
  try {
    const operations = await startOperations({
      ...line.wired,
      workspace,
      clock,
      lifecycle: line.lifecycle,
      publicUrl: () => 'http://127.0.0.1',
      pace: { scale: SCALE, everyMs: EVALUATE_EVERY_MS, settleMs: SETTLE_MS },
      notify: async (alerts) => {
        for (const alert of alerts) {
          const key = `${alert.fingerprint}/${alert.startsAtMs}`;
          if (alert.status === 'firing' && isFailure(alert) && !seen.has(key)) seen.set(key, { alert, atMs: clock.now() });
        }
      },
    });
    if (operations === undefined) throw appError('APP_DRILL_FAILED', 'a drill needs telemetry');
    await opened(line, clock);
    line.start();
    await settle(line, plan, signal);
    const live = line.wired.models.newest();
    if (live === undefined) throw appError('APP_DRILL_FAILED', 'no version decides in the run’s line');
    const beganMs = clock.now();
    const known = await injection.begin(line.target(live));
    const decoyed =
      plan.decoy !== null && plan.decoy.offsetMs >= 0
        ? sleep(plan.decoy.offsetMs, signal).then(() => recordDecoy(line, plan))
        : undefined;
    const incidentOf = ({ alert }: Seen): IncidentDocument | undefined => operations.incidents.find(alert);
    const outcome = await watch({ plan, seen, beganMs, incidentOf, clock, signal });
    await decoyed;
    if (line.failure !== undefined)
      throw appError('APP_DRILL_FAILED', `the line of the run ended by itself: ${messageOf(line.failure)}`, {
        cause: line.failure,
      });
    const truth: DrillTruth = { fault: plan.fault, group: line.wired.definition.name, ...known, ...injection.learnt?.() };
    const { moved, signal: told } = await measure(line, truth, { atMs: beganMs, nowMs: clock.now() });
    return resultOf({ plan, truth, seen: [...seen.values()], beganMs, outcome, moved, told });
  } finally {
    await line.close({ isStored: false });
  }
}

const isFailure = ({ labels }: FiredAlert): boolean => labels['severity'] === 'page' || labels['severity'] === 'ticket';

function columnOf({ models }: Workspace, feature: string): number {
  return models[0]?.inputs.findIndex((input) => input.feature === feature) ?? -1;
}

async function opened(line: DrillLine, clock: Clock): Promise<void> {
  const untilMs = clock.now() + OPEN_MS;
  while (line.wired.telemetry?.database() === undefined) {
    if (clock.now() > untilMs) throw appError('APP_DRILL_FAILED', 'the telemetry store of the run did not open');
    await delay(LOOK_EVERY_MS);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal });
}

/** Healthy traffic, with the decoy in it where that comes first. */
async function settle(line: DrillLine, plan: DrillPlan, signal: AbortSignal): Promise<void> {
  const earlyMs = Math.max(0, -(plan.decoy?.offsetMs ?? 0));
  await sleep(plan.settleMs - earlyMs, signal);
  if (earlyMs === 0) return;
  await recordDecoy(line, plan);
  await sleep(earlyMs, signal);
}

async function recordDecoy({ changes }: DrillLine, { decoy }: DrillPlan): Promise<void> {
  if (decoy === null) return;
  const { kind, subject, version, summary } = decoy;
  await changes.record({ kind, subject, version, summary, actor: 'release-train' });
}

interface Watching {
  readonly plan: DrillPlan;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly beganMs: number;
  readonly incidentOf: (seen: Seen) => IncidentDocument | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Outcome {
  readonly first: Seen | undefined;
  readonly incident: IncidentDocument | undefined;
  /** When it had its diagnosis, epoch ms. */
  readonly diagnosedMs: number | undefined;
}

/** Until the first alert after the fault has its diagnosis; or nothing came in time. */
async function watch({ plan, seen, beganMs, incidentOf, clock, signal }: Watching): Promise<Outcome> {
  const watchMs = plan.fault.name === 'F0' ? QUIET_MS : WATCH_MS;
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    const first = [...seen.values()].find(({ atMs }) => atMs >= beganMs);
    const nowMs = clock.now();
    if (first === undefined) {
      if (nowMs - beganMs > watchMs) return { first, incident: undefined, diagnosedMs: undefined };
      continue;
    }
    const incident = incidentOf(first);
    const diagnosed = incident?.audit.find(({ kind }) => kind === 'diagnosed');
    if (diagnosed !== undefined) return { first, incident, diagnosedMs: diagnosed.atMs };
    if (nowMs - first.atMs > HYPOTHESIS_MS) return { first, incident, diagnosedMs: undefined };
  }
}

async function measure(line: DrillLine, truth: DrillTruth, times: { readonly atMs: number; readonly nowMs: number }) {
  const database = line.wired.telemetry?.database();
  await line.wired.telemetry?.drained(AbortSignal.timeout(STORED_MS));
  if (database === undefined) return { moved: false, signal: 'the telemetry store was away' };
  return measureSignal(database, { truth, pipeline: line.wired.definition.name, ...times });
}

interface Ended {
  readonly plan: DrillPlan;
  readonly truth: DrillTruth;
  readonly seen: readonly Seen[];
  readonly beganMs: number;
  readonly outcome: Outcome;
  readonly moved: boolean;
  readonly told: string;
}

function resultOf({ plan, truth, seen, beganMs, outcome, moved, told }: Ended): DrillRun {
  const { first, incident, diagnosedMs } = outcome;
  const all = incident?.investigation?.diagnosis?.hypotheses ?? [];
  const hypotheses = all.map(({ cause, title, confidence, details }) => ({ cause, title, confidence, details }));
  const falsely = seen.filter(({ atMs }) => plan.fault.name === 'F0' || atMs < beganMs);
  const seconds = (ms: number): number => Math.round(ms / 100) / 10;
  return {
    fault: plan.fault.name,
    seed: plan.seed,
    counted: moved,
    signal: told,
    detectedS: first === undefined ? null : seconds(first.atMs - beganMs),
    hypothesisS: first === undefined || diagnosedMs === undefined ? null : seconds(diagnosedMs - first.atMs),
    ...scoreDrill(hypotheses, truth),
    hypotheses,
    falseAlarms: falsely.length,
    falsePages: falsely.filter(({ alert }) => alert.labels['severity'] === 'page').length,
    alerts: seen.map(({ alert, atMs }): DrillAlert => {
      const { alertname = '', severity = '', ...labels } = alert.labels;
      return { alert: alertname, severity, labels, afterS: seconds(atMs - beganMs) };
    }),
    plan,
  };
}

/** Where a run's copy lies. */
export function runFolderOf(folder: string, { fault, seed }: DrillPlan): string {
  return path.join(folder, `run-${fault.name}-${seed}`);
}
