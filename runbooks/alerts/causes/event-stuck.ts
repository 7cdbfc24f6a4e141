import { BOARDS, TABLES } from '#core';
import { before, latest, literal, within } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';

export const EVENT_STUCK: CauseAlert = {
  alert: 'EventStuck',
  measures: 'How often one record has failed, while its partition has not moved past it.',
  threshold: { value: 1, unit: 'failures' },
  window: { written: '1d', floorMs: 120_000 },
  labelColumns: ['topic', 'partition', 'offset'],
  summary: (pipeline) =>
    `One record holds up ${pipeline}: {topic}, partition {partition}, offset {offset} has failed {value} times, and nothing behind it is read.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.failures },
  sql: ({ pipeline, windowMs }) => `SELECT f.topic AS topic, toString(f.partition) AS partition, toString(f.offset) AS offset,
  toFloat64(f.times) AS value
FROM (
  SELECT toString(topic) AS topic, partition, offset, count() AS times
  FROM ${TABLES.failures} WHERE pipeline = ${literal(pipeline.name)} AND topic != '' AND ${within('at', { fromMs: windowMs, toMs: 0 })}
  GROUP BY topic, partition, offset) AS f
LEFT JOIN (
  SELECT toString(topic) AS topic, partition, argMax(ifNull(committed_offset, 0), at) AS committed
  FROM ${TABLES.groupSamples}
  WHERE consumer_group = ${literal(pipeline.group)} AND topic = ${literal(pipeline.topic)}
    AND ${within('at', { ...latest(windowMs), toMs: 0 })}
  GROUP BY topic, partition) AS s ON s.topic = f.topic AND s.partition = f.partition
WHERE s.committed <= f.offset
ORDER BY value DESC, topic, partition, offset LIMIT 20`,
  exemplarSql: ({ pipeline }) => `SELECT source, event_id, concat(error_code, ': ', substring(message, 1, 200)) AS note
FROM (
  SELECT toString(source) AS source, event_id, argMax(toString(error_code), at) AS error_code, argMax(message, at) AS message
  FROM ${TABLES.failures} WHERE pipeline = ${literal(pipeline.name)} AND topic = {label_topic:String}
    AND toString(partition) = {label_partition:String} AND toString(offset) = {label_offset:String} AND event_id != ''
    AND at <= ${before(0)} AND {sinceMs:Int64} > 0
  GROUP BY source, event_id)
ORDER BY event_id LIMIT 5`,
};
