import { BOARDS, FATES, TABLES } from '#core';
import type { GrafanaOptions } from '../options.ts';
import { budgetMs, COUNTED, MAX_POINTS, MAX_ROWS, ORDERED_WITH_ZEROS, RANGE_SECONDS } from './fragments.ts';
import { INCIDENT_LINK, PIPELINE_LINK } from './links.ts';
import { COLORS, colored, falling, gradedCell, plain, rising, unitOf, widthOf } from './looks.ts';
import type { Override, PanelSpec } from './panel-spec.ts';

const { panels: IDS } = BOARDS.overview;

const EVENTS = `(SELECT pipeline, fate, ingested FROM ${TABLES.decisions} WHERE $__timeFilter(ingested)
  UNION ALL SELECT pipeline, fate, ingested FROM ${TABLES.receipts} WHERE $__timeFilter(ingested))`;

/** The newest state of each alert that was ever raised. */
const STANDING = `SELECT fingerprint, argMax(state, at) AS state, argMax(alert, at) AS alert, argMax(severity, at) AS severity,
    argMax(pipeline, at) AS pipeline, argMax(summary, at) AS summary, argMax(starts_at, at) AS starts_at
  FROM ${TABLES.alertEvents} WHERE at <= $__toTime GROUP BY fingerprint`;

const pipelinesSql = ({
  pipelines,
}: GrafanaOptions): string => `SELECT e.pipeline AS pipeline, e.rate AS "events/s", e.refused AS "refused", l.p99 AS "p99",
  l.budget AS "p99 budget", l.within AS "within budget", g.lag AS "lag", toFloat64(a.firing) AS "alerts firing", e.newest AS "newest event"
FROM (SELECT pipeline, toFloat64(count()) / ${RANGE_SECONDS} AS rate, countIf(fate = 'quarantined') / count() AS refused, max(ingested) AS newest
  FROM ${EVENTS} GROUP BY pipeline) AS e
LEFT JOIN (SELECT pipeline, quantileArray(0.99)(end_to_end_us) / 1000 AS p99, ${budgetMs(pipelines, 'pipeline', 'p99Ms')} AS budget,
    sum(arrayCount(us -> us / 1000 <= ${budgetMs(pipelines, 'pipeline', 'p99Ms')}, end_to_end_us)) / sum(${COUNTED}) AS within
  FROM ${TABLES.batches} WHERE $__timeFilter(published) AND notEmpty(end_to_end_us) GROUP BY pipeline) AS l ON l.pipeline = e.pipeline
LEFT JOIN (SELECT consumer_group, toFloat64(max(newest)) AS lag
  FROM (SELECT consumer_group, topic, partition, argMax(lag_ms, at) AS newest FROM ${TABLES.groupSamples} WHERE $__timeFilter(at)
    GROUP BY consumer_group, topic, partition)
  GROUP BY consumer_group) AS g ON g.consumer_group = e.pipeline
LEFT JOIN (SELECT pipeline, countIf(state = 'firing' AND severity != 'none') AS firing FROM (${STANDING}) GROUP BY pipeline) AS a ON a.pipeline = e.pipeline
ORDER BY pipeline LIMIT ${MAX_ROWS}`;

const FATE_COLORS: Readonly<Record<(typeof FATES)[number], string>> = {
  scored: COLORS.neutral,
  collecting: COLORS.pending,
  used_by_features: COLORS.feature,
  accepted: COLORS.good,
  without_entity: COLORS.quiet,
  quarantined: COLORS.bad,
  late: COLORS.late,
  duplicate: COLORS.warning,
};
const fateWords = (fate: string): string => fate.replaceAll('_', ' ');

/** A column a fate, events a second: their colours say what they mean. */
export const FATE_COLUMNS = FATES.map(
  (fate) => `toFloat64(countIf(fate = '${fate}')) / $__interval_s AS "${fateWords(fate)}"`,
).join(',\n  ');
export const FATE_OVERRIDES: readonly Override[] = FATES.map((fate) => colored(fateWords(fate), FATE_COLORS[fate]));

const SEVERITY_CELL: Override = {
  column: 'severity',
  properties: [
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
    {
      id: 'mappings',
      value: [
        {
          type: 'value',
          options: { page: { color: COLORS.bad, text: 'page' }, ticket: { color: COLORS.warning, text: 'ticket' } },
        },
      ],
    },
  ],
};

const STATS: readonly PanelSpec[] = [
  {
    id: 3,
    kind: 'stat',
    title: 'Events',
    description: 'Events that were read in all pipelines, per second, in the newest whole step of the time that is shown.',
    runbook: 'PipelineSilent',
    unit: 'eps',
    decimals: 1,
    thresholds: plain(COLORS.neutral),
    noValue: 'nothing read',
    sql: `SELECT $__timeInterval(ingested) AS time, toFloat64(count()) / $__interval_s AS "events/s" FROM ${EVENTS}
GROUP BY time HAVING time + $__interval_s <= $__toTime ${ORDERED_WITH_ZEROS}`,
    place: { x: 0, y: 0, w: 6, h: 4 },
  },
  {
    id: 4,
    kind: 'stat',
    title: 'Refused by their contract',
    description: 'Share of all events in the time that is shown that their contract refused; they wait in quarantine.',
    runbook: 'ContractBudgetBurn',
    unit: 'percentunit',
    decimals: 2,
    thresholds: rising(0.01, 0.05),
    noValue: 'nothing read',
    sql: `SELECT countIf(fate = 'quarantined') / count() AS "refused" FROM ${EVENTS} HAVING count() > 0 LIMIT 1`,
    place: { x: 6, y: 0, w: 6, h: 4 },
  },
  {
    id: 5,
    kind: 'stat',
    title: 'Pages firing',
    description: 'Alerts of severity page that fired at the end of the time that is shown.',
    runbook: 'Watchdog',
    unit: 'short',
    thresholds: rising(1, 1),
    sql: `SELECT toFloat64(countIf(state = 'firing' AND severity = 'page')) AS "pages" FROM (${STANDING}) WHERE $__timeFilter(starts_at) OR state = 'firing' LIMIT 1`,
    place: { x: 12, y: 0, w: 6, h: 4 },
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Oldest unread event',
    description:
      'How long the first unread event of the slowest partition had been in the log when it was last sampled, over all groups.',
    runbook: 'ConsumerGroupLagging',
    unit: 'ms',
    thresholds: rising(10_000, 60_000),
    noValue: 'not sampled',
    sql: `SELECT toFloat64(max(newest)) AS "lag" FROM (SELECT consumer_group, topic, partition, argMax(lag_ms, at) AS newest FROM ${TABLES.groupSamples}
  WHERE $__timeFilter(at) GROUP BY consumer_group, topic, partition) HAVING count() > 0 LIMIT 1`,
    place: { x: 18, y: 0, w: 6, h: 4 },
  },
];

const ALERTS: readonly PanelSpec[] = [
  {
    id: 7,
    kind: 'table',
    title: 'Firing now',
    description: 'Alerts that fired at the end of the time that is shown, the worst first. An alert leads to its incident.',
    runbook: 'Watchdog',
    unit: 'string',
    noValue: 'nothing fires',
    overrides: [
      INCIDENT_LINK,
      PIPELINE_LINK,
      SEVERITY_CELL,
      widthOf('severity', 90),
      widthOf('pipeline', 130),
      { column: 'fingerprint', properties: [{ id: 'custom.hidden', value: true }] },
    ],
    sql: `SELECT alert, severity, pipeline, starts_at AS since, summary, fingerprint FROM (${STANDING})
WHERE state = 'firing' AND severity != 'none' AND ($__timeFilter(since) OR since < $__fromTime)
ORDER BY severity, since LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 4, w: 12, h: 8 },
  },
  {
    id: IDS.alerts,
    kind: 'bars',
    title: 'Alerts that began',
    description:
      'Alerts that began to fire in each step of time, by severity: a page wakes somebody, a ticket waits for working hours.',
    runbook: 'Watchdog',
    unit: 'short',
    decimals: 0,
    min: 0,
    overrides: [colored('page', COLORS.bad), colored('ticket', COLORS.warning)],
    sql: `SELECT $__timeInterval(at) AS time, toFloat64(countIf(severity = 'page')) AS "page", toFloat64(countIf(severity = 'ticket')) AS "ticket"
FROM ${TABLES.alertEvents} WHERE $__timeFilter(at) AND state = 'firing' GROUP BY time ${ORDERED_WITH_ZEROS}`,
    place: { x: 12, y: 4, w: 12, h: 8 },
  },
];

const SLO_EVENTS = `SELECT at, rule_id, labels['slo'] AS slo, severity, multiIf(state != 'firing', 0, severity = 'page', 2, 1) AS value FROM ${TABLES.alertEvents}
    WHERE labels['slo'] != ''`;

const SLO: PanelSpec = {
  id: 8,
  kind: 'states',
  title: 'SLOs: does their error budget burn?',
  description:
    'A line for each rule of an SLO: when its error budget burned too fast for a ticket or a page. A line begins with its last state before the time that is shown.',
  runbook: 'LatencyBudgetBurn',
  unit: 'short',
  legend: `\${__field.labels.objective}`,
  noValue: 'no rule of an SLO has fired',
  valueWords: {
    '0': { text: 'fine', color: COLORS.good },
    '1': { text: 'ticket', color: COLORS.warning },
    '2': { text: 'page', color: COLORS.bad },
  },
  sql: `SELECT time, objective, toFloat64(value) AS value FROM (
  SELECT at AS time, concat(slo, ' · ', rule_id) AS objective, value FROM (${SLO_EVENTS}) WHERE $__timeFilter(time)
  UNION ALL SELECT toDateTime64($__fromTime, 3, 'UTC') AS time, concat(slo, ' · ', rule_id) AS objective, argMax(value, at) AS value
    FROM (${SLO_EVENTS}) WHERE at < $__fromTime GROUP BY objective)
ORDER BY time, objective LIMIT ${MAX_POINTS}`,
  place: { x: 0, y: 19, w: 12, h: 8 },
};

const FATE_PANEL: PanelSpec = {
  id: 9,
  kind: 'areas',
  title: 'What became of events',
  description: 'Events a second in all pipelines, by fate: each event has exactly one, so the height is all that was read.',
  runbook: 'QuarantineGrowing',
  unit: 'eps',
  min: 0,
  overrides: FATE_OVERRIDES,
  sql: `SELECT $__timeInterval(ingested) AS time,\n  ${FATE_COLUMNS}\nFROM ${EVENTS} GROUP BY time ${ORDERED_WITH_ZEROS}`,
  place: { x: 12, y: 19, w: 12, h: 8 },
};

const CHANGES: PanelSpec = {
  id: 10,
  kind: 'table',
  title: 'What changed',
  description:
    'Everything that a person or a machine altered in the time that is shown, newest first: most incidents begin with one of these.',
  runbook: 'LatencyBudgetBurn',
  unit: 'string',
  noValue: 'nothing changed',
  overrides: [widthOf('recorded', 190), widthOf('what', 180), widthOf('of', 180), widthOf('by', 160)],
  sql: `SELECT recorded, replaceAll(kind, '_', ' ') AS what, subject AS "of", actor AS "by", summary FROM ${TABLES.changes}
WHERE $__timeFilter(recorded) ORDER BY recorded DESC LIMIT ${MAX_ROWS}`,
  place: { x: 0, y: 27, w: 24, h: 9 },
};

/** First what is wrong, then where, then since when and what happened around it. */
export function overviewPanels(options: GrafanaOptions): readonly PanelSpec[] {
  const pipelines: PanelSpec = {
    id: IDS.pipelines,
    kind: 'table',
    title: 'Pipelines',
    description:
      'Each pipeline over the time that is shown: what it reads, what its contracts refuse, its latency against its budget (the 99th percentile of live decisions), how far it is behind, and what fires. A pipeline leads to its board.',
    runbook: 'PipelineSilent',
    unit: 'short',
    decimals: 2,
    noValue: 'no pipeline has read an event',
    overrides: [
      PIPELINE_LINK,
      unitOf('events/s', 'eps', 1),
      gradedCell('refused', 'percentunit', rising(0.01, 0.05)),
      unitOf('p99', 'ms', 0),
      unitOf('p99 budget', 'ms', 0),
      gradedCell('within budget', 'percentunit', falling(0.95, 0.99)),
      gradedCell('lag', 'ms', rising(10_000, 60_000)),
      gradedCell('alerts firing', 'none', rising(1, 1)),
      unitOf('newest event', 'dateTimeAsIso'),
    ],
    sql: pipelinesSql(options),
    place: { x: 0, y: 12, w: 24, h: 7 },
  };
  return [...STATS, ...ALERTS, pipelines, SLO, FATE_PANEL, CHANGES];
}
