import { BOARDS, TABLES } from '#core';
import { before, latest, literal, SETTLE_MS, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert, CauseQuestion } from '../cause.ts';

const MINIMUM = { reads: 20, missing: 5 } as const;
/** What is merely more than usual is more easily chance than what cannot be. */
const EXCESS = { reads: 40, readsBefore: 100, share: 0.2, z: 4 } as const;
/** Windows are made of panes of a day at most: within one less, an event is in the window for sure. */
const PANE_MS = 86_400_000;

/**
 * Reads of a view that found nothing. The best witness is the entity itself: what was found for it by an event that still lies in the
 * view's window cannot be missing. Where too few are known so, the share of missing reads is held against what is usual, since new
 * entities have no values.
 */
export const FEATURE_VALUES_MISSING: CauseAlert = {
  alert: 'FeatureValuesMissing',
  measures:
    'The share of a view’s reads that found nothing though the entity has events in the view’s window; or, where it grew by 0.2 beyond chance, the growth of the share of all reads that found nothing.',
  threshold: { value: 0.05, unit: 'share' },
  window: { written: '30m', floorMs: 10_000 },
  labelColumns: ['view'],
  summary: (pipeline) =>
    `Reads of the view {view} find nothing where there are values, and ${pipeline} scores with defaults: a share of {value} of the reads.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.freshness },
  sql: (question) => `SELECT view, toFloat64(max(share)) AS value
FROM (${impossibleShares(question)}\nUNION ALL ${excessShares(question)})
GROUP BY view ORDER BY value DESC, view LIMIT 20`,
  exemplarSql: ({
    pipeline,
    windowMs,
  }) => `SELECT source, event_id, concat('no value of ', {label_view:String}, ' was found') AS note
FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', windowMs)} AND entity != ''
  AND arrayExists((name, status) -> startsWith(name, concat({label_view:String}, '.')) AND status = 'not_found',
    splitByChar(',', toString(feature_set)), feature_statuses)
  AND NOT arrayExists((name, status) -> startsWith(name, concat({label_view:String}, '.')) AND status != 'not_found',
    splitByChar(',', toString(feature_set)), feature_statuses)
ORDER BY ingested DESC, event_id LIMIT 5`,
};

/** Reads of entities that must be known, by view: how many of them found nothing. */
function impossibleShares({ pipeline, windowMs }: CauseQuestion): string {
  const recent = `${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND entity != '' AND ${within('ingested', latest(windowMs))}`;
  const widestMs = Math.max(0, ...pipeline.views.map((view) => view.windowMs));
  const earliest = `(SELECT if(count() = 0, toDateTime64('2200-01-01 00:00:00', 3, 'UTC'), min(event_time))
        - toIntervalMillisecond(${literal(widestMs)}) FROM ${recent})`;
  return `SELECT view, if(count() >= ${MINIMUM.reads} AND countIf(newest_ms = 0) >= ${MINIMUM.missing}, countIf(newest_ms = 0) / count(), 0) AS share
  FROM (
    SELECT r.view AS view, r.newest_ms AS newest_ms
    FROM (SELECT entity, partition, offset, event_time, ${newestByView(pipeline)} FROM ${recent}) AS r
    ASOF INNER JOIN (
      SELECT * FROM (
        SELECT entity, partition, offset, event_time, ${newestByView(pipeline)}
        FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND event_time >= ${earliest}
          AND entity IN (SELECT entity FROM ${recent})) WHERE newest_ms > 0
    ) AS k ON k.entity = r.entity AND k.partition = r.partition AND k.view = r.view AND k.event_time < r.event_time
    WHERE k.offset < r.offset AND toUnixTimestamp64Milli(r.event_time) - k.newest_ms < r.view_ms - ${PANE_MS})
  GROUP BY view`;
}

/** Columns view, view_ms and newest_ms, a row a view: event time of the newest event behind its values, epoch ms; 0 where it found none. */
function newestByView({ views }: CauseQuestion['pipeline']): string {
  const tuples = views.map(({ view, windowMs }) => {
    const newest = `arrayMax(arrayMap((name, age) -> if(startsWith(name, ${literal(`${view}.`)}) AND isNotNull(age),
          toUnixTimestamp64Milli(event_time) - assumeNotNull(age), toInt64(0)), splitByChar(',', toString(feature_set)), feature_ages_ms))`;
    return `(${literal(view)}, toInt64(${literal(windowMs)}), ${newest})`;
  });
  return `arrayJoin([${tuples.join(', ')}]) AS seen, seen.1 AS view, seen.2 AS view_ms, seen.3 AS newest_ms`;
}

/** How much the share of reads that found nothing has grown, where that is beyond chance. */
function excessShares({ pipeline, windowMs, referenceMs }: CauseQuestion): string {
  const views = literal(pipeline.views.map(({ view }) => view));
  return `SELECT view, if(reads >= ${EXCESS.reads} AND before >= ${EXCESS.readsBefore} AND missing / reads - usual >= ${EXCESS.share}
      AND missing > reads * usual + ${EXCESS.z} * sqrt(reads * usual * (1 - usual)), missing / reads - usual, 0) AS share
  FROM (
    SELECT view, sumIf(n, is_new) AS reads, sumIf(n, is_new AND is_missing) AS missing, sumIf(n, NOT is_new) AS before,
      (sumIf(n, NOT is_new AND is_missing) + 1) / (before + 2) AS usual
    FROM (
      SELECT is_new, n, view, NOT arrayExists((name, status) -> startsWith(name, concat(view, '.')) AND status != 'not_found',
        names, feature_statuses) AS is_missing
      FROM (
        SELECT splitByChar(',', toString(feature_set)) AS names, feature_statuses,
          ingested > ${before(windowMs + SETTLE_MS)} AS is_new, count() AS n
        FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)}
          AND ${within('ingested', { fromMs: windowMs + referenceMs + SETTLE_MS, toMs: SETTLE_MS })}
        GROUP BY feature_set, feature_statuses, is_new)
      ARRAY JOIN ${views} AS view
      WHERE arrayExists(name -> startsWith(name, concat(view, '.')), names))
    GROUP BY view)`;
}
