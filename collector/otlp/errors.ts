import { defineErrors, type ErrorTable } from '#core';

/** Failures of the OTLP receiver, by stable code. A span that cannot be stored is no failure: it is reported as a partial success. */
export const OTLP_ERRORS = {
  OTLP_PROTOBUF_UNSUPPORTED: {
    status: 415,
    retryable: false,
    doc: 'Traces came as protobuf, which is not read yet; send JSON (content type application/json, in many SDKs the protocol http/json).',
  },
  OTLP_CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    retryable: false,
    doc: 'Traces came with a content type that OTLP over HTTP does not know; send application/json.',
  },
  OTLP_ENCODING_UNSUPPORTED: {
    status: 415,
    retryable: false,
    doc: 'Traces came in a content encoding other than gzip or identity.',
  },
  OTLP_BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    doc: 'A request with traces is larger than the limit, as sent or once it is inflated; send smaller batches.',
  },
  OTLP_BODY_INVALID: {
    status: 400,
    retryable: false,
    doc: 'The body of a request with traces is not gzip, not UTF-8 or not JSON, as it claims to be.',
  },
  OTLP_FIELD_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A field of a request with traces is not what OTLP says; the message names its place.',
  },
} as const satisfies ErrorTable;

/** Makes the OTLP receiver’s errors. */
export const otlpError = defineErrors(OTLP_ERRORS);
