import { TABLES } from '#core';
import { literal, sinceStart, within } from '../sql-text.ts';
import { PANELS, type Sli } from './sli.ts';

/** Decisions within the pipeline's total p99, from the log's append to the acknowledgement of the result. Backlog and skewed rows are in no list. */
export const LATENCY: Sli = {
  name: 'latency',
  alert: 'LatencyBudgetBurn',
  severities: ['page', 'ticket'],
  bad: 'decisions came later than their latency budget allows',
  panel: PANELS.latency,
  events: ({ pipeline, window }) => `SELECT published AS at,
    arrayCount(us -> us > ${budgetUs(pipeline.latencyP99Ms)}, end_to_end_us) AS bad, length(end_to_end_us) AS total
  FROM ${TABLES.batches} WHERE pipeline = ${literal(pipeline.name)} AND ${within('published', window)}`,
  exemplars: ({ pipeline }, lookBackMs) => `SELECT d.source AS source, d.event_id AS event_id,
    concat(toString(round((dateDiff('millisecond', d.appended, d.polled) * 1000 + b.publish_to_us) / 1000)), ' ms end to end') AS note
  FROM ${TABLES.decisions} AS d ANY INNER JOIN (
    SELECT batch_id, publish_to_us, slowest_us FROM ${TABLES.batches}
    WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('published', lookBackMs)}
      AND slowest_us > ${budgetUs(pipeline.latencyP99Ms)}) AS b ON b.batch_id = d.batch_id
  WHERE d.pipeline = ${literal(pipeline.name)} AND ${sinceStart('d.ingested', lookBackMs)} AND NOT d.backlog AND NOT d.skewed
    AND dateDiff('millisecond', d.appended, d.polled) * 1000 + b.publish_to_us > ${budgetUs(pipeline.latencyP99Ms)}
  ORDER BY dateDiff('millisecond', d.appended, d.polled) * 1000 + b.publish_to_us DESC, d.event_id LIMIT 5`,
};

function budgetUs(latencyP99Ms: number): string {
  return literal(Math.round(latencyP99Ms * 1000));
}
