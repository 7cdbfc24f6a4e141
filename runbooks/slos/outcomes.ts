import { dueOutcomes, missingOutcomes } from './due-outcomes.ts';
import { PANELS, type Sli } from './sli.ts';

/** Predictions whose outcome joined, of those whose outcome should be known. */
export const OUTCOMES: Sli = {
  name: 'outcomes',
  alert: 'OutcomeBudgetBurn',
  severities: ['page', 'ticket'],
  bad: 'predictions did not get the outcome that was due',
  panel: PANELS.outcomes,
  events: (question) => `SELECT at, toUInt64(NOT is_joined) AS bad, toUInt64(1) AS total FROM (\n  ${dueOutcomes(question)}\n)`,
  exemplars: missingOutcomes,
};
