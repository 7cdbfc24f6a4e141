import { BOARDS, TABLES } from '#core';
import { before, latest, literal, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert, CauseQuestion } from '../cause.ts';
import { storedEvents } from '../stored-events.ts';

/** What a level is made of, event days and values; a producer's newest days are taken until there are enough of both. */
const WINDOW = { days: 2, values: 50, atMostDays: 14 } as const;
const BASELINE = { days: 5, values: 50, reachDays: 28 } as const;
/** Where the profiler adds up producers that it does not tell apart (drift/fields/day-profiles.ts). */
export const OTHER_PRODUCERS = '(other producers)';
/** Goes along with any factor. */
const ANY = 1e9;
/** Of the baseline's days, by size: a level that a fifth of the days had already is no change, nor do the first changed days hide one. */
const HIGH = 0.8;
const LOW = 0.2;

/**
 * All of a producer's distribution moved one way, against the 28 event days before: a unit, a factor or another field, not a
 * season. As drift/fields/field-changes.ts judges a week, but over the newest days alone, so that it is known a few days after.
 */
export const FIELD_MEANING_CHANGED: CauseAlert = {
  alert: 'FieldMeaningChanged',
  measures:
    'By which factor the median of a producer’s numeric field, in its newest event days, is beyond what it was on four of five of the 28 days before, and with it, the same way, the 5 % and the 95 % quantile: the least of the three.',
  threshold: { value: 5, unit: 'factor' },
  window: { written: '2d', floorMs: 60_000 },
  labelColumns: ['subject', 'field', 'source'],
  summary: (pipeline) =>
    `{field} of {subject} from {source} means something else than before in ${pipeline}: all of its values moved by a factor of {value} or more.`,
  panel: { dashboardUid: BOARDS.contract.uid, panelId: BOARDS.contract.panels.fields },
  sql: (question) => `SELECT subject, field, source,
  greatest(arrayMin(arrayMap((usual, size, now, nth) -> ${factorOf('abs(now) / size')}, typical, high, newer, [1, 2, 3])),
    arrayMin(arrayMap((usual, size, now, nth) -> ${factorOf('size / abs(now)')}, typical, low, newer, [1, 2, 3]))) AS value
FROM (
  SELECT subject, field, source, anyIf(quantiles, in_window) AS newer,
    medianExactForEachIf(quantiles, NOT in_window) AS typical,
    quantileExactForEachIf(${HIGH})(sizes, NOT in_window) AS high, quantileExactForEachIf(${LOW})(sizes, NOT in_window) AS low
  FROM (SELECT *, arrayMap(quantile -> abs(quantile), quantiles) AS sizes FROM (${levels(question)}))
  GROUP BY subject, field, source, accuracy
  HAVING sumIf(n, in_window) >= ${WINDOW.values} AND sumIf(days, in_window) >= ${WINDOW.days}
    AND sumIf(n, NOT in_window) >= ${BASELINE.values} AND sumIf(days, NOT in_window) >= ${BASELINE.days})
ORDER BY value DESC, subject, field, source LIMIT 20`,
  exemplarSql: ({
    pipeline,
    windowMs,
  }) => `SELECT source, event_id, concat({label_field:String}, ' at ', toString(event_time)) AS note
FROM (${storedEvents(pipeline.name, 'toString(source) AS source, event_id, event_time, event_type, ingested', { fromMs: windowMs, toMs: 0 })})
WHERE toString(event_type) = {label_subject:String} AND source = {label_source:String} AND ${sinceStart('ingested', windowMs)}
ORDER BY ingested DESC, event_id LIMIT 5`,
};

/** By what a quantile moved: nothing where its sign is another. What is zero on both sides goes along, but for the median. */
function factorOf(factor: string): string {
  return `multiIf(usual = 0 AND now = 0, if(nth = 2, 0, ${ANY}), usual * now <= 0 OR size = 0, 0, ${factor})`;
}

/**
 * Quantiles of each field, over its window and of each day of its baseline. A sketch's quantile is the middle of the bucket in which its rank lies.
 */
function levels({ pipeline, windowMs }: CauseQuestion): string {
  const ofPipeline = `FROM ${TABLES.fieldProfiles} WHERE pipeline = ${literal(pipeline.name)} AND source != ${literal(OTHER_PRODUCERS)}`;
  const lately = `${ofPipeline} AND ${within('ingested', { ...latest(windowMs), toMs: 0 })}`;
  const reachDays = BASELINE.reachDays + WINDOW.atMostDays;
  const days = `SELECT subject, field, source, accuracy, window_from, sum(value_count) AS n, min(value_min) AS lowest, max(value_max) AS highest,
      sum(zero_count) AS zeros, sumMap(positive_keys, positive_counts) AS positive, sumMap(negative_keys, negative_counts) AS negative
    ${ofPipeline} AND ingested <= ${before(0)} AND (subject, field, source) IN (SELECT subject, field, source ${lately})
      AND window_from > (SELECT min(newest) FROM (SELECT max(window_from) AS newest ${lately} GROUP BY subject, field, source)) - toIntervalDay(${reachDays})
    GROUP BY subject, field, source, accuracy, window_from HAVING n > 0`;
  const placed = `SELECT *, row_number() OVER newest_first AS nth, max(window_from) OVER place AS newest,
      ifNull(sum(n) OVER (newest_first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer_values
    FROM (${days})
    WINDOW place AS (PARTITION BY subject, field, source, accuracy), newest_first AS (PARTITION BY subject, field, source, accuracy ORDER BY window_from DESC)`;
  const parted = `SELECT *, (nth <= ${WINDOW.days} OR newer_values < ${WINDOW.values})
        AND window_from > newest - toIntervalDay(${WINDOW.atMostDays}) AS in_window,
      minIf(window_from, in_window) OVER (PARTITION BY subject, field, source, accuracy) AS begins
    FROM (${placed})`;
  const merged = `SELECT toString(subject) AS subject, toString(field) AS field, toString(source) AS source, accuracy, in_window, sum(n) AS n,
      count() AS days, min(lowest) AS lowest, max(highest) AS highest, sum(zeros) AS zeros,
      sumMap(positive.1, positive.2) AS positive, sumMap(negative.1, negative.2) AS negative
    FROM (${parted}) WHERE in_window OR window_from >= begins - toIntervalDay(${BASELINE.reachDays})
    GROUP BY subject, field, source, accuracy, in_window, if(in_window, begins, window_from)`;
  return `SELECT subject, field, source, accuracy, in_window, n, days, (1 + accuracy) / (1 - accuracy) AS gamma,
    arrayConcat(arrayMap(key -> -2 * pow(gamma, key) / (gamma + 1), arrayReverse(negative.1)), [0.],
      arrayMap(key -> 2 * pow(gamma, key) / (gamma + 1), positive.1)) AS middles,
    arrayCumSum(arrayConcat(arrayReverse(negative.2), [zeros], positive.2)) AS ranks,
    arrayMap(share -> least(assumeNotNull(highest), greatest(assumeNotNull(lowest),
      middles[arrayFirstIndex(below -> below > floor(share * (n - 1)), ranks)])), [0.05, 0.5, 0.95]) AS quantiles
  FROM (${merged})`;
}
