import { defineErrors } from '#core';

/** Failures of drift/: bad input, a broken record on the log, a trainer that was asked for the impossible. */
export const DRIFT_ERRORS = {
  DRIFT_STATISTIC_INPUT: {
    status: 400,
    retryable: false,
    doc: 'A statistic was given labels other than 0 and 1, scores that are not finite (or not probabilities, where it needs them), or columns of unequal length.',
  },
  DRIFT_RECORD_INVALID: {
    status: 500,
    retryable: false,
    doc: 'A record on an internal topic is not the JSON its topic promises; the message names topic, partition and offset.',
  },
  DRIFT_TOPIC_MISSING: {
    status: 503,
    retryable: true,
    doc: 'The log has no decisions, outcomes or control topic yet; the pipeline creates them when it first starts.',
  },
  DRIFT_MODEL_SHAPE: {
    status: 400,
    retryable: false,
    doc: 'A matrix, its labels or a model’s coefficients do not have the numbers of rows and columns that belong together.',
  },
} as const;

/** Maker of the folder's errors: `throw driftError('DRIFT_RECORD_INVALID', sentence)`. */
export const driftError = defineErrors(DRIFT_ERRORS);
