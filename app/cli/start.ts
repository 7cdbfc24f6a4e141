import { setInterval } from 'node:timers';
import { type Clock, messageOf } from '#core';
import type { Settings, Workspace } from '../config/index.ts';
import { listen } from '../http/listen.ts';
import { createServer } from '../http/server.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { Line } from '../line.ts';
import { wireLine } from '../wire.ts';
import { fatesTable, qualityTable } from './closing-tables.ts';
import { ProgressBar, type ProgressOutput } from './progress-bar.ts';
import { formatCount } from './tables.ts';

export interface StartOptions {
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly output: ProgressOutput;
  /** Begin anew. */
  readonly fresh: boolean;
  /** Stop when the replay is done instead of staying up. */
  readonly once: boolean;
  /** Ctrl-C, or a test's end. */
  readonly signal: AbortSignal;
}

const SHOW_EVERY_MS = 200;
const SWEEP_EVERY_MS = 60_000;

/** Runs the whole line in this process until the signal (or the replay's end with `once`). Throws what stopped it. */
export async function startCommand(options: StartOptions): Promise<void> {
  const lifecycle = new Lifecycle();
  try {
    const line = await open(options, lifecycle);
    const stopped = new Promise<void>((resolve) => {
      options.signal.addEventListener('abort', () => resolve(), { once: true });
      if (options.signal.aborted) resolve();
    });
    const running = line.run();
    await Promise.race([running, stopped, replayAndReport(line, options)]);
    // A line that ended before the replay did has failed, and says so here.
    if (!options.once || !line.isReplayed()) await Promise.race([running, stopped]);
  } finally {
    const failures = await lifecycle.stop();
    for (const failure of failures) options.output.write(`${failure}\n`);
  }
}

async function open(options: StartOptions, lifecycle: Lifecycle): Promise<Line> {
  const { settings, workspace, clock, output } = options;
  const line = await wireLine({ workspace, dataFolder: settings.data.value, clock, lifecycle, fresh: options.fresh });
  const server = await createServer({ line, workspaceName: workspace.name });
  lifecycle.onStop('the web server', () => server.close());
  const { port, host } = settings;
  const taken = await listen(server, {
    host: host.value,
    port: port.value,
    asked: port.origin !== 'default',
    setting: '--port, THROUGHLINE_PORT or port in throughline.yaml',
  });
  const gaveWay = taken === port.value ? '' : ` (port ${port.value} is taken)`;
  output.write(`Throughline ${workspace.name}: http://${host.value}:${taken}${gaveWay}, data in ${settings.data.value}\n`);
  const sweep = setInterval(() => {
    line.log.sweep(clock.now()).catch((error: unknown) => line.announce(`retention failed: ${messageOf(error)}`));
  }, SWEEP_EVERY_MS);
  lifecycle.onStop('retention', () => clearInterval(sweep));
  return line;
}

async function replayAndReport(line: Line, options: StartOptions): Promise<void> {
  const { output, clock, workspace, signal } = options;
  const before = line.progress().eventsRead;
  const total = workspace.replay?.events;
  if (!line.isReplayed()) {
    if (before > 0) output.write(`going on after ${formatCount(before)} events\n`);
    const bar = new ProgressBar(output, clock, before);
    const timer = setInterval(() => bar.show(line.progress(), total), SHOW_EVERY_MS);
    await line.replayed().finally(() => clearInterval(timer));
    bar.end();
  }
  if (signal.aborted || !line.isReplayed()) return;
  const { outcomes } = line.progress();
  output.write(`\n${fatesTable(line.progress())}\n\n${qualityTable(await line.quality())}\n\n`);
  output.write(
    `outcomes: ${formatCount(outcomes.positive)} positive, ${formatCount(outcomes.negative)} negative, ${formatCount(outcomes.open)} open\n`,
  );
  if (!options.once) output.write('The line stays up; Ctrl-C stops it, the next start goes on from here.\n');
}
