import { BOARDS, TABLES } from '#core';
import { latest, literal, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';

/** Who catches up with a backlog has a lag by design: as long as decisions of backlog are stored, there is none to speak of. */
export const CONSUMER_GROUP_LAGGING: CauseAlert = {
  alert: 'ConsumerGroupLagging',
  measures:
    'How long the first unread record of a group’s slowest partition has waited, throughout the window; 0 while the pipeline catches up with a backlog.',
  threshold: { value: 5, unit: 'seconds' },
  thresholdFloor: 0.4,
  window: { written: '1m', floorMs: 3000 },
  for: { written: '2m', floorMs: 2000 },
  labelColumns: ['group'],
  summary: (pipeline) => `The group {group} of ${pipeline} does not keep up: records have waited for {value} seconds.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.lag },
  sql: ({ pipeline, windowMs }) => `SELECT toString(consumer_group) AS \`group\`, if(
  (SELECT countIf(backlog) FROM ${TABLES.decisions}
    WHERE pipeline = ${literal(pipeline.name)} AND ${within('ingested', latest(Math.max(windowMs, CATCHING_UP_MS)))}) > 0,
  0, max(least_lag_ms) / 1000) AS value
FROM (
  SELECT consumer_group, min(lag_ms) AS least_lag_ms
  FROM ${TABLES.groupSamples} WHERE topic = ${literal(pipeline.topic)} AND ${within('at', latest(windowMs))}
  GROUP BY consumer_group, partition)
GROUP BY consumer_group ORDER BY value DESC, consumer_group LIMIT 20`,
  exemplarSql: ({ pipeline, windowMs }) => `SELECT source, event_id,
  concat('waited ', toString(round(dateDiff('millisecond', appended, polled) / 1000, 1)), ' s in the log') AS note
FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', windowMs)} AND NOT backlog
  AND {label_group:String} != '' AND dateDiff('millisecond', appended, polled) > 1000
ORDER BY dateDiff('millisecond', appended, polled) DESC, event_id LIMIT 5`,
};

/** Decisions of backlog may be some seconds apart. */
const CATCHING_UP_MS = 10_000;
