import { TABLES } from '#core';
import { literal, sinceStart, within } from '../sql-text.ts';
import { PANELS, type Sli } from './sli.ts';

/**
 * Feature reads that were fresh, of those that found a value. A value that is not found says nothing of freshness: a new customer has
 * none. Reads of backlog are as of their own time, and left out.
 */
export const FRESHNESS: Sli = {
  name: 'freshness',
  alert: 'FreshnessBudgetBurn',
  severities: ['page', 'ticket'],
  bad: 'feature reads found a stale value',
  panel: PANELS.freshness,
  events: ({ pipeline, window }) => `SELECT ingested AS at, arrayCount(status -> status = 'stale', feature_statuses) AS bad,
    arrayCount(status -> status != 'not_found', feature_statuses) AS total
  FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND NOT backlog AND ${within('ingested', window)}`,
  exemplars: ({ pipeline }, lookBackMs) => `SELECT source, event_id,
    concat('stale: ', arrayStringConcat(arraySlice(arrayFilter((name, status) -> status = 'stale',
      splitByChar(',', toString(feature_set)), feature_statuses), 1, 5), ', ')) AS note
  FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', lookBackMs)} AND NOT backlog
    AND arrayExists(status -> status = 'stale', feature_statuses)
  ORDER BY ingested DESC, event_id LIMIT 5`,
};
