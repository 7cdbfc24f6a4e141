import { defineErrors, type ErrorTable } from '#core';

/** Failures of reading what a user wrote, by stable code. */
export const CONFIG_ERRORS = {
  CONFIG_SETTINGS_INVALID: {
    status: 422,
    retryable: false,
    doc: 'A setting (flag, environment variable or throughline.yaml) is unknown or has a value that it cannot have; the message names each.',
  },
  CONFIG_WORKSPACE_BROKEN: {
    status: 422,
    retryable: false,
    doc: 'The workspace is not there, or its files are not sound, each or together; the message gives file, line, and what was expected.',
  },
} as const satisfies ErrorTable;

/** Makes the errors of app/config. */
export const configError = defineErrors(CONFIG_ERRORS);
