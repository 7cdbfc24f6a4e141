import { BOARDS, TABLES } from '#core';
import { chosen, MAX_POINTS, MAX_ROWS, RANGE_SECONDS } from './fragments.ts';
import { EVENT_LINK, TRACE_LINK } from './links.ts';
import { COLORS, colored, gradedCell, plain, rising, unitOf, widthOf } from './looks.ts';
import type { PanelSpec } from './panel-spec.ts';

const { panels: IDS } = BOARDS.model;
const OF_MODEL = `model = ${chosen('model')}`;
const SCORED = `${TABLES.decisions} WHERE ${OF_MODEL} AND $__timeFilter(polled) AND score IS NOT NULL`;
/** What the events' own time is for: labels and drift belong to when something happened, not to when we read it. */
const ON_EVENT_CLOCK = 'By event time: in a replay of history, choose the time of that history.';
const PERIOD = `INTERVAL 1 \${grain:raw}`;

const STATS: readonly PanelSpec[] = [
  {
    id: 7,
    kind: 'stat',
    title: 'Version that decides',
    description: 'The live version of the newest decision in the time that is shown.',
    runbook: 'CandidateGap',
    unit: 'none',
    thresholds: plain(COLORS.neutral),
    showsText: true,
    noValue: 'nothing decided',
    sql: `SELECT concat('v', toString(argMax(model_version, polled))) AS "version" FROM ${SCORED} HAVING count() > 0 LIMIT 1`,
    place: { x: 0, y: 0, w: 6, h: 4 },
  },
  {
    id: 8,
    kind: 'stat',
    title: 'Decisions',
    description: 'Decisions of this model per second over the time that is shown.',
    runbook: 'PipelineSilent',
    unit: 'eps',
    decimals: 2,
    thresholds: plain(COLORS.neutral),
    sql: `SELECT toFloat64(count()) / ${RANGE_SECONDS} AS "decisions/s" FROM ${SCORED} LIMIT 1`,
    place: { x: 6, y: 0, w: 6, h: 4 },
  },
  {
    id: 9,
    kind: 'stat',
    title: 'Drift alarms in the newest window',
    description: `Targets of the drift jobs in alarm in the newest window that ends in the time that is shown. ${ON_EVENT_CLOCK}`,
    runbook: 'FieldMeaningChanged',
    unit: 'none',
    thresholds: rising(1, 3),
    noValue: 'no window ended',
    sql: `SELECT toFloat64(argMax(alarms, window_to)) AS "alarms" FROM (SELECT window_to, uniqExactIf((target, method), is_alarm) AS alarms FROM ${TABLES.driftResults}
  WHERE ${OF_MODEL} AND $__timeFilter(window_to) GROUP BY window_to) HAVING count() > 0 LIMIT 1`,
    place: { x: 12, y: 0, w: 6, h: 4 },
  },
  {
    id: 10,
    kind: 'stat',
    title: 'Predictions with an outcome',
    description: `Share of the predictions in the time that is shown whose label is final. The newest ones wait for theirs. ${ON_EVENT_CLOCK}`,
    runbook: 'OutcomesNotJoined',
    unit: 'percentunit',
    decimals: 1,
    thresholds: plain(COLORS.neutral),
    noValue: 'no prediction',
    sql: `SELECT countIf(prediction_id IN (SELECT prediction_id FROM ${TABLES.outcomes} WHERE $__timeFilter(predicted_at))) / count() AS "with an outcome"
FROM ${TABLES.decisions} WHERE ${OF_MODEL} AND $__timeFilter(event_time) AND score IS NOT NULL HAVING count() > 0 LIMIT 1`,
    place: { x: 18, y: 0, w: 6, h: 4 },
  },
];

const NOW: readonly PanelSpec[] = [
  {
    id: IDS.versions,
    kind: 'bars',
    title: 'Versions that decide',
    description: 'Decisions a second by the version that made them. A change of colour is a promotion or a roll-back.',
    runbook: 'CandidateGap',
    unit: 'eps',
    min: 0,
    legend: `v\${__field.labels.version}`,
    sql: `SELECT $__timeInterval(polled) AS time, toString(model_version) AS version, toFloat64(count()) / $__interval_s AS value
FROM ${SCORED} GROUP BY time, version ORDER BY time, version LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 4, w: 8, h: 8 },
  },
  {
    id: IDS.scores,
    kind: 'lines',
    title: 'Scores of the live version',
    description:
      'How the scores lie: median, and the middle 90 %. A band that narrows to a line is a default that stands in for features.',
    runbook: 'FeatureValuesMissing',
    unit: 'none',
    decimals: 3,
    min: 0,
    max: 1,
    overrides: [
      colored('p95', COLORS.low),
      colored('p50', COLORS.neutral),
      colored('p05', COLORS.low),
      {
        column: 'p95',
        properties: [
          { id: 'custom.fillBelowTo', value: 'p05' },
          { id: 'custom.fillOpacity', value: 15 },
        ],
      },
    ],
    sql: `SELECT $__timeInterval(polled) AS time, toFloat64(quantile(0.95)(score)) AS "p95", toFloat64(quantile(0.5)(score)) AS "p50", toFloat64(quantile(0.05)(score)) AS "p05"
FROM ${SCORED} GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 8, y: 4, w: 8, h: 8 },
  },
  {
    id: IDS.candidate,
    kind: 'lines',
    title: 'Candidates against the live version',
    description: 'Mean distance between the score of a version in shadow and the live one, on the same events.',
    runbook: 'CandidateGap',
    unit: 'none',
    decimals: 3,
    min: 0,
    legend: `v\${__field.labels.version}`,
    legendCalcs: ['lastNotNull', 'max'],
    noValue: 'no version is in shadow',
    sql: `SELECT $__timeInterval(polled) AS time, toString(shadow.1) AS version, avg(abs(toFloat64(shadow.2) - toFloat64(score))) AS value
FROM ${TABLES.decisions} ARRAY JOIN arrayZip(shadow_versions, shadow_scores) AS shadow
WHERE ${OF_MODEL} AND $__timeFilter(polled) AND score IS NOT NULL GROUP BY time, version ORDER BY time, version LIMIT ${MAX_POINTS}`,
    place: { x: 16, y: 4, w: 8, h: 8 },
  },
];

const OUTCOMES: readonly PanelSpec[] = [
  {
    id: IDS.quality,
    kind: 'lines',
    title: 'Quality, as outcomes arrive',
    description: `Log loss (lower is better), and AUC and accuracy at 0.5 (higher is better) of the predictions of each week or month whose label is final. The newest point still gains labels, positive ones first. ${ON_EVENT_CLOCK}`,
    runbook: 'OutcomeBudgetBurn',
    unit: 'none',
    decimals: 3,
    legendCalcs: ['lastNotNull', 'min', 'max'],
    noValue: 'no outcome yet',
    overrides: [colored('log loss', COLORS.bad), colored('AUC', COLORS.neutral), colored('accuracy', COLORS.good)],
    sql: `SELECT toStartOfInterval(toDateTime(o.predicted_at), ${PERIOD}) AS time,
  -avg(if(o.label = 1, log(greatest(1e-15, toFloat64(d.score))), log(greatest(1e-15, 1 - toFloat64(d.score))))) AS "log loss",
  arrayAUC(groupArray(toFloat64(d.score)), groupArray(o.label)) AS "AUC", avg((d.score >= 0.5) = (o.label = 1)) AS "accuracy"
FROM (SELECT prediction_id, predicted_at, label FROM ${TABLES.outcomes} WHERE $__timeFilter(predicted_at)) AS o
INNER JOIN (SELECT prediction_id, assumeNotNull(score) AS score FROM ${TABLES.decisions} WHERE ${OF_MODEL} AND $__timeFilter(event_time) AND score IS NOT NULL) AS d
  USING (prediction_id)
GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 12, w: 12, h: 9 },
  },
  {
    id: 11,
    kind: 'bars',
    title: 'Labels: how many are final',
    description: `Predictions of each week or month by what became of them. Open ones wait for their horizon. ${ON_EVENT_CLOCK}`,
    runbook: 'OutcomesNotJoined',
    unit: 'short',
    decimals: 0,
    min: 0,
    noValue: 'no prediction',
    overrides: [colored('positive', COLORS.good), colored('negative', COLORS.neutral), colored('open', COLORS.quiet)],
    sql: `SELECT toStartOfInterval(toDateTime(d.event_time), ${PERIOD}) AS time, toFloat64(countIf(o.known = 1 AND o.label = 1)) AS "positive",
  toFloat64(countIf(o.known = 1 AND o.label = 0)) AS "negative", toFloat64(countIf(o.known = 0)) AS "open"
FROM (SELECT prediction_id, event_time FROM ${TABLES.decisions} WHERE ${OF_MODEL} AND $__timeFilter(event_time) AND score IS NOT NULL) AS d
ANY LEFT JOIN (SELECT prediction_id, label, toUInt8(1) AS known FROM ${TABLES.outcomes} WHERE $__timeFilter(predicted_at)) AS o USING (prediction_id)
GROUP BY time ORDER BY time LIMIT ${MAX_POINTS}`,
    place: { x: 12, y: 12, w: 12, h: 9 },
  },
];

const DRIFT: readonly PanelSpec[] = [
  {
    id: IDS.drift,
    kind: 'lines',
    title: 'Drift: measures over their thresholds',
    description: `Each measure of a drift job divided by its threshold, at the end of each window: over the dashed line it is a breach, and with enough windows in a row an alarm. ${ON_EVENT_CLOCK}`,
    runbook: 'FieldMeaningChanged',
    unit: 'none',
    decimals: 2,
    min: 0,
    noValue: 'no window ended',
    thresholds: rising(1, 1),
    drawsThresholds: true,
    legend: `\${__field.labels.measure}`,
    sql: `SELECT window_to AS time, concat(target, ' · ', method) AS measure, toFloat64(max(ratio)) AS value
FROM (SELECT window_to, target, method, value / threshold AS ratio FROM ${TABLES.driftResults}
  WHERE ${OF_MODEL} AND $__timeFilter(window_to) AND status = 'ok' AND value IS NOT NULL AND threshold > 0)
GROUP BY time, measure ORDER BY time, measure LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 21, w: 12, h: 9 },
  },
  {
    id: 12,
    kind: 'table',
    title: 'Drift results, the worst first',
    description: `What the drift jobs measured over the newest windows, alarms and breaches first; what could not be computed says why. ${ON_EVENT_CLOCK}`,
    runbook: 'FieldMeaningChanged',
    unit: 'none',
    decimals: 4,
    noValue: 'no window ended',
    overrides: [
      unitOf('window ends', 'dateTimeAsIso'),
      widthOf('window ends', 190),
      widthOf('target', 240),
      {
        ...gradedCell('in a row', 'none', [
          ...plain('transparent'),
          { value: 1, color: COLORS.warning },
          { value: 2, color: COLORS.bad },
        ]),
      },
      { column: 'rows', properties: [{ id: 'decimals', value: 0 }] },
    ],
    sql: `SELECT window_to AS "window ends", target, method, value, threshold, toFloat64(windows_in_a_row) AS "in a row", is_alarm AS "alarm", p_value AS "p value",
  reference_value AS "reference", toFloat64(rows) AS "rows", reason FROM ${TABLES.driftResults}
WHERE ${OF_MODEL} AND $__timeFilter(window_to) ORDER BY is_alarm DESC, is_breach DESC, window_to DESC, target, method LIMIT ${MAX_ROWS}`,
    place: { x: 12, y: 21, w: 12, h: 9 },
  },
];

const LINE_KINDS = [
  'training_requested',
  'retraining_requested',
  'training_refused',
  'model_trained',
  'model_registered',
  'model_shadowed',
  'model_promoted',
  'model_refused',
  'drift_detected',
];

const RECORDS: readonly PanelSpec[] = [
  {
    id: IDS.retraining,
    kind: 'table',
    title: 'Retraining history',
    description:
      'What was asked for, trained, tried in shadow, promoted or refused, and why: by when it was recorded, newest first. “holds from” is the event time from which it holds.',
    runbook: 'RetrainingBudgetBurn',
    unit: 'string',
    noValue: 'nothing was trained',
    overrides: [widthOf('recorded', 190), widthOf('holds from', 190), widthOf('what', 170), widthOf('by', 150)],
    sql: `SELECT recorded, at AS "holds from", replaceAll(kind, '_', ' ') AS what, actor AS "by", summary FROM ${TABLES.changes}
WHERE subject = ${chosen('model')} AND kind IN (${LINE_KINDS.map((kind) => `'${kind}'`).join(', ')}) AND $__timeFilter(recorded)
ORDER BY recorded DESC LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 30, w: 24, h: 8 },
  },
  {
    id: 13,
    kind: 'table',
    title: 'Where a candidate differs',
    description:
      'Mean of a shadow version’s score less the live one, by the producer of the scored event: a candidate that is biased in one segment stands out here before it hurts anywhere.',
    runbook: 'CandidateGap',
    unit: 'none',
    decimals: 4,
    noValue: 'no version is in shadow',
    overrides: [
      gradedCell('mean distance', 'none', rising(0.05, 0.1)),
      { column: 'decisions', properties: [{ id: 'decimals', value: 0 }] },
    ],
    sql: `SELECT concat('v', toString(shadow.1)) AS version, source, toFloat64(count()) AS "decisions", avg(toFloat64(shadow.2) - toFloat64(score)) AS "mean difference",
  avg(abs(toFloat64(shadow.2) - toFloat64(score))) AS "mean distance"
FROM ${TABLES.decisions} ARRAY JOIN arrayZip(shadow_versions, shadow_scores) AS shadow
WHERE ${OF_MODEL} AND $__timeFilter(polled) AND score IS NOT NULL GROUP BY version, source ORDER BY "mean distance" DESC LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 38, w: 10, h: 9 },
  },
  {
    id: 14,
    kind: 'table',
    title: 'The newest decisions',
    description: 'Decisions of this model, newest first, with their event and their trace.',
    runbook: 'FeatureValuesMissing',
    unit: 'string',
    noValue: 'nothing decided',
    overrides: [EVENT_LINK, TRACE_LINK, unitOf('score', 'none', 3), widthOf('polled', 190), widthOf('version', 80)],
    sql: `SELECT polled, source, event_id, lower(hex(trace_id)) AS trace_id, concat('v', toString(model_version)) AS version, toFloat64(score) AS score, decision
FROM ${SCORED} ORDER BY polled DESC LIMIT 50`,
    place: { x: 10, y: 38, w: 14, h: 9 },
  },
];

/** What decides and how it scores, then whether it is right, then whether the world moved, then what was done about it. */
export function modelPanels(): readonly PanelSpec[] {
  return [...STATS, ...NOW, ...OUTCOMES, ...DRIFT, ...RECORDS];
}
