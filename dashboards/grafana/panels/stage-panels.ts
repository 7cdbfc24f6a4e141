import { BOARDS, STAGES, TABLES } from '#core';
import type { GrafanaOptions } from '../options.ts';
import {
  COUNTED,
  chosen,
  MAX_POINTS,
  RANGE_SECONDS,
  STAGES_WITH_MARKS,
  stageBudgetMs,
  stageUs,
  stageWords,
} from './fragments.ts';
import { COLORS, colored, gradedCell, rising, unitOf, widthOf } from './looks.ts';
import type { PanelSpec } from './panel-spec.ts';

const { panels: IDS } = BOARDS.pipeline;
const OF_PIPELINE = `pipeline = ${chosen('pipeline')}`;
const LIVE = `${TABLES.batches} WHERE ${OF_PIPELINE} AND $__timeFilter(published) AND notEmpty(end_to_end_us)`;
const OF_GROUP = `consumer_group = ${chosen('pipeline')} AND $__timeFilter(at)`;

/** Waiting in warm colours, work in cold ones: a stack that grows says at once which. */
const STAGE_COLORS: Readonly<Record<(typeof STAGES)[number], string>> = {
  broker_wait: 'semi-dark-orange',
  batch_wait: 'light-orange',
  contract: 'light-green',
  feature_read: 'semi-dark-green',
  model_queue: 'light-yellow',
  model_compute: 'blue',
  decide: 'light-blue',
  publish: 'purple',
};

const mean = (stage: (typeof STAGES)[number]): string =>
  stage === 'broker_wait'
    ? `sum(arraySum(broker_wait_us)) / sum(${COUNTED}) / 1000 AS "${stageWords(stage)}"`
    : `sum(${stageUs(stage)} * ${COUNTED}) / sum(${COUNTED}) / 1000 AS "${stageWords(stage)}"`;

const BREAKDOWN: PanelSpec = {
  id: IDS.stages,
  kind: 'areas',
  title: 'Where the time goes',
  description:
    'Mean time of a live decision in each stage; the stack is the whole. Warm colours are waiting, cold ones are work.',
  runbook: 'LatencyBudgetBurn',
  unit: 'ms',
  min: 0,
  overrides: STAGES.map((stage) => colored(stageWords(stage), STAGE_COLORS[stage])),
  sql: `SELECT $__timeInterval(published) AS time,\n  ${STAGES.map(mean).join(',\n  ')}\nFROM ${LIVE} GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
  place: { x: 0, y: 12, w: 10, h: 9 },
};

/** The runner names what it does; each belongs to a stage of the latency budget. */
const WHOSE = {
  decode: 'contract',
  deduplicate: 'contract',
  features: 'feature_read',
  model: 'model_compute',
  outcomes: 'decide',
  record: 'publish',
  commit: 'publish',
} as const;
const quoted = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(', ')}]`;
const STAGE_OF_FAILURE = `transform(toString(stage), ${quoted(Object.keys(WHOSE))}, ${quoted(Object.values(WHOSE))}, toString(stage))`;

const PAIRS = STAGES_WITH_MARKS.map((stage) => `('${stage}', ${stageUs(stage)})`).join(', ');

function redSql({ pipelines }: GrafanaOptions): string {
  return `SELECT replaceAll(t.name, '_', ' ') AS stage, t.rate AS "decisions/s", toFloat64(f.failed) AS "failures", t.average AS "mean", t.p95 AS "p95",
  ${stageBudgetMs(pipelines, 't.name', 'p95Ms')} AS "budget p95", t.p99 AS "p99", ${stageBudgetMs(pipelines, 't.name', 'p99Ms')} AS "budget p99",
  t.p99 / "budget p99" AS "used of budget"
FROM (
  SELECT name, toFloat64(sum(weight)) / ${RANGE_SECONDS} AS rate, sum(us * weight) / sum(weight) / 1000 AS average,
    quantileExactWeighted(0.95)(us, weight) / 1000 AS p95, quantileExactWeighted(0.99)(us, weight) / 1000 AS p99
  FROM (
    SELECT 'broker_wait' AS name, toFloat64(wait) AS us, toUInt64(1) AS weight FROM (SELECT arrayJoin(broker_wait_us) AS wait FROM ${LIVE})
    UNION ALL SELECT pair.1 AS name, pair.2 AS us, weight FROM (SELECT arrayJoin([${PAIRS}]) AS pair, toUInt64(${COUNTED}) AS weight FROM ${LIVE}))
  GROUP BY name) AS t
LEFT JOIN (SELECT ${STAGE_OF_FAILURE} AS failed_stage, count() AS failed FROM ${TABLES.failures} WHERE ${OF_PIPELINE} AND $__timeFilter(at) GROUP BY failed_stage) AS f
  ON f.failed_stage = t.name
ORDER BY indexOf(${quoted(STAGES)}, t.name) LIMIT ${STAGES.length}`;
}

const red = (options: GrafanaOptions): PanelSpec => ({
  id: 13,
  kind: 'table',
  title: 'Each stage against its latency budget',
  description:
    'Rate, failures and duration of every stage over the time that is shown, in the order an event meets them. “used of budget” is the 99th percentile over the budget’s: over 100 % the stage is too slow.',
  runbook: 'LatencyBudgetBurn',
  unit: 'ms',
  decimals: 2,
  noValue: 'no live decision',
  overrides: [
    unitOf('decisions/s', 'eps', 1),
    gradedCell('failures', 'none', rising(1, 10)),
    { ...gradedCell('used of budget', 'percentunit', rising(0.8, 1)) },
    widthOf('stage', 120),
    { column: 'budget p95', properties: [{ id: 'decimals', value: 0 }] },
    { column: 'budget p99', properties: [{ id: 'decimals', value: 0 }] },
  ],
  sql: redSql(options),
  place: { x: 10, y: 12, w: 14, h: 9 },
});

const GROUP: readonly PanelSpec[] = [
  {
    id: IDS.lag,
    kind: 'lines',
    title: 'Saturation: lag by partition',
    description:
      'How long the first unread event of each partition has been in the log. One partition alone: a hot key. All of them: the group is slow, or away.',
    runbook: 'ConsumerGroupLagging',
    unit: 'ms',
    min: 0,
    thresholds: rising(10_000, 60_000),
    drawsThresholds: true,
    legend: `partition \${__field.labels.partition}`,
    sql: `SELECT $__timeInterval(at) AS time, toString(partition) AS partition, toFloat64(max(lag_ms)) AS value FROM ${TABLES.groupSamples}
WHERE ${OF_GROUP} GROUP BY time, partition ORDER BY time, partition LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 21, w: 8, h: 8 },
  },
  {
    id: 14,
    kind: 'lines',
    title: 'Utilisation: time spent in batches',
    description:
      'Time that batches with decisions were under way, over the time that passed. Up to four are under way at once, so more than 100 % is possible.',
    runbook: 'ConsumerGroupLagging',
    unit: 'percentunit',
    min: 0,
    overrides: [colored('reading to decided', COLORS.neutral), colored('to durable', COLORS.pending)],
    sql: `SELECT $__timeInterval(published) AS time, sum(toFloat64(decide_to_us)) / 1e6 / $__interval_s AS "reading to decided",
  sum(toFloat64(publish_to_us)) / 1e6 / $__interval_s AS "to durable"
FROM ${TABLES.batches} WHERE ${OF_PIPELINE} AND $__timeFilter(published) GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 8, y: 21, w: 8, h: 8 },
  },
  {
    id: 15,
    kind: 'lines',
    title: 'The group: members, and what is unread',
    description:
      'Members of the consumer group, and events that no member has read yet. Members that come and go are rebalances; none is an empty group.',
    runbook: 'ConsumerGroupEmpty',
    unit: 'short',
    decimals: 0,
    min: 0,
    overrides: [
      {
        column: 'members',
        properties: [
          ...colored('members', COLORS.good).properties,
          { id: 'custom.axisPlacement', value: 'right' },
          { id: 'custom.lineInterpolation', value: 'stepAfter' },
        ],
      },
      colored('unread events', COLORS.warning),
    ],
    sql: `SELECT $__timeInterval(sampled) AS time, toFloat64(min(members)) AS "members", toFloat64(max(unread)) AS "unread events"
FROM (SELECT at AS sampled, min(members) AS members, sum(lag_records) AS unread FROM ${TABLES.groupSamples} WHERE ${OF_GROUP} GROUP BY sampled)
GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 16, y: 21, w: 8, h: 8 },
  },
];

/** Rate, errors and duration of every stage; utilisation and saturation of the group that reads. */
export function stagePanels(options: GrafanaOptions): readonly PanelSpec[] {
  return [BREAKDOWN, red(options), ...GROUP];
}
