import { setInterval } from 'node:timers';
import type { FastifyInstance } from 'fastify';
import { loadGovernanceMoments, loadMoments } from '#collector';
import { type Clock, messageOf } from '#core';
import { countByMonth, readLineOfModels } from '#drift';
import type { Settings, Workspace } from '../config/index.ts';
import { listen } from '../http/listen.ts';
import { createServer } from '../http/server.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { Line } from '../line.ts';
import { startOperations } from '../operations/wire-operations.ts';
import { LatestJourneys } from '../telemetry/latest-journeys.ts';
import { wireTraces } from '../telemetry/wire-traces.ts';
import { type WiredLine, wireLine } from '../wire.ts';
import { wireServer } from '../wire-server.ts';
import { startWebhooks } from '../wire-webhooks.ts';
import { removeAddress, saveAddress } from './address-file.ts';
import { fatesTable, lineTable } from './closing-tables.ts';
import { chooseIncidents } from './incidents.ts';
import { momentLines } from './moments.ts';
import { ProgressBar, type ProgressOutput } from './progress-bar.ts';
import { formatCount } from './tables.ts';

export interface StartOptions {
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly output: ProgressOutput;
  /** Begin anew. */
  readonly fresh: boolean;
  /** Stop when the replay is done instead of staying up; nothing plays live then. */
  readonly once: boolean;
  /** Whether the end of the history plays at its pace, where the workspace says so. */
  readonly live: boolean;
  /** Names of the replay's incidents that are played into the history. */
  readonly incidents: readonly string[];
  /** Ctrl-C, or a test's end. */
  readonly signal: AbortSignal;
}

const SHOW_EVERY_MS = 200;
const SWEEP_EVERY_MS = 60_000;

/** Runs the whole line in this process until the signal (or the replay's end with `once`). Throws what stopped it. */
export async function startCommand(options: StartOptions): Promise<void> {
  const lifecycle = new Lifecycle();
  try {
    const running = await open(options, lifecycle);
    const { line } = running;
    const stopped = new Promise<void>((resolve) => {
      options.signal.addEventListener('abort', () => resolve(), { once: true });
      if (options.signal.aborted) resolve();
    });
    const ended = line.run();
    const reported = replayAndReport(running, options);
    await Promise.race([ended, stopped, reported]);
    // A line that ended before the backlog did has failed, and says so here.
    if (options.once && line.isCaughtUp()) await reported;
    else await Promise.race([ended, stopped]);
  } finally {
    const failures = await lifecycle.stop();
    for (const failure of failures) options.output.write(`${failure}\n`);
  }
}

interface Running extends WiredLine {
  /** Address of the console and the API. */
  readonly address: string;
}

/** Everything but the line itself runs when this resolves: it ends first, and what it leaves behind is taken care of after it. */
async function open(options: StartOptions, lifecycle: Lifecycle): Promise<Running> {
  const { settings, workspace, clock, output, fresh } = options;
  const incidents = chooseIncidents(workspace, options.incidents);
  const wired = await wireLine({
    workspace,
    dataFolder: settings.data.value,
    clock,
    lifecycle,
    fresh,
    isPaced: options.live && !options.once,
    incidents,
    clickhouse: settings.clickhouse.value,
    traceRatio: settings.traceRatio.value,
  });
  const { line, observers } = wired;
  wired.telemetry?.start();
  const latest = new LatestJourneys({ clock, breachUs: () => wired.latencyBudget.budgetP99Ms * 1000 });
  observers.add(latest);
  const announce = (sentence: string): void => line.announce(sentence);
  const webhooks = startWebhooks({ log: line.log, clock, lifecycle, endpoints: settings.webhooks.value, announce });
  const known: { url: string } = { url: '' };
  const publicUrl = (): string => (settings.publicUrl.value ?? known.url).replace(/\/$/u, '');
  const operations = await startOperations({
    ...wired,
    workspace,
    clock,
    lifecycle,
    publicUrl,
    targets: settings.notifications.value,
  });
  const server = await createServer(wireServer({ ...wired, workspace, clock, latest, webhooks, operations }));
  lifecycle.onStop('the web server', () => server.close());
  const address = await listenAt(server, options);
  known.url = address.url;
  await saveAddress(settings.data.value, { pid: process.pid, url: address.url });
  lifecycle.onStop('the address file', () => removeAddress(settings.data.value));
  wireTraces({ ...wired, lifecycle, ratio: settings.traceRatio.value, endpoint: settings.otlp.value, address });
  const sweep = setInterval(() => {
    line.log.sweep(clock.now()).catch((error: unknown) => line.announce(`retention failed: ${messageOf(error)}`));
  }, SWEEP_EVERY_MS);
  lifecycle.onStop('retention', () => clearInterval(sweep));
  lifecycle.onStop('the line', () => line.stop());
  output.write(`Throughline ${workspace.name}: ${address.text}, data in ${settings.data.value}\n`);
  for (const { name, description } of incidents) output.write(`with incident ${name}: ${description}\n`);
  return { ...wired, address: address.url };
}

async function listenAt(
  server: FastifyInstance,
  { settings: { port, host } }: StartOptions,
): Promise<{ readonly url: string; readonly text: string }> {
  const taken = await listen(server, {
    host: host.value,
    port: port.value,
    asked: port.origin !== 'default',
    setting: '--port, THROUGHLINE_PORT or port in throughline.yaml',
  });
  const url = `http://${host.value.includes(':') ? `[${host.value}]` : host.value}:${taken}`;
  return { url, text: taken === port.value || port.value === 0 ? url : `${url} (port ${port.value} is taken)` };
}

async function replayAndReport(running: Running, options: StartOptions): Promise<void> {
  const { line, telemetry } = running;
  const { output, workspace, signal, once } = options;
  await showBacklog(line, options);
  // What the last batches leave behind is to be stored, too.
  if (once && line.isCaughtUp()) await line.stop();
  await telemetry?.drained(signal);
  if (signal.aborted || !line.isCaughtUp()) return;
  output.write(await closingTables(running));
  if (once) return;
  output.write(await momentsOf(running));
  output.write(`${playsNow(line, workspace.replay)}The line stays up; Ctrl-C stops it, the next start goes on from here.\n`);
}

/** A bar until the backlog is done. */
async function showBacklog(line: Line, { output, clock, workspace }: StartOptions): Promise<void> {
  if (line.isCaughtUp()) return;
  const before = line.progress().eventsRead;
  if (before > 0) output.write(`going on after ${formatCount(before)} events\n`);
  const bar = new ProgressBar(output, clock, before);
  const timer = setInterval(() => bar.show(line.progress(), workspace.replay?.events), SHOW_EVERY_MS);
  await line.caughtUp().finally(() => clearInterval(timer));
  bar.end();
}

/** What became of every event, and the quality by month; from the log where the store cannot say. */
async function closingTables({ line, telemetry, quality, definition }: Running): Promise<string> {
  const { outcomes } = line.progress();
  const problem = telemetry?.status().problem ?? null;
  const table = await quality.refreshed().catch(() => line.quality());
  const models = await readLineOfModels(line.log, { pipeline: definition.name, model: definition.model });
  const counts = `outcomes: ${formatCount(outcomes.positive)} positive, ${formatCount(outcomes.negative)} negative, ${formatCount(outcomes.open)} open`;
  const trouble = problem === null ? '' : `telemetry: ${problem}\n`;
  return `\n${fatesTable(line.progress())}\n\n${lineTable(table, countByMonth(models))}\n\n${counts}\n${trouble}`;
}

/** Links to what the history has to show; a sentence where the store cannot be asked. */
async function momentsOf({ telemetry, definition, address }: Running): Promise<string> {
  if (telemetry === undefined) return `console: ${address}/ (telemetry is off: journeys are not stored)\n`;
  try {
    const { name: pipeline, decision } = definition;
    const moments = await loadMoments(telemetry.lateDatabase, { pipeline, decision: decision.below });
    const governed = await loadGovernanceMoments(telemetry.lateDatabase, { pipeline, model: definition.model });
    return `${momentLines(moments, governed, address)}\n`;
  } catch (error) {
    return `console: ${address}/ (${messageOf(error)})\n`;
  }
}

const UNIT_WORDS: Readonly<Record<string, string>> = { ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours', d: 'days' };

/** What goes on after the backlog, where something does. */
function playsNow(line: Line, replay: Workspace['replay']): string {
  const { speed } = line.progress().replay;
  if (speed === undefined || replay?.live === undefined) return '';
  const [, count, unit = ''] = /^(\d+)(\D+)$/u.exec(replay.live.last) ?? [];
  return `The last ${count} ${UNIT_WORDS[unit]} now play at ${speed}×, as live traffic. `;
}
