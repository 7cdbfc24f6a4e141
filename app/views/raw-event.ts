import type { Static } from 'typebox';
import { type EventLog, HEADERS, type LogPosition, type LogRecord, type RawEvent } from '#core';
import { findContractRef } from '#registry';
import { MASK, type MaskedData, maskData, maskText } from './mask.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

/** The event as the log has it, with personal data masked, and what had to be hidden. */
export interface RawView {
  readonly raw: Static<typeof RawEvent>;
  readonly appendedMs: number | undefined;
  readonly hidden: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
/** What names and describes the event: hidden only where all of it is a hidden value. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  HEADERS.id,
  HEADERS.source,
  HEADERS.type,
  HEADERS.time,
  HEADERS.specversion,
  HEADERS.dataschema,
  HEADERS.contentType,
  HEADERS.traceparent,
  HEADERS.hopTraceparent,
  HEADERS.replay,
  HEADERS.backlog,
]);
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads an event back from its place in the log. */
export async function readRawEvent(
  log: Pick<EventLog, 'read'>,
  { topic, partition, offset }: LogPosition,
  index: WorkspaceIndex,
): Promise<RawView> {
  for await (const record of log.read({ topic, partition, from: offset, to: offset + 1 })) {
    if (record.offset === offset) return { ...rawOf(record, index), appendedMs: record.timestampMs };
  }
  const reason = `the event is no longer at offset ${offset} of ${topic}/${partition}: retention has removed it from the log`;
  return { raw: { status: 'not_shown', reason }, appendedMs: undefined, hidden: NOTHING };
}

function rawOf(record: LogRecord, index: WorkspaceIndex): Pick<RawView, 'raw' | 'hidden'> {
  const body = parseBody(record.value);
  if (body === undefined) {
    const reason = 'the event’s value is not JSON, so that nobody can tell what in it is personal data: nothing of it is shown';
    return { raw: { status: 'not_shown', reason }, hidden: NOTHING };
  }
  const isStructured = record.headers[HEADERS.contentType]?.startsWith('application/cloudevents+json') === true;
  const attributes = isStructured && isObject(body.value) ? body.value : attributesOf(record);
  const contract = contractOf(attributes, index);
  const masked = isStructured && isObject(body.value) ? maskStructured(body.value, contract) : maskData(body.value, contract);
  const headers = Object.entries(record.headers).map(([name, text]) => {
    const isWhole = PLAIN_HEADERS.has(name);
    return [name, isWhole && !masked.hidden.has(text) ? text : maskText(text, masked.hidden)] as const;
  });
  return {
    raw: {
      status: 'shown',
      headers: Object.fromEntries(headers),
      key: record.key === undefined ? null : maskKey(record.key, { contract, hidden: masked.hidden }),
      data: masked.data,
      masked: [...masked.masked],
      note: contract === undefined ? 'no contract is known for this event, so that every value of its data is masked' : null,
    },
    hidden: masked.hidden,
  };
}

type KnownContract = ReturnType<WorkspaceIndex['contract']>;

/** Where no contract says what a key may hold, it is hidden: keys are what names a customer. */
function maskKey(key: string, { contract, hidden }: { contract: KnownContract; hidden: ReadonlySet<string> }): string {
  return contract === undefined ? MASK : maskText(key, hidden);
}

/** Structured mode: the attributes stand beside the data, and extensions may repeat it. */
function maskStructured(body: Readonly<Record<string, unknown>>, contract: KnownContract): MaskedData {
  const { data, ...attributes } = body;
  const masked = maskData(data, contract);
  const shown = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'object' && value !== null) return [name, MASK] as const;
    return [name, typeof value === 'string' ? maskText(value, masked.hidden) : value] as const;
  });
  return {
    ...masked,
    data: { ...Object.fromEntries(shown), data: masked.data },
    masked: masked.masked.map((at) => `/data${at}`),
  };
}

function attributesOf({ headers }: LogRecord): Readonly<Record<string, unknown>> {
  return { type: headers[HEADERS.type], dataschema: headers[HEADERS.dataschema] };
}

function contractOf({ type, dataschema }: Readonly<Record<string, unknown>>, index: WorkspaceIndex): KnownContract {
  const named = typeof dataschema === 'string' ? findContractRef(dataschema) : undefined;
  return typeof type === 'string' ? index.contract(type, named?.version) : undefined;
}

function parseBody(value: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(decoder.decode(value)) as unknown };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
