import { parseDuration, TABLES } from '#core';
import { before, literal, within } from '../sql-text.ts';
import { PANELS, type Sli } from './sli.ts';

const REQUESTS = `kind IN ('training_requested', 'retraining_requested')`;
const REFUSED = `kind = 'training_refused'`;
const ENDS = `kind IN ('model_promoted', 'model_refused', 'training_refused')`;

/**
 * Requests of a training that ended, with a promotion or a refusal, within the target. Both times are event time; a request counts when
 * its end was recorded, and one that is open for longer than the target counts as bad all the time.
 */
export const RETRAINING: Sli = {
  name: 'retraining',
  alert: 'RetrainingBudgetBurn',
  severities: ['ticket'],
  bad: 'trainings took longer than their target from the request to promoted or refused',
  panel: PANELS.retraining,
  events: ({
    pipeline,
    slo,
    window,
  }) => `SELECT counted AS at, toUInt64(took_ms > ${literal(targetMs(slo.target))}) AS bad, toUInt64(1) AS total
  FROM (
    SELECT if(countIf(${ENDS}) = 0, ${before(window.toMs)}, minIf(recorded, ${ENDS})) AS counted,
      minIf(at, ${REQUESTS}) AS asked,
      multiIf(countIf(${REFUSED}) > 0, asked, countIf(${ENDS}) > 0, minIf(at, ${ENDS}),
        (SELECT max(event_time) FROM ${TABLES.decisions}
          WHERE pipeline = ${literal(pipeline.name)} AND ${within('ingested', window)})) AS ended,
      dateDiff('millisecond', asked, ended) AS took_ms, countIf(${ENDS}) > 0 AS is_ended
    FROM ${TABLES.changes} WHERE subject = ${literal(pipeline.model)} AND (${REQUESTS} OR ${ENDS}) AND recorded <= ${before(window.toMs)}
    GROUP BY JSONExtractString(fact, 'requestId') HAVING countIf(${REQUESTS}) > 0
  ) WHERE (is_ended OR took_ms > ${literal(targetMs(slo.target))}) AND ${within('counted', window)}`,
};

/** The check of SLOs demands a target; 30 days stand for none. */
function targetMs(target: string | undefined): number {
  return parseDuration(target ?? '30d');
}
