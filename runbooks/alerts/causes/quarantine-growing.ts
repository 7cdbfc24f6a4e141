import { BOARDS, TABLES } from '#core';
import { latest, literal, SETTLE_MS, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';
import { storedEvents } from '../stored-events.ts';

/** A producer of whom little is known is held against all producers, as if so many of its events had been like theirs. */
const PRIOR_EVENTS = 20;
const MINIMUM = { events: 20, refused: 5 } as const;
/** Standard deviations that a share must be over what is usual. */
const Z = 4;

export const QUARANTINE_GROWING: CauseAlert = {
  alert: 'QuarantineGrowing',
  measures:
    'The share of a producer’s events of a subject that were quarantined in the window, less the share in the time before.',
  threshold: { value: 0.4, unit: 'share' },
  window: { written: '10m', floorMs: 8000 },
  labelColumns: ['subject', 'source'],
  summary: (pipeline) =>
    `${pipeline} quarantines more {subject} from {source} than it used to: the share of its events has grown by {value}.`,
  panel: { dashboardUid: BOARDS.contract.uid, panelId: BOARDS.contract.panels.quarantined },
  sql: ({ pipeline, windowMs, referenceMs }) => `SELECT substring(toString(event_type), 1, 200) AS subject,
  substring(toString(source), 1, 200) AS source,
  if(new_events >= ${MINIMUM.events} AND refused >= ${MINIMUM.refused}
    AND refused > new_events * usual + ${Z} * sqrt(new_events * usual * (1 - usual)), refused / new_events - usual, 0) AS value
FROM (
  SELECT event_type, source, sumIf(n, is_new) AS new_events, sumIf(refused_events, is_new) AS refused,
    (sumIf(refused_events, NOT is_new) + ${PRIOR_EVENTS} * any(overall)) / (sumIf(n, NOT is_new) + ${PRIOR_EVENTS}) AS usual
  FROM (
    SELECT event_type, source, is_new, n, refused_events,
      sumIf(refused_events, NOT is_new) OVER () / greatest(1, sumIf(n, NOT is_new) OVER ()) AS overall
    FROM (
      SELECT event_type, source, ${within('ingested', latest(windowMs))} AS is_new, count() AS n,
        countIf(fate = 'quarantined') AS refused_events
      FROM (${storedEvents(pipeline.name, 'event_type, source, fate, ingested', { fromMs: windowMs + referenceMs + SETTLE_MS, toMs: SETTLE_MS })})
      GROUP BY event_type, source, is_new))
  GROUP BY event_type, source)
ORDER BY value DESC, subject, source LIMIT 20`,
  exemplarSql: ({ pipeline, windowMs }) => `SELECT source, event_id, concat('quarantined: ', reason) AS note
FROM ${TABLES.receipts} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', windowMs)} AND fate = 'quarantined'
  AND substring(toString(event_type), 1, 200) = {label_subject:String} AND substring(toString(source), 1, 200) = {label_source:String}
ORDER BY ingested DESC, event_id LIMIT 5`,
};
