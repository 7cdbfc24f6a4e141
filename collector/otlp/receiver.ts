import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf } from '#core';
import { otlpError } from './errors.ts';
import { type ParsedTraces, type ParseOptions, parseTraces } from './trace-parser.ts';

/** A request as an HTTP server has it: `POST /v1/traces`. */
export interface TraceRequest {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Uint8Array;
}

export interface ReceiveOptions extends ParseOptions {
  /** Bytes as sent. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Bytes once inflated. Default 16 MiB. */
  readonly maxInflatedBytes?: number;
}

/** OTLP's ExportTraceServiceResponse: empty where all was taken. */
export interface TraceResponse {
  readonly partialSuccess?: { readonly rejectedSpans: string; readonly errorMessage: string };
}

const MIB = 1024 * 1024;
const DEFAULT_MAX_BYTES = 4 * MIB;
const DEFAULT_MAX_INFLATED_BYTES = 16 * MIB;
const PROTOBUF = ['application/x-protobuf', 'application/protobuf', 'application/vnd.google.protobuf'];

const inflate = promisify(gunzip);

/**
 * Reads a request of OTLP over HTTP: rows for `otel_traces`, and how many spans are none. Throws OTLP_*: 415 for protobuf and what is
 * not OTLP, 413 for what is too large (also once inflated: inflating stops at the limit), 400 for what cannot be read.
 */
export async function receiveTraces(request: TraceRequest, options: ReceiveOptions): Promise<ParsedTraces> {
  checkContentType(request.contentType);
  return parseTraces(readJson(await inflated(request, options)), options);
}

/** What to answer with status 200. */
export function traceResponseOf({ rejectedSpans, errorMessage }: ParsedTraces): TraceResponse {
  if (rejectedSpans === 0) return {};
  return { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } };
}

function checkContentType(contentType: string | undefined): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return;
  if (PROTOBUF.includes(type)) {
    throw otlpError(
      'OTLP_PROTOBUF_UNSUPPORTED',
      'traces came as protobuf, which is not read yet: set the exporter to JSON (protocol http/json, content type application/json)',
    );
  }
  const said = type === '' ? 'no content type' : `the content type ${type.slice(0, 80)}`;
  throw otlpError('OTLP_CONTENT_TYPE_UNSUPPORTED', `traces came with ${said}: send application/json`);
}

async function inflated({ body, contentEncoding }: TraceRequest, options: ReceiveOptions): Promise<Uint8Array> {
  const { maxBytes = DEFAULT_MAX_BYTES, maxInflatedBytes = DEFAULT_MAX_INFLATED_BYTES } = options;
  if (body.byteLength > maxBytes) throw tooLarge(`${body.byteLength} bytes, and may have ${maxBytes}`);
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding === 'gzip') return await gunzipped(body, maxInflatedBytes);
  throw otlpError('OTLP_ENCODING_UNSUPPORTED', `traces came in the content encoding ${encoding.slice(0, 80)}: send gzip or none`);
}

async function gunzipped(body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(`more than ${maxBytes} bytes once inflated`, error);
    throw otlpError('OTLP_BODY_INVALID', `the body claims to be gzip and is not: ${messageOf(error)}`, { cause: error });
  }
}

function tooLarge(what: string, cause?: Error): Error {
  const context = cause === undefined ? {} : { cause };
  return otlpError('OTLP_BODY_TOO_LARGE', `a request with traces has ${what}: send smaller batches`, context);
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw otlpError('OTLP_BODY_INVALID', `the body is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
