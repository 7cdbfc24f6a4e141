import { defineErrors } from '#core';

/** Failures of runbooks/: alerts, runbook pages, incidents. */
export const RUNBOOK_ERRORS = {
  RUNBOOK_INCIDENT_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'There is no incident of this fingerprint, or none that began at this time.',
  },
  RUNBOOK_INCIDENT_RESOLVED: {
    status: 409,
    retryable: false,
    doc: 'The incident was resolved already; it can be neither acknowledged nor resolved again.',
  },
  RUNBOOK_HYPOTHESIS_UNKNOWN: {
    status: 422,
    retryable: false,
    doc: 'A declared cause names a hypothesis that the incident’s diagnosis does not have.',
  },
  RUNBOOK_STORE_AWAY: {
    status: 503,
    retryable: true,
    doc: 'The telemetry store is not there, so that an incident cannot be investigated yet; it is tried again.',
  },
  RUNBOOK_INVESTIGATION_SLOW: {
    status: 504,
    retryable: true,
    doc: 'An incident’s investigation did not end in its time; it is tried again.',
  },
  RUNBOOK_WEBHOOK_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A webhook with alerts is not of the form that Alertmanager (version 4) and Grafana send; the message says what is missing.',
  },
  RUNBOOK_NOTIFICATION_FAILED: {
    status: 502,
    retryable: true,
    doc: 'An Alertmanager or a webhook did not take alerts; they are told again.',
  },
  RUNBOOK_PIPELINE_UNKNOWN: {
    status: 400,
    retryable: false,
    doc: 'An SLO or an alert is about a pipeline that the workspace does not have.',
  },
  RUNBOOK_DRILL_IMPOSSIBLE: {
    status: 422,
    retryable: false,
    doc: 'A drill cannot be planned: the catalogue of what may happen to the workspace has nothing for its fault.',
  },
  RUNBOOK_SQL_VALUE: { status: 500, retryable: false, doc: 'A value cannot stand in a statement: it is no finite number.' },
} as const;

/** Makes a failure of this folder. */
export const runbookError = defineErrors(RUNBOOK_ERRORS);
