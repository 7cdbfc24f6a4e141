import { defineErrors, type ErrorTable } from '#core';

/** Failures of the registry, by stable code. */
export const REGISTRY_ERRORS = {
  REGISTRY_DEFINITION_INVALID: {
    status: 422,
    retryable: false,
    doc: 'A contract’s schema is not one that we can validate events with; the message gives the JSON pointer and what was expected.',
  },
  REGISTRY_SUBJECT_MISSING: {
    status: 404,
    retryable: false,
    doc: 'No contract has this subject or version; the message names those that there are.',
  },
} as const satisfies ErrorTable;

/** Makes the registry’s errors. */
export const registryError = defineErrors(REGISTRY_ERRORS);
