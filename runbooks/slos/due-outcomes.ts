import { TABLES } from '#core';
import type { RulePipeline } from '../alerts/rule-input.ts';
import { type ClockWindow, literal, scaledMs, sinceStart, within } from '../sql-text.ts';

/** An outcome is committed with the event that settles it, but stored in another table: it is waited for so long, ms. */
const GRACE_MS = 60_000;
const GRACE_FLOOR_MS = 3000;
const NEVER = `toDateTime64('2200-01-01 00:00:00', 3, 'UTC')`;

export interface DueQuestion {
  readonly pipeline: RulePipeline;
  readonly scale: number;
  readonly window: ClockWindow;
}

/**
 * Outcomes that were due in a window. An event that settles (runtime/outcomes: the next one of the entity with a later event time,
 * read later from the same partition, within the horizon) makes the outcome of the prediction before it due; events of the
 * same time are one visit and settle nothing among themselves. Rows of at (when the settling event was recorded), source and event_id of
 * the prediction, and is_joined: whether its positive outcome is there.
 */
export function dueOutcomes({ pipeline, scale, window }: DueQuestion): string {
  const graceMs = scaledMs(GRACE_MS, scale, GRACE_FLOOR_MS);
  return dueWhere(pipeline, within('ingested', { fromMs: window.fromMs + graceMs, toMs: window.toMs + graceMs }));
}

function dueWhere(pipeline: RulePipeline, when: string): string {
  const name = literal(pipeline.name);
  const settling = `${settlingEvents(pipeline)} AND entity != '' AND ${when}`;
  // Without any settling event nothing is looked for; else what is older than the horizon before the first.
  const earliest = `(SELECT if(count() = 0, ${NEVER}, min(event_time)) - toIntervalMillisecond(${literal(pipeline.horizonMs)}) FROM ${settling})`;
  return `SELECT s.ingested AS at, p.source AS source, p.event_id AS event_id,
    p.prediction_id IN (SELECT prediction_id FROM ${TABLES.outcomes}
      WHERE pipeline = ${name} AND label = 1 AND predicted_at >= ${earliest}) AS is_joined
  FROM (SELECT entity, partition, offset, event_time, ingested FROM ${settling}) AS s
  ASOF INNER JOIN (
    SELECT entity, partition, offset, event_time, prediction_id, source, event_id FROM ${TABLES.decisions}
    WHERE pipeline = ${name} AND event_time >= ${earliest} AND entity IN (SELECT entity FROM ${settling})
  ) AS p ON p.entity = s.entity AND p.partition = s.partition AND p.event_time < s.event_time
  WHERE p.offset < s.offset AND dateDiff('millisecond', p.event_time, s.event_time) <= ${literal(pipeline.horizonMs)}`;
}

/** The events that settle: decisions, or receipts where the outcome is of another subject than what is scored. */
function settlingEvents({ name, scoredSubject, outcomeSubject }: RulePipeline): string {
  if (scoredSubject === outcomeSubject) return `${TABLES.decisions} WHERE pipeline = ${literal(name)}`;
  return `${TABLES.receipts} WHERE pipeline = ${literal(name)} AND event_type = ${literal(outcomeSubject)}
      AND fate IN ('used_by_features', 'accepted')`;
}

/** Predictions whose outcome was due and is not there, the newest first: a statement for exemplars. */
export function missingOutcomes({ pipeline }: Pick<DueQuestion, 'pipeline'>, lookBackMs: number): string {
  return `SELECT source, event_id, concat('settled at ', formatDateTime(at, '%H:%i:%S', 'UTC'), ' UTC, no outcome') AS note FROM (
  ${dueWhere(pipeline, `${sinceStart('ingested', lookBackMs)}`)}
) WHERE NOT is_joined ORDER BY at DESC, event_id LIMIT 5`;
}
