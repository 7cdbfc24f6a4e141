import { TABLES } from '#core';
import { literal, sinceStart, within } from '../sql-text.ts';
import { PANELS, type Sli } from './sli.ts';

/** Quarantined for what the producer sent, not for what became of it here: the reasons' first words. */
const REFUSED = `fate = 'quarantined' AND match(reason, '^(contract|decode|envelope)')`;

/** Events that their contract takes, of all that were read. */
export const CONTRACT: Sli = {
  name: 'contract',
  alert: 'ContractBudgetBurn',
  severities: ['page', 'ticket'],
  bad: 'events were refused by their contract',
  panel: PANELS.contract,
  events: ({ pipeline, window }) => `SELECT ingested AS at, toUInt64(${REFUSED}) AS bad, toUInt64(1) AS total
  FROM ${TABLES.receipts} WHERE pipeline = ${literal(pipeline.name)} AND ${within('ingested', window)}
  UNION ALL SELECT ingested AS at, toUInt64(0) AS bad, toUInt64(1) AS total
  FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${within('ingested', window)}`,
  exemplars: ({ pipeline }, lookBackMs) => `SELECT source, event_id, concat('quarantined: ', reason) AS note
  FROM ${TABLES.receipts} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', lookBackMs)} AND ${REFUSED}
  ORDER BY ingested DESC, event_id LIMIT 5`,
};
