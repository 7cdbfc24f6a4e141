/** `npm run bench`: the figures of the README, as tables; CPU seconds stand beside wall time. Compares nothing with a clock in a test. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatCount, formatTable } from '../../app/cli/tables.ts';
import { measureProcess } from './measured-process.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const YEAR_EVENTS = 558_521;
const YEAR_GOAL_SECONDS = 45;
const YEAR_GOAL_BYTES = 1e9;
const SCORED_GOAL_PER_SECOND = 20_000;
/** As `npm start` has it. */
const NODE_FLAGS = ['--max-semi-space-size=64'];
const RUNS = Number(process.argv[2] ?? 3);

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function benchYear(): Promise<void> {
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    runs.push(
      await measureProcess((folder) => [
        ...NODE_FLAGS,
        path.join(root, 'dist/app/main.js'),
        'start',
        '--once',
        '--port',
        '0',
        '--data',
        path.join(folder, 'data'),
      ]),
    );
  }
  const rows = runs.map(({ wallSeconds, cpuSeconds, maxRssBytes }, index) => [
    `run ${index + 1}`,
    wallSeconds.toFixed(1),
    cpuSeconds.toFixed(1),
    (maxRssBytes / 1e6).toFixed(0),
    formatCount(Math.round(YEAR_EVENTS / wallSeconds)),
    ((cpuSeconds / YEAR_EVENTS) * 1e6).toFixed(1),
  ]);
  print(
    `\nThe year, from start to the closing tables: ${formatCount(YEAR_EVENTS)} events (goal: under ${YEAR_GOAL_SECONDS} s and ${YEAR_GOAL_BYTES / 1e6} MB)\n`,
  );
  print(formatTable(['', 'wall s', 'CPU s', 'peak MB', 'events/s', 'CPU µs/event'], rows));
  const wall = median(runs.map(({ wallSeconds }) => wallSeconds));
  const memory = Math.max(...runs.map(({ maxRssBytes }) => maxRssBytes));
  print(
    `\nmedian wall ${(wall / YEAR_GOAL_SECONDS).toFixed(2)} of the goal, peak memory ${(memory / YEAR_GOAL_BYTES).toFixed(2)} of the goal`,
  );
}

interface Timed {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

interface Scored {
  readonly events: number;
  readonly scoredEvents: number;
  readonly produced: Timed;
  readonly bare: Timed;
  readonly scored: Timed;
  readonly stageUs: Readonly<Record<string, number>>;
}

async function benchScored(): Promise<void> {
  const { output } = await measureProcess(() => [
    ...NODE_FLAGS,
    '--import',
    'tsx',
    path.join(root, 'test/bench/scored-workload.ts'),
  ]);
  const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Scored;
  if (result.scoredEvents !== result.events) throw new Error(`${result.scoredEvents} of ${result.events} events were scored`);
  const row = (name: string, { wallSeconds, cpuSeconds }: Timed): string[] => [
    name,
    wallSeconds.toFixed(2),
    cpuSeconds.toFixed(2),
    formatCount(Math.round(result.events / wallSeconds)),
    ((cpuSeconds / result.events) * 1e6).toFixed(1),
  ];
  print(
    `\nEvery event scored: ${formatCount(result.events)} events, 8 features, logistic model, durable (goal: ${formatCount(SCORED_GOAL_PER_SECOND)} events/s)\n`,
  );
  print(
    formatTable(
      ['', 'wall s', 'CPU s', 'events/s', 'CPU µs/event'],
      [
        row('append to the log', result.produced),
        row('bare consume → JSON → produce, exactly once', result.bare),
        row('the pipeline: contract, features, model, decision, records', result.scored),
      ],
    ),
  );
  const rate = result.events / result.scored.wallSeconds;
  print(
    `\n${(rate / SCORED_GOAL_PER_SECOND).toFixed(2)} of the goal, ${(result.bare.wallSeconds / result.scored.wallSeconds).toFixed(2)} of the bare copy's rate\n`,
  );
  const stages = Object.entries(result.stageUs).filter(([, us]) => us >= 0.05);
  print(
    formatTable(
      ['stage', 'µs/event'],
      stages.map(([stage, us]) => [stage, us.toFixed(2)]),
    ),
  );
  print('\nStage times are of the main thread; the model stage holds the wait for its worker, the commit is beside them.');
}

spawnSync(process.execPath, [path.join(root, 'app/build/build.mjs')], { stdio: 'inherit' });
await benchYear();
await benchScored();
