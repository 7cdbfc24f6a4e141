import { BOARDS, TABLES } from '#core';
import type { GrafanaOptions } from '../options.ts';
import { budgetMs, COUNTED, chosen, MAX_POINTS, MAX_ROWS, ORDERED_WITH_ZEROS } from './fragments.ts';
import { EVENT_LINK, TRACE_LINK } from './links.ts';
import { COLORS, colored, falling, limitLine, plain, rising, unitOf, widthOf } from './looks.ts';
import { FATE_COLUMNS, FATE_OVERRIDES } from './overview-panels.ts';
import type { PanelSpec } from './panel-spec.ts';

const { panels: IDS } = BOARDS.pipeline;
const OF_PIPELINE = `pipeline = ${chosen('pipeline')}`;
const EVENTS = `(SELECT fate, ingested FROM ${TABLES.decisions} WHERE ${OF_PIPELINE} AND $__timeFilter(ingested)
  UNION ALL SELECT fate, ingested FROM ${TABLES.receipts} WHERE ${OF_PIPELINE} AND $__timeFilter(ingested))`;
const LIVE_BATCHES = `FROM ${TABLES.batches} WHERE ${OF_PIPELINE} AND $__timeFilter(published) AND notEmpty(end_to_end_us)`;

const within = ({ pipelines }: GrafanaOptions): PanelSpec => ({
  id: 10,
  kind: 'stat',
  title: 'Within the latency budget',
  description:
    'Share of live decisions in the time that is shown that took no longer than the budget’s 99th percentile, from the log to the prediction.',
  runbook: 'LatencyBudgetBurn',
  unit: 'percentunit',
  decimals: 2,
  thresholds: falling(0.95, 0.99),
  noValue: 'no live decision',
  sql: `SELECT sum(arrayCount(us -> us / 1000 <= ${budgetMs(pipelines, chosen('pipeline'), 'p99Ms')}, end_to_end_us)) / sum(${COUNTED}) AS "within budget"
${LIVE_BATCHES} HAVING count() > 0 LIMIT 1`,
  place: { x: 6, y: 0, w: 6, h: 4 },
});

const STATS: readonly PanelSpec[] = [
  {
    id: IDS.silence,
    kind: 'stat',
    title: 'Silent for',
    description:
      'From the newest record of this pipeline to the end of the time that is shown. Silence is the worst failure: it breaks no other limit.',
    runbook: 'PipelineSilent',
    unit: 'ms',
    thresholds: rising(60_000, 300_000),
    noValue: 'all of the time that is shown',
    sql: `SELECT toFloat64(greatest(0, dateDiff('millisecond', max(ingested), toDateTime64($__toTime, 3, 'UTC')))) AS "silent for" FROM ${EVENTS} HAVING count() > 0 LIMIT 1`,
    place: { x: 0, y: 0, w: 6, h: 4 },
  },
  {
    id: 11,
    kind: 'stat',
    title: 'Failures',
    description: 'How often the pipeline could not go on in the time that is shown.',
    runbook: 'EventStuck',
    unit: 'short',
    decimals: 0,
    thresholds: rising(1, 10),
    sql: `SELECT toFloat64(count()) AS "failures" FROM ${TABLES.failures} WHERE ${OF_PIPELINE} AND $__timeFilter(at) LIMIT 1`,
    place: { x: 12, y: 0, w: 6, h: 4 },
  },
  {
    id: 12,
    kind: 'stat',
    title: 'Members of the group',
    description: 'Runners that shared the partitions when the group was last sampled. None: nothing is read.',
    runbook: 'ConsumerGroupEmpty',
    unit: 'none',
    decimals: 0,
    thresholds: falling(1, 1),
    noValue: 'not sampled',
    sql: `SELECT toFloat64(argMax(members, at)) AS "members" FROM ${TABLES.groupSamples} WHERE consumer_group = ${chosen('pipeline')} AND $__timeFilter(at) HAVING count() > 0 LIMIT 1`,
    place: { x: 18, y: 0, w: 6, h: 4 },
  },
];

const RATE: PanelSpec = {
  id: IDS.rate,
  kind: 'areas',
  title: 'Rate: events by fate',
  description: 'Events a second, by what became of them: each event has exactly one fate, so the height is all that was read.',
  runbook: 'PipelineSilent',
  unit: 'eps',
  min: 0,
  overrides: FATE_OVERRIDES,
  sql: `SELECT $__timeInterval(ingested) AS time,\n  ${FATE_COLUMNS}\nFROM ${EVENTS} GROUP BY time ${ORDERED_WITH_ZEROS}`,
  place: { x: 0, y: 4, w: 8, h: 8 },
};

const ERRORS: PanelSpec = {
  id: IDS.errors,
  kind: 'lines',
  title: 'Errors: shares of events',
  description:
    'Shares of what was read that were refused by their contract, came too late for their windows, or had no entity to score.',
  runbook: 'QuarantineGrowing',
  unit: 'percentunit',
  min: 0,
  legendCalcs: ['mean', 'max'],
  overrides: [colored('refused by contract', COLORS.bad), colored('late', COLORS.late), colored('without entity', COLORS.quiet)],
  sql: `SELECT $__timeInterval(ingested) AS time, countIf(fate = 'quarantined') / count() AS "refused by contract",
  countIf(fate = 'late') / count() AS "late", countIf(fate = 'without_entity') / count() AS "without entity"
FROM ${EVENTS} GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
  place: { x: 8, y: 4, w: 8, h: 8 },
};

const latency = ({ pipelines }: GrafanaOptions): PanelSpec => ({
  id: IDS.latency,
  kind: 'lines',
  title: 'Duration: log to prediction',
  description:
    'Percentiles of live decisions, from the append in the log to the durable prediction; the dashed lines are the pipeline’s latency budget. Backlog and skewed clocks are left out.',
  runbook: 'LatencyBudgetBurn',
  unit: 'ms',
  min: 0,
  legendCalcs: ['lastNotNull', 'max'],
  overrides: [
    colored('p50', COLORS.low),
    colored('p95', COLORS.middle),
    colored('p99', COLORS.high),
    limitLine('budget p95', COLORS.budgetP95),
    limitLine('budget p99', COLORS.budgetP99),
  ],
  sql: `SELECT $__timeInterval(published) AS time, quantileArray(0.5)(end_to_end_us) / 1000 AS "p50", quantileArray(0.95)(end_to_end_us) / 1000 AS "p95",
  quantileArray(0.99)(end_to_end_us) / 1000 AS "p99", any(${budgetMs(pipelines, chosen('pipeline'), 'p95Ms')}) AS "budget p95",
  any(${budgetMs(pipelines, chosen('pipeline'), 'p99Ms')}) AS "budget p99"
${LIVE_BATCHES} GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
  place: { x: 16, y: 4, w: 8, h: 8 },
});

const FEATURES: readonly PanelSpec[] = [
  {
    id: IDS.freshness,
    kind: 'lines',
    title: 'Freshness: feature reads',
    description:
      'Shares of feature values that were older than their view allows (stale), or not known of the entity (not found; the model’s default stands in).',
    runbook: 'FreshnessBudgetBurn',
    unit: 'percentunit',
    min: 0,
    legendCalcs: ['mean', 'max'],
    overrides: [colored('stale', COLORS.warning), colored('not found', COLORS.pending)],
    sql: `SELECT $__timeInterval(polled) AS time, sum(arrayCount(status -> status = 'stale', feature_statuses)) / sum(length(feature_statuses)) AS "stale",
  sum(arrayCount(status -> status = 'not_found', feature_statuses)) / sum(length(feature_statuses)) AS "not found"
FROM ${TABLES.decisions} WHERE ${OF_PIPELINE} AND $__timeFilter(polled) AND notEmpty(feature_statuses) GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 29, w: 8, h: 8 },
  },
  {
    id: 16,
    kind: 'lines',
    title: 'Age of what features were made from',
    description:
      'Median time between a scored event and the newest event behind each feature, on the event clock. A view whose events stopped climbs in a straight line.',
    runbook: 'FeatureViewStale',
    unit: 'ms',
    min: 0,
    legend: `\${__field.labels.feature}`,
    sql: `SELECT $__timeInterval(polled) AS time, pair.1 AS feature, quantile(0.5)(toFloat64(pair.2)) AS value FROM ${TABLES.decisions}
ARRAY JOIN arrayZip(splitByChar(',', feature_set), feature_ages_ms) AS pair
WHERE ${OF_PIPELINE} AND $__timeFilter(polled) AND notEmpty(feature_set) AND pair.2 IS NOT NULL GROUP BY time, feature ORDER BY time, feature LIMIT ${MAX_POINTS}`,
    place: { x: 8, y: 29, w: 8, h: 8 },
  },
  {
    id: IDS.outcomes,
    kind: 'bars',
    title: 'Outcomes as they arrive',
    description:
      'Labels that became final, by when they were stored: settled by a later event, or matured at the horizon without one. None while predictions go on: the join may be broken.',
    runbook: 'OutcomesNotJoined',
    unit: 'short',
    min: 0,
    overrides: [colored('settled by an event', COLORS.good), colored('matured without one', COLORS.quiet)],
    sql: `SELECT $__timeInterval(ingested) AS time, toFloat64(countIf(settled_by_id != '')) AS "settled by an event", toFloat64(countIf(settled_by_id = '')) AS "matured without one"
FROM ${TABLES.outcomes} WHERE ${OF_PIPELINE} AND $__timeFilter(ingested) GROUP BY time ${ORDERED_WITH_ZEROS}`,
    place: { x: 16, y: 29, w: 8, h: 8 },
  },
];

const RECORDS: readonly PanelSpec[] = [
  {
    id: IDS.failures,
    kind: 'table',
    title: 'What failed',
    description:
      'What kept the pipeline from going on, newest first: the stage, the record where there was one, and how often it was tried.',
    runbook: 'EventStuck',
    unit: 'string',
    noValue: 'nothing failed',
    thresholds: plain(COLORS.quiet),
    overrides: [
      EVENT_LINK,
      widthOf('at', 190),
      widthOf('stage', 110),
      widthOf('attempt', 80),
      widthOf('partition', 80),
      unitOf('offset', 'none', 0),
    ],
    sql: `SELECT at, stage, error_code, attempt, is_stopped AS "gave up", topic, partition, offset, source, event_id, message FROM ${TABLES.failures}
WHERE ${OF_PIPELINE} AND $__timeFilter(at) ORDER BY at DESC LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 37, w: 24, h: 8 },
  },
  {
    id: 17,
    kind: 'table',
    title: 'The slowest decisions',
    description: 'Journeys to look at: the slowest live decisions in the time that is shown, with their event and their trace.',
    runbook: 'LatencyBudgetBurn',
    unit: 'string',
    noValue: 'no live decision',
    overrides: [EVENT_LINK, TRACE_LINK, unitOf('took', 'ms', 1), unitOf('score', 'none', 3), widthOf('polled', 190)],
    sql: `SELECT polled, took, source, event_id, trace_id, version, score, decision FROM (
  SELECT polled, batch_id, source, event_id, lower(hex(trace_id)) AS trace_id, model_version AS version, toFloat64(score) AS score, decision,
    appended FROM ${TABLES.decisions} WHERE ${OF_PIPELINE} AND $__timeFilter(polled) AND NOT backlog AND NOT skewed) AS d
INNER JOIN (SELECT batch_id, arrayMax(end_to_end_us) / 1000 AS took FROM ${TABLES.batches} WHERE ${OF_PIPELINE} AND $__timeFilter(published) AND notEmpty(end_to_end_us)
  GROUP BY batch_id, took ORDER BY took DESC LIMIT 50) AS b USING (batch_id)
ORDER BY took DESC, polled LIMIT 50`,
    place: { x: 0, y: 45, w: 24, h: 9 },
  },
];

/** What is asked first stands first: is it alive, is it slow, is it wrong. Where the time goes is `stagePanels`. */
export function pipelinePanels(options: GrafanaOptions): readonly PanelSpec[] {
  return [...STATS, within(options), RATE, ERRORS, latency(options), ...FEATURES, ...RECORDS];
}
