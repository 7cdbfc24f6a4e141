import { defineErrors, type ErrorTable } from '#core';

/** Failures of the composed application. */
export const APP_ERRORS = {
  APP_PORT_TAKEN: {
    status: 409,
    retryable: false,
    doc: 'The port that was asked for is taken by another program, or no port near the default is free.',
  },
  APP_DRILL_FAILED: {
    status: 500,
    retryable: true,
    doc: 'A drill could not be run to its end: its base could not be made, or its line ended by itself.',
  },
  APP_LINE_UNREACHABLE: {
    status: 503,
    retryable: true,
    doc: 'A command for the running line found no answer at the address that the line left in its data folder.',
  },
  APP_NOT_FOUND: {
    status: 404,
    retryable: false,
    doc: 'The API has nothing at this path.',
  },
  APP_TELEMETRY_UNAVAILABLE: {
    status: 503,
    retryable: true,
    doc: 'The telemetry store is not open yet, or does not answer; scoring goes on, and records wait in the log.',
  },
  APP_INTERNAL: {
    status: 500,
    retryable: false,
    doc: 'A request failed for a reason that is ours.',
  },
  APP_CONTRACT_CHANGED: {
    status: 409,
    retryable: false,
    doc: 'A contract version has another schema than the one that was registered under it.',
  },
  APP_REQUEST_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A parameter of the request is missing, unknown or of another form; the message names it.',
  },
  APP_BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    doc: 'The body of a request is larger than the server takes; send smaller batches.',
  },
  APP_HOST_REFUSED: {
    status: 403,
    retryable: false,
    doc: 'A request names another host than this machine: a web page elsewhere may have been pointed here.',
  },
  APP_ORIGIN_REFUSED: {
    status: 403,
    retryable: false,
    doc: 'A web page from elsewhere tried to change something here.',
  },
  APP_EVENT_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'No record of an event with this id is stored; its records may still be on their way.',
  },
  APP_TELEMETRY_OFF: {
    status: 503,
    retryable: false,
    doc: 'The question needs the telemetry store, which is switched off.',
  },
  APP_STREAM_FULL: {
    status: 503,
    retryable: true,
    doc: 'As many pages listen to the stream as the server serves at once; close some of them.',
  },
  APP_PIPELINE_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'The workspace has no pipeline of this name.',
  },
  APP_MODEL_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'The workspace has no model of this name.',
  },
  APP_ROLLBACK_REFUSED: {
    status: 409,
    retryable: false,
    doc: 'The version that a roll-back asks for has never decided, or decides already; the message names those that may be gone back to.',
  },
  APP_JOB_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'The workspace has no drift job of this name.',
  },
  APP_WINDOW_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'A drift job has no distribution of this target in a window that ends then.',
  },
  APP_BODY_NOT_JSON: {
    status: 415,
    retryable: false,
    doc: 'The body of a request is not sent as application/json.',
  },
  APP_PIPELINE_COUNT: {
    status: 422,
    retryable: false,
    doc: 'This version runs workspaces with exactly one pipeline.',
  },
  APP_OUTPUT_UNWRITABLE: {
    status: 500,
    retryable: false,
    doc: 'Generated files cannot be written to the folder that was asked for; the message says why.',
  },
  APP_OUTPUT_FOREIGN: {
    status: 409,
    retryable: false,
    doc: 'A generated file would overwrite one that this command did not write, or that somebody has changed since.',
  },
} as const satisfies ErrorTable;

export const appError = defineErrors(APP_ERRORS);
