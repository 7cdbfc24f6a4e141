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
  DRIFT_MODEL_MISSING: {
    status: 500,
    retryable: false,
    doc: 'A model version is on the control topic, but its file is not in the data folder.',
  },
  DRIFT_MODEL_UNKNOWN: {
    status: 404,
    retryable: false,
    doc: 'A roll-back names a model or a version that is not there, or that never decided.',
  },
  DRIFT_ROLLBACK_REFUSED: {
    status: 409,
    retryable: false,
    doc: 'A roll-back is asked for where nothing decides yet, or to the version that decides already.',
  },
  DRIFT_WEBHOOK_SECRET: {
    status: 422,
    retryable: false,
    doc: 'The secret of a webhook is not what Standard Webhooks asks for: whsec_ and the base64 of 24 to 64 bytes.',
  },
  DRIFT_MODEL_SHAPE: {
    status: 400,
    retryable: false,
    doc: 'A matrix, its labels or a model’s coefficients do not have the numbers of rows and columns that belong together.',
  },
  DRIFT_TRAINING_ENDED: {
    status: 503,
    retryable: true,
    doc: 'The thread that fitted a model ended before it answered, or was stopped; nothing was recorded, and the training can be asked for again.',
  },
} as const;

/** Maker of the folder's errors: `throw driftError('DRIFT_RECORD_INVALID', sentence)`. */
export const driftError = defineErrors(DRIFT_ERRORS);
