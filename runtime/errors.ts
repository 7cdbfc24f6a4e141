import { defineErrors, type ErrorTable } from '#core';

/** Failures of the runtime. */
export const RUNTIME_ERRORS = {
  RUNTIME_BATCH_FAILED: {
    status: 500,
    retryable: false,
    doc: 'A batch could not be processed after several tries from the last durable state; the pipeline stopped.',
  },
  RUNTIME_EVENT_FAILED: {
    status: 500,
    retryable: true,
    doc: 'An event made a stage fail, and its pipeline has onError: stop; the batch is tried again from the last durable state.',
  },
  RUNTIME_PREDICTION_INVALID: {
    status: 500,
    retryable: false,
    doc: 'A prediction broke its own contract; nothing of its batch was published.',
  },
  RUNTIME_DECISION_INVALID: {
    status: 500,
    retryable: false,
    doc: 'A decision that is emitted as an event broke its own contract; nothing of its batch was published.',
  },
  RUNTIME_STATE_MISMATCH: {
    status: 409,
    retryable: false,
    doc: 'The data folder was made by a workspace whose definitions have changed since.',
  },
  RUNTIME_CONTROL_UNREADABLE: {
    status: 500,
    retryable: false,
    doc: 'A record on the control topic is not what its type says.',
  },
  RUNTIME_MODEL_UNFIT: {
    status: 422,
    retryable: false,
    doc: 'A model file’s inputs or outputs do not fit what the pipeline serves.',
  },
  RUNTIME_MODEL_MISSING: {
    status: 404,
    retryable: false,
    doc: 'A model version was promoted or put in shadow, but its file is not in the store.',
  },
  RUNTIME_SHADOW_FAILED: {
    status: 500,
    retryable: true,
    doc: 'A model version that scores in shadow gave no score; it decides nothing, and the pipeline goes on without it.',
  },
  RUNTIME_INFERENCE_FAILED: {
    status: 500,
    retryable: true,
    doc: 'The inference worker could not score a batch, or ended.',
  },
  RUNTIME_HISTORY_CHANGED: {
    status: 409,
    retryable: false,
    doc: 'A history, its module or the incidents that are played into it changed after part of it was published; going on by counting would leave events out or send them twice.',
  },
  RUNTIME_HISTORY_UNREADABLE: {
    status: 422,
    retryable: false,
    doc: 'A replayed history cannot be read, or its module does not yield events in order.',
  },
} as const satisfies ErrorTable;

export const runtimeError = defineErrors(RUNTIME_ERRORS);
