import { type Envelope, HEADERS, type LogRecord, messageOf } from '#core';
import { type EventInFlight, forEachOpen, quarantine, type StageFunction } from '../batch.ts';
import { parseTraceparent } from '../trace-context.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** An event may be this far ahead of the log's clock; further ahead its time is wrong, and would hold windows open for ever. */
const MAX_AHEAD_MS = 86_400_000;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Decoded = { readonly envelope: Envelope; readonly data: Readonly<Record<string, unknown>> };
type Failure = { readonly reason: string; readonly detail: string };

/** Reads CloudEvents 1.0.2 in binary mode (attributes in ce_ headers) or structured mode (application/cloudevents+json). */
export const decode: StageFunction = (batch) => {
  forEachOpen(batch, 'decode', decodeEvent);
};

function decodeEvent(event: EventInFlight): void {
  const outcome = decodeRecord(event.record);
  if ('reason' in outcome) {
    quarantine(event, outcome.reason, outcome.detail);
    return;
  }
  event.envelope = outcome.envelope;
  event.data = outcome.data;
}

function decodeRecord(record: LogRecord): Decoded | Failure {
  let body: unknown;
  try {
    body = JSON.parse(decoder.decode(record.value));
  } catch (error) {
    return { reason: 'decode: not JSON', detail: `the value is not JSON: ${messageOf(error)}` };
  }
  const isStructured = record.headers[HEADERS.contentType]?.startsWith('application/cloudevents+json') === true;
  const attributes = isStructured ? structuredAttributes(body) : binaryAttributes(record);
  const envelope = parseEnvelope(attributes, record);
  if ('reason' in envelope) return envelope;
  const data = isStructured && isObject(body) ? body['data'] : body;
  if (!isObject(data)) return { reason: 'decode: data is not an object', detail: 'the event’s data must be a JSON object' };
  return { envelope, data };
}

function binaryAttributes({ headers }: LogRecord): Readonly<Record<string, unknown>> {
  return {
    id: headers[HEADERS.id],
    source: headers[HEADERS.source],
    type: headers[HEADERS.type],
    time: headers[HEADERS.time],
    dataschema: headers[HEADERS.dataschema],
    traceparent: headers[HEADERS.traceparent],
  };
}

function structuredAttributes(body: unknown): Readonly<Record<string, unknown>> {
  return isObject(body) ? body : {};
}

/** Attributes → envelope; an event without a time gets the log's (CloudEvents makes `time` optional). */
function parseEnvelope(attributes: Readonly<Record<string, unknown>>, record: LogRecord): Envelope | Failure {
  const { id, source, type, time, dataschema } = attributes;
  if (!isText(id)) return missing('id');
  if (!isText(source)) return missing('source');
  if (!isText(type)) return missing('type');
  const timeMs = time === undefined ? record.timestampMs : Date.parse(typeof time === 'string' ? time : '');
  if (Number.isNaN(timeMs)) {
    return { reason: 'envelope: time unreadable', detail: `the CloudEvents attribute 'time' is not an RFC 3339 time` };
  }
  if (timeMs > record.timestampMs + MAX_AHEAD_MS) {
    return {
      reason: 'envelope: time in the future',
      detail: `the CloudEvents attribute 'time' is more than a day ahead of the log's clock`,
    };
  }
  const envelope: Writable<Envelope> = { id, source, type, timeMs };
  if (typeof dataschema === 'string') envelope.dataschema = dataschema;
  const traceparent = broughtContext(attributes['traceparent'], record);
  if (traceparent !== undefined) envelope.traceparent = traceparent;
  return envelope;
}

function missing(name: string): Failure {
  return {
    reason: `envelope: ${name} missing`,
    detail: `the CloudEvents attribute '${name}' is missing: every event needs id, source and type`,
  };
}

/** The origin's context, else the last hop's; what is invalid is as good as not there. */
function broughtContext(origin: unknown, { headers }: LogRecord): string | undefined {
  const hop = headers[HEADERS.hopTraceparent];
  return (
    (typeof origin === 'string' ? parseTraceparent(origin) : undefined) ?? (hop === undefined ? undefined : parseTraceparent(hop))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
