import { type Database, TABLES } from '#core';

/** An event that shows what a contract is for. */
export interface QuarantineMoment {
  readonly eventId: string;
  readonly source: string;
  readonly eventType: string;
  /** YYYY-MM-DD, event time. */
  readonly day: string;
  readonly reason: string;
}

/** A prediction that came true, or did not: the whole line in one event. */
export interface PredictionMoment {
  readonly eventId: string;
  readonly source: string;
  readonly eventType: string;
  /** YYYY-MM-DD, event time. */
  readonly day: string;
  readonly score: number;
  readonly decision: string;
  readonly outcome: string;
  readonly label: 0 | 1;
  readonly daysToOutcome: number;
}

export interface Moments {
  readonly quarantined: QuarantineMoment | undefined;
  readonly predicted: PredictionMoment | undefined;
}

const MAX_SECONDS = 5;

/** A quarantined event of the most frequent reason, the newest of them. */
const QUARANTINED = `SELECT event_id AS eventId, source, event_type AS eventType, formatDateTime(event_time, '%F') AS day, reason
  FROM ${TABLES.receipts}
  WHERE pipeline = {pipeline:String} AND fate = 'quarantined' AND reason = (
    SELECT topK(1)(reason)[1] FROM ${TABLES.receipts} WHERE pipeline = {pipeline:String} AND fate = 'quarantined')
  ORDER BY event_time DESC LIMIT 1`;

/**
 * A decision whose negative outcome has matured: one whose trace was kept, where there is one, so that its page has a waterfall; then
 * with as many features found as can be; then the newest.
 */
const PREDICTED = `SELECT d.event_id AS eventId, d.source AS source, d.event_type AS eventType, formatDateTime(d.event_time, '%F') AS day,
    toFloat64(assumeNotNull(d.score)) AS score, d.decision AS decision, o.outcome AS outcome, o.label AS label,
    toFloat64(dateDiff('day', d.event_time, o.matured_at)) AS daysToOutcome
  FROM (
    SELECT *, lower(hex(trace_id)) IN (SELECT TraceId FROM ${TABLES.traceTimes}) AS kept
    FROM ${TABLES.decisions}
    WHERE pipeline = {pipeline:String} AND fate = 'scored' AND decision = {decision:String} AND prediction_id IN (
      SELECT prediction_id FROM ${TABLES.outcomes} WHERE pipeline = {pipeline:String} AND label = 0)
    ORDER BY kept DESC, countEqual(feature_statuses, 'not_found'), event_time DESC LIMIT 1
  ) AS d
  INNER JOIN (SELECT * FROM ${TABLES.outcomes} WHERE pipeline = {pipeline:String} AND label = 0) AS o ON o.prediction_id = d.prediction_id
  LIMIT 1`;

/** What the start shows first: one event that was refused, and one prediction with its outcome. `decision` is the pipeline's under its threshold. */
export async function loadMoments(
  database: Database,
  { pipeline, decision }: { readonly pipeline: string; readonly decision: string },
): Promise<Moments> {
  const options = { params: { pipeline, decision }, maxSeconds: MAX_SECONDS };
  const [quarantined, predicted] = await Promise.all([
    database.query<QuarantineMoment>(QUARANTINED, options),
    database.query<PredictionMoment>(PREDICTED, options),
  ]);
  return { quarantined: quarantined[0], predicted: predicted[0] };
}
