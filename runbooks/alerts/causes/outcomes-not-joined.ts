import { BOARDS } from '#core';
import { dueOutcomes, missingOutcomes } from '../../slos/due-outcomes.ts';
import { latest } from '../../sql-text.ts';
import type { CauseAlert } from '../cause.ts';

const MINIMUM_DUE = 10;

export const OUTCOMES_NOT_JOINED: CauseAlert = {
  alert: 'OutcomesNotJoined',
  measures:
    'The share of predictions whose outcome was due in the window, by a later event of the same entity, and did not join.',
  threshold: { value: 0.2, unit: 'share' },
  window: { written: '30m', floorMs: 9000 },
  labelColumns: [],
  summary: (pipeline) =>
    `Outcomes of ${pipeline} do not join their predictions: of those that were due, a share of {value} is missing.`,
  panel: { dashboardUid: BOARDS.pipeline.uid, panelId: BOARDS.pipeline.panels.outcomes },
  sql: ({
    pipeline,
    scale,
    windowMs,
  }) => `SELECT toFloat64(if(count() >= ${MINIMUM_DUE}, countIf(NOT is_joined) / greatest(1, count()), 0)) AS value
FROM (${dueOutcomes({ pipeline, scale, window: latest(windowMs) })})`,
  exemplarSql: ({ pipeline, windowMs }) => missingOutcomes({ pipeline }, windowMs),
};
