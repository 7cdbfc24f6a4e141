/**
 * `npm run bench [-- part …]`: the figures of the README, as tables; CPU seconds stand beside wall time. Parts: year, scored, journeys,
 * boosting; without a name, all of them. Compares nothing with a clock in a test.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatCount, formatTable } from '../../app/cli/tables.ts';
import { measureProcess, type Usage } from './measured-process.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const YEAR_EVENTS = 558_521;
const SCORED_GOAL_PER_SECOND = 20_000;
const DECISION_BYTES_GOAL = 150;
const TELEMETRY_GOAL = 0.15;
/** As `npm start` has it. */
const NODE_FLAGS = ['--max-semi-space-size=64'];
const RUNS = 3;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface YearGoals {
  readonly title: string;
  readonly flags: readonly string[];
  readonly seconds: number;
  readonly bytes: number;
}

/** The whole year as fast as possible, from start to the closing tables; with telemetry, until its last record is stored. */
const YEARS: readonly YearGoals[] = [
  { title: 'The year with telemetry, all processes', flags: ['--clickhouse', 'embedded'], seconds: 120, bytes: 1.5e9 },
  { title: 'The year without telemetry', flags: ['--clickhouse', 'off'], seconds: 45, bytes: 1e9 },
];

async function benchYear({ title, flags, seconds, bytes }: YearGoals): Promise<void> {
  const runs: Usage[] = [];
  const main = path.join(root, 'dist/app/main.js');
  for (let run = 0; run < RUNS; run++) {
    runs.push(
      await measureProcess((folder) => [
        ...NODE_FLAGS,
        main,
        'start',
        '--once',
        '--port',
        '0',
        '--data',
        path.join(folder, 'data'),
        ...flags,
      ]),
    );
  }
  const rows = runs.map(({ wallSeconds, tree }, index) => [
    `run ${index + 1}`,
    wallSeconds.toFixed(1),
    tree.cpuSeconds.toFixed(1),
    (tree.rssBytes / 1e6).toFixed(0),
    formatCount(Math.round(YEAR_EVENTS / wallSeconds)),
    ((tree.cpuSeconds / YEAR_EVENTS) * 1e6).toFixed(1),
  ]);
  print(`\n${title}: ${formatCount(YEAR_EVENTS)} events (goal: under ${seconds} s and ${bytes / 1e6} MB)\n`);
  print(formatTable(['', 'wall s', 'CPU s', 'peak MB', 'events/s', 'CPU µs/event'], rows));
  const wall = median(runs.map(({ wallSeconds }) => wallSeconds)) / seconds;
  const memory = Math.max(...runs.map(({ tree }) => tree.rssBytes)) / bytes;
  print(`\nmedian wall ${wall.toFixed(2)} of the goal, peak memory ${memory.toFixed(2)} of the goal`);
}

interface Timed {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

interface Scored {
  readonly events: number;
  readonly produced: Timed;
  readonly bare: Timed;
  readonly scored: Timed & { readonly scoredEvents: number; readonly stageUs: Readonly<Record<string, number>> };
  readonly telemetry: Timed & {
    readonly scoredEvents: number;
    /** Until the last event was scored; the rest of wallSeconds stored what was still on its way. */
    readonly pipelineSeconds: number;
    readonly rows: number;
    readonly bytes: number;
    readonly spans: number;
  };
}

async function measureScored(): Promise<Scored> {
  const { output } = await measureProcess(() => [
    ...NODE_FLAGS,
    '--import',
    'tsx',
    path.join(root, 'test/bench/scored-workload.ts'),
  ]);
  const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Scored;
  for (const { scoredEvents } of [result.scored, result.telemetry]) {
    if (scoredEvents !== result.events) throw new Error(`${scoredEvents} of ${result.events} events were scored`);
  }
  if (result.telemetry.rows !== result.events)
    throw new Error(`${result.telemetry.rows} decisions of ${result.events} were stored`);
  return result;
}

/** Which of several runs is told: the one in the middle by what telemetry costs. */
function middleOf(results: readonly Scored[]): Scored {
  const sorted = results.toSorted((a, b) => costOf(a) - costOf(b));
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

/** Share of the throughput that telemetry takes from the pipeline. */
const costOf = ({ scored, telemetry }: Scored): number => 1 - scored.wallSeconds / telemetry.pipelineSeconds;

async function benchScored(): Promise<void> {
  const results: Scored[] = [];
  for (let run = 0; run < RUNS; run++) results.push(await measureScored());
  const result = middleOf(results);
  const { events, telemetry } = result;
  const row = (name: string, { wallSeconds, cpuSeconds }: Timed): string[] => [
    name,
    wallSeconds.toFixed(2),
    cpuSeconds.toFixed(2),
    formatCount(Math.round(events / wallSeconds)),
    ((cpuSeconds / events) * 1e6).toFixed(1),
  ];
  print(
    `\nEvery event scored: ${formatCount(events)} events, 8 features, logistic model, durable (goal: ${formatCount(SCORED_GOAL_PER_SECOND)} events/s)\n`,
  );
  const rows = [
    row('append to the log', result.produced),
    row('bare consume → JSON → produce, exactly once', result.bare),
    row('the pipeline: contract, features, model, decision, records', result.scored),
    row('the pipeline while telemetry runs beside it', { ...telemetry, wallSeconds: telemetry.pipelineSeconds }),
    row('the same, until the last record is stored', telemetry),
  ];
  print(formatTable(['', 'wall s', 'CPU s', 'events/s', 'CPU µs/event'], rows));
  const rate = events / result.scored.wallSeconds;
  print(
    `\n${(rate / SCORED_GOAL_PER_SECOND).toFixed(2)} of the goal, ${(result.bare.wallSeconds / result.scored.wallSeconds).toFixed(2)} of the bare copy's rate`,
  );
  const costs = results.map((one) => `${(costOf(one) * 100).toFixed(0)} %`).join(', ');
  print(
    `telemetry (every record, ${formatCount(telemetry.spans)} spans) takes ${costs} of the pipeline's rate (goal: at most ${TELEMETRY_GOAL * 100} %)`,
  );
  print(
    `a decision takes ${(telemetry.bytes / telemetry.rows).toFixed(0)} bytes on disk, indexes included (goal: under ${DECISION_BYTES_GOAL})\n`,
  );
  const stages = Object.entries(result.scored.stageUs).filter(([, us]) => us >= 0.05);
  print(
    formatTable(
      ['stage', 'µs/event'],
      stages.map(([stage, us]) => [stage, us.toFixed(2)]),
    ),
  );
  print('\nStage times are of the main thread; the model stage holds the wait for its worker, the commit is beside them.');
}

interface Journeys {
  readonly decisions: number;
  readonly figures: Readonly<Record<string, { readonly minMs: number; readonly p50Ms: number; readonly p95Ms: number }>>;
}

const JOURNEY_GOALS_MS: Readonly<Record<string, number>> = { 'event by id': 50, 'pipelines, 15 minutes': 300, timeline: 300 };

async function benchJourneys(): Promise<void> {
  const { output } = await measureProcess(() => ['--import', 'tsx', path.join(root, 'test/bench/journeys-queries.ts')]);
  const { decisions, figures } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Journeys;
  print(
    `\nQuestions to ${formatCount(decisions)} decisions, as many receipts, their outcomes and batches, in the embedded store\n`,
  );
  const rows = Object.entries(figures).map(([name, { minMs, p50Ms, p95Ms }]) => [
    name,
    ...[minMs, p50Ms, p95Ms].map((ms) => ms.toFixed(0)),
    JOURNEY_GOALS_MS[name]?.toFixed(0) ?? '',
  ]);
  print(formatTable(['', 'min ms', 'p50 ms', 'p95 ms', 'goal p95'], rows));
}

interface Boosting {
  readonly columns: number;
  readonly settings: { readonly trees: number; readonly leaves: number };
  readonly results: readonly {
    readonly rows: number;
    readonly ours: { readonly cpuSeconds: number; readonly auc: number };
    readonly lightgbm: { readonly cpuSeconds: number; readonly auc: number };
  }[];
}

const BOOSTING_GOAL = 5;

async function benchBoosting(): Promise<void> {
  const { output } = await measureProcess(() => ['--import', 'tsx', path.join(root, 'test/bench/boosting-fit.ts')]);
  const { columns, settings, results } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Boosting;
  print(
    `\nGradient boosting, ${settings.trees} trees of ${settings.leaves} leaves on ${columns} columns, against LightGBM on one thread (goal: within ${BOOSTING_GOAL} times its CPU time)\n`,
  );
  const rows = results.map(({ rows: count, ours, lightgbm }) => [
    formatCount(count),
    ours.cpuSeconds.toFixed(2),
    lightgbm.cpuSeconds.toFixed(2),
    (ours.cpuSeconds / lightgbm.cpuSeconds).toFixed(1),
    ours.auc.toFixed(4),
    lightgbm.auc.toFixed(4),
  ]);
  print(formatTable(['rows', 'CPU s', 'LightGBM', 'times', 'AUC', 'LightGBM'], rows));
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  year: async () => {
    for (const year of YEARS) await benchYear(year);
  },
  scored: benchScored,
  journeys: benchJourneys,
  boosting: benchBoosting,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`there is no part ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
spawnSync(process.execPath, [path.join(root, 'app/build/build.mjs')], { stdio: 'inherit' });
for (const [name, bench] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) await bench();
