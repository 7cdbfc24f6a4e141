import { BOARDS, TABLES } from '#core';
import { latest, literal, SETTLE_MS, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert, CauseQuestion } from '../cause.ts';
import { storedEvents } from '../stored-events.ts';

/** Fewer events than this were to be expected: that none came may be chance. */
const MINIMUM_EXPECTED = 25;
const MINIMUM_BEFORE = 200;

export const FEATURE_VIEW_STALE: CauseAlert = {
  alert: 'FeatureViewStale',
  measures: 'The share of a view’s events that is missing in the window, by its usual share of the pipeline’s events.',
  threshold: { value: 0.9, unit: 'share' },
  window: { written: '30m', floorMs: 9000 },
  labelColumns: ['view'],
  summary: (pipeline) =>
    `The events of the view {view} have stopped while others go on in ${pipeline}: of those to be expected, a share of {value} is missing.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.freshness },
  sql: ({ pipeline, windowMs, referenceMs }) => `SELECT view,
  if(before >= ${MINIMUM_BEFORE} AND expected >= ${MINIMUM_EXPECTED}, greatest(0, 1 - seen / expected), 0) AS value
FROM (
  SELECT pair.1 AS view, sumIf(n, NOT is_new) AS before, sumIf(n, is_new AND event_type = pair.2) AS seen,
    sumIf(n, is_new) * sumIf(n, NOT is_new AND event_type = pair.2) / greatest(1, before) AS expected
  FROM (
    SELECT toString(event_type) AS event_type, ${within('ingested', latest(windowMs))} AS is_new, count() AS n
    FROM (${storedEvents(pipeline.name, 'event_type, ingested', { fromMs: windowMs + referenceMs + SETTLE_MS, toMs: SETTLE_MS })})
    GROUP BY event_type, is_new)
  ARRAY JOIN ${viewPairs(pipeline)} AS pair
  GROUP BY view)
ORDER BY value DESC, view LIMIT 20`,
  exemplarSql: ({ pipeline, windowMs }) => `SELECT source, event_id,
  concat('newest event of the view: ', toString(round(newest_ms / 3600000, 1)), ' h before it') AS note
FROM (
  SELECT source, event_id, ingested, arrayMin(arrayFilter(age -> age >= 0, arrayMap((name, age) ->
    if(startsWith(name, concat({label_view:String}, '.')), ifNull(age, -1), -1),
    splitByChar(',', toString(feature_set)), feature_ages_ms))) AS newest_ms
  FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', windowMs)}
    AND arrayExists(name -> startsWith(name, concat({label_view:String}, '.')), splitByChar(',', toString(feature_set))))
ORDER BY newest_ms DESC, ingested DESC, event_id LIMIT 5`,
};

/** The views with the subject of their events: an array of tuples. */
function viewPairs({ views }: CauseQuestion['pipeline']): string {
  const pairs = views.map(({ view, subject }) => `(${literal(view)}, ${literal(subject)})`);
  return `[${pairs.join(', ')}]`;
}
