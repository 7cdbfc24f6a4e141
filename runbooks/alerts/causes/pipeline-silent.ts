import { BOARDS, TABLES } from '#core';
import { latest, literal, within } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';
import { storedEvents } from '../stored-events.ts';

/**
 * Silence is the worst failure: every other rule counts what was stored, and has nothing to say. Where nothing arrives and nothing
 * waits, as at a replay's end, or where the group is not sampled, it is no failure.
 */
export const PIPELINE_SILENT: CauseAlert = {
  alert: 'PipelineSilent',
  measures:
    'Records that arrived in the pipeline’s topic, or wait there, in a window in which it stored not one decision or receipt.',
  threshold: { value: 20, unit: 'records' },
  window: { written: '5m', floorMs: 12_000 },
  for: { written: '1m', floorMs: 2000 },
  labelColumns: [],
  summary: (pipeline) => `${pipeline} has stored nothing for a whole window, while {value} records arrived or wait in its topic.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.silence },
  sql: ({ pipeline, windowMs }) => `SELECT toFloat64(if(
  (SELECT count() FROM (${storedEvents(pipeline.name, '1', latest(windowMs))})) = 0, greatest(sum(arrived), sum(waiting)), 0)) AS value
FROM (
  SELECT max(end_offset) - min(end_offset) AS arrived, argMax(lag_records, at) AS waiting
  FROM ${TABLES.groupSamples}
  WHERE consumer_group = ${literal(pipeline.group)} AND topic = ${literal(pipeline.topic)} AND ${within('at', latest(windowMs))}
  GROUP BY partition)`,
};
