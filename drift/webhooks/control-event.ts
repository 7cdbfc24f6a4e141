import { CONTROL_TYPES, HEADERS, type LogRecord } from '#core';

/** A fact of the control topic as it is sent. */
export interface ControlEvent {
  /** CloudEvents id. */
  readonly id: string;
  readonly type: string;
  /** The id in the form that a header can hold: the idempotency key. */
  readonly webhookId: string;
  /** CloudEvents in structured mode, JSON. */
  readonly body: string;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(Object.values(CONTROL_TYPES));
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The type of a record of the control topic; undefined where it is no fact that others are told. */
export function factTypeOf({ headers }: LogRecord): string | undefined {
  const type = headers[HEADERS.type];
  return type !== undefined && KNOWN_TYPES.has(type) ? type : undefined;
}

/** The event of a record with a known type. Throws SyntaxError or TypeError where its value is not JSON in UTF-8. */
export function controlEventOf({ headers, value, topic, partition, offset }: LogRecord): ControlEvent {
  const data: unknown = JSON.parse(decoder.decode(value));
  const id = headers[HEADERS.id] ?? `${topic}/${partition}/${offset}`;
  const type = headers[HEADERS.type] ?? '';
  const envelope = {
    specversion: '1.0',
    id,
    source: headers[HEADERS.source] ?? '/throughline',
    type,
    ...(headers[HEADERS.time] === undefined ? {} : { time: headers[HEADERS.time] }),
    datacontenttype: 'application/json',
  };
  return { id, type, webhookId: headerIdOf(id), body: JSON.stringify({ ...envelope, data }) };
}

/**
 * Letters, digits and `-_:/` stand as they are, all else percent-encoded: an id may hold what a producer calls itself, a header holds
 * ASCII only, and a full stop would let the parts of the signed content run into each other (Standard Webhooks 1.0.0, "Signature scheme").
 */
function headerIdOf(id: string): string {
  return encodeURIComponent(id)
    .replaceAll(/[.!~*'()]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':');
}
