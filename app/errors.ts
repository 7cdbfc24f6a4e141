import { defineErrors, type ErrorTable } from '#core';

/** Failures of the composed application. */
export const APP_ERRORS = {
  APP_PORT_TAKEN: {
    status: 409,
    retryable: false,
    doc: 'The port that was asked for is taken by another program, or no port near the default is free.',
  },
  APP_NOT_FOUND: {
    status: 404,
    retryable: false,
    doc: 'The API has nothing at this path.',
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
  APP_PIPELINE_COUNT: {
    status: 422,
    retryable: false,
    doc: 'This version runs workspaces with exactly one pipeline.',
  },
} as const satisfies ErrorTable;

export const appError = defineErrors(APP_ERRORS);
