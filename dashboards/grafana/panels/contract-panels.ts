import { BOARDS, TABLES } from '#core';
import { chosen, MAX_POINTS, MAX_ROWS, ORDERED_WITH_ZEROS } from './fragments.ts';
import { EVENT_LINK, TRACE_LINK } from './links.ts';
import { COLORS, colored, gradedCell, plain, rising, unitOf, widthOf } from './looks.ts';
import type { PanelSpec } from './panel-spec.ts';

const { panels: IDS } = BOARDS.contract;
const OF_SUBJECT = `event_type = ${chosen('subject')} AND $__timeFilter(ingested)`;
const COLUMNS = 'fate, ingested, source, contract_version';
const EVENTS = `(SELECT ${COLUMNS} FROM ${TABLES.decisions} WHERE ${OF_SUBJECT} UNION ALL SELECT ${COLUMNS} FROM ${TABLES.receipts} WHERE ${OF_SUBJECT})`;
const REFUSED = `${TABLES.receipts} WHERE ${OF_SUBJECT} AND fate = 'quarantined'`;
const PROFILES = `${TABLES.fieldProfiles} WHERE subject = ${chosen('subject')} AND $__timeFilter(window_from)`;
const ON_EVENT_CLOCK = 'By day of event time: in a replay of history, choose the time of that history.';

const STATS: readonly PanelSpec[] = [
  {
    id: 5,
    kind: 'stat',
    title: 'Valid',
    description: 'Share of the events of this subject in the time that is shown that fit their contract.',
    runbook: 'ContractBudgetBurn',
    unit: 'percentunit',
    decimals: 2,
    thresholds: [
      { value: null, color: COLORS.bad },
      { value: 0.95, color: COLORS.warning },
      { value: 0.99, color: COLORS.good },
    ],
    noValue: 'no event',
    sql: `SELECT countIf(fate != 'quarantined') / count() AS "valid" FROM ${EVENTS} HAVING count() > 0 LIMIT 1`,
    place: { x: 0, y: 0, w: 8, h: 4 },
  },
  {
    id: 6,
    kind: 'stat',
    title: 'Refused',
    description: 'Events of this subject that were refused in the time that is shown; they wait to be corrected and sent on.',
    runbook: 'QuarantineGrowing',
    unit: 'short',
    decimals: 0,
    thresholds: rising(1, 100),
    sql: `SELECT toFloat64(count()) AS "quarantined" FROM ${REFUSED} LIMIT 1`,
    place: { x: 8, y: 0, w: 8, h: 4 },
  },
  {
    id: 7,
    kind: 'stat',
    title: 'Version in use',
    description: 'The version of the contract that the newest valid event was held against.',
    runbook: 'ContractBudgetBurn',
    unit: 'none',
    thresholds: plain(COLORS.neutral),
    showsText: true,
    noValue: 'no event',
    sql: `SELECT concat('v', toString(argMax(contract_version, ingested))) AS "version" FROM ${EVENTS} WHERE fate != 'quarantined' HAVING count() > 0 LIMIT 1`,
    place: { x: 16, y: 0, w: 8, h: 4 },
  },
];

const TRAFFIC: readonly PanelSpec[] = [
  {
    id: IDS.validity,
    kind: 'areas',
    title: 'Valid and quarantined',
    description:
      'Events a second of this subject: those that fit their contract, and those that were refused and wait in quarantine.',
    runbook: 'ContractBudgetBurn',
    unit: 'eps',
    min: 0,
    noValue: 'no event',
    overrides: [colored('valid', COLORS.good), colored('quarantined', COLORS.bad)],
    sql: `SELECT $__timeInterval(ingested) AS time, toFloat64(countIf(fate = 'quarantined')) / $__interval_s AS "quarantined",
  toFloat64(countIf(fate != 'quarantined')) / $__interval_s AS "valid"
FROM ${EVENTS} GROUP BY time ${ORDERED_WITH_ZEROS}`,
    place: { x: 0, y: 4, w: 12, h: 8 },
  },
  {
    id: IDS.reasons,
    kind: 'bars',
    title: 'Why events were refused',
    description: 'Refused events in each step of time, by the rule of the contract that they broke.',
    runbook: 'QuarantineGrowing',
    unit: 'short',
    decimals: 0,
    min: 0,
    legend: `\${__field.labels.reason}`,
    legendCalcs: ['sum'],
    noValue: 'nothing was refused',
    sql: `SELECT $__timeInterval(ingested) AS time, toString(reason) AS reason, toFloat64(count()) AS value FROM ${REFUSED}
GROUP BY time, reason ORDER BY time, reason LIMIT ${MAX_POINTS}`,
    place: { x: 12, y: 4, w: 12, h: 8 },
  },
];

const PRODUCERS: PanelSpec = {
  id: 8,
  kind: 'table',
  title: 'Producers and versions',
  description:
    'Who sends events of this subject, held against which version, and how many are refused. One producer that stands out has changed something.',
  runbook: 'ContractBudgetBurn',
  unit: 'none',
  noValue: 'no event',
  overrides: [
    gradedCell('refused', 'percentunit', rising(0.01, 0.05)),
    { column: 'events', properties: [{ id: 'decimals', value: 0 }] },
    unitOf('newest', 'dateTimeAsIso'),
  ],
  sql: `SELECT source, if(contract_version = 0, 'unknown', concat('v', toString(contract_version))) AS version, toFloat64(count()) AS "events",
  countIf(fate = 'quarantined') / count() AS "refused", max(ingested) AS "newest"
FROM ${EVENTS} GROUP BY source, version ORDER BY "refused" DESC, "events" DESC LIMIT ${MAX_ROWS}`,
  place: { x: 0, y: 12, w: 24, h: 7 },
};

const FIELDS: readonly PanelSpec[] = [
  {
    id: IDS.fields,
    kind: 'lines',
    title: 'Levels of the fields',
    description: `Mean of each numeric field a day, by producer, on a logarithmic scale: a step is another unit or another meaning, though every event is valid. ${ON_EVENT_CLOCK}`,
    runbook: 'FieldMeaningChanged',
    unit: 'short',
    isLogarithmic: true,
    noValue: 'no numeric field was profiled',
    legend: `\${__field.labels.field_of}`,
    sql: `SELECT toDateTime(window_from) AS time, concat(field, ' of ', source) AS field_of, abs(sum(value_sum) / sum(value_count)) AS value FROM ${PROFILES}
AND value_count > 0 GROUP BY time, field_of ORDER BY time, field_of LIMIT ${MAX_POINTS}`,
    place: { x: 0, y: 19, w: 12, h: 9 },
  },
  {
    id: 9,
    kind: 'lines',
    title: 'Fields that are left out',
    description: `Share of valid events a day in which a numeric field is absent or null, by producer. ${ON_EVENT_CLOCK}`,
    runbook: 'FeatureValuesMissing',
    unit: 'percentunit',
    min: 0,
    noValue: 'no numeric field was profiled',
    legend: `\${__field.labels.field_of}`,
    sql: `SELECT toDateTime(window_from) AS time, concat(field, ' of ', source) AS field_of, sum(missing_count) / (sum(missing_count) + sum(value_count)) AS value FROM ${PROFILES}
GROUP BY time, field_of HAVING sum(missing_count) + sum(value_count) > 0 ORDER BY time, field_of LIMIT ${MAX_POINTS}`,
    place: { x: 12, y: 19, w: 12, h: 9 },
  },
];

const RECORDS: readonly PanelSpec[] = [
  {
    id: IDS.quarantined,
    kind: 'table',
    title: 'The newest refused events',
    description: 'What was refused and why, newest first, with the event and its trace.',
    runbook: 'QuarantineGrowing',
    unit: 'string',
    noValue: 'nothing was refused',
    overrides: [EVENT_LINK, TRACE_LINK, widthOf('ingested', 190), widthOf('reason', 240)],
    sql: `SELECT ingested, reason, source, event_id, lower(hex(trace_id)) AS trace_id, if(contract_version = 0, 'unknown', concat('v', toString(contract_version))) AS version, detail
FROM ${REFUSED} ORDER BY ingested DESC LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 28, w: 24, h: 9 },
  },
  {
    id: 10,
    kind: 'table',
    title: 'Versions and findings',
    description:
      'Versions that were registered, and fields that were found to mean something else than before or to be as before again, newest first.',
    runbook: 'FieldMeaningChanged',
    unit: 'string',
    noValue: 'nothing changed',
    overrides: [widthOf('recorded', 190), widthOf('what', 170), widthOf('by', 160)],
    sql: `SELECT recorded, replaceAll(kind, '_', ' ') AS what, actor AS "by", summary FROM ${TABLES.changes}
WHERE subject = ${chosen('subject')} AND kind IN ('contract_registered', 'field_changed', 'field_restored') AND $__timeFilter(recorded)
ORDER BY recorded DESC LIMIT ${MAX_ROWS}`,
    place: { x: 0, y: 37, w: 24, h: 7 },
  },
];

/** Is it valid, what is not and why, who sends it, and do its fields mean what they meant. */
export function contractPanels(): readonly PanelSpec[] {
  return [...STATS, ...TRAFFIC, PRODUCERS, ...FIELDS, ...RECORDS];
}
