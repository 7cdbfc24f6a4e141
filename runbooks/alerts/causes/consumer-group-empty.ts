import { BOARDS, TABLES } from '#core';
import { latest, literal, within } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';

export const CONSUMER_GROUP_EMPTY: CauseAlert = {
  alert: 'ConsumerGroupEmpty',
  measures: 'Records that wait for a group of the pipeline’s topic which has no member, while there are more and more of them.',
  threshold: { value: 0, unit: 'records' },
  window: { written: '2m', floorMs: 6000 },
  for: { written: '1m', floorMs: 1000 },
  labelColumns: ['group'],
  summary: (pipeline) => `Nobody reads for the group {group} of ${pipeline}: it has no member, and {value} records wait.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.lag },
  sql: ({ pipeline, windowMs }) => `SELECT toString(consumer_group) AS \`group\`,
  toFloat64(if(max(members_now) = 0 AND sum(waiting) > sum(waited), sum(waiting), 0)) AS value
FROM (
  SELECT consumer_group, argMax(members, at) AS members_now,
    argMaxIf(lag_records, at, members = 0) AS waiting, argMinIf(lag_records, at, members = 0) AS waited
  FROM ${TABLES.groupSamples} WHERE topic = ${literal(pipeline.topic)} AND ${within('at', latest(windowMs))}
  GROUP BY consumer_group, partition)
GROUP BY consumer_group ORDER BY value DESC, consumer_group LIMIT 20`,
};
