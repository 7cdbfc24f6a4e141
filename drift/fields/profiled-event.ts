import { type EpochMs, HEADERS, type LogRecord } from '#core';

/** What a profile needs of an event's envelope. */
export interface ProfiledEnvelope {
  readonly subject: string;
  readonly source: string;
  /** Event time, epoch ms. */
  readonly timeMs: EpochMs;
}

export interface ProfiledEvent extends ProfiledEnvelope {
  readonly data: Readonly<Record<string, unknown>>;
}

const STRUCTURED = 'application/cloudevents+json';
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads what of an event is profiled: CloudEvents in binary or structured mode. Undefined where `isWanted` says no to its subject
 * (nothing is parsed then), `unreadable` where it is not JSON, its data is no object, or its envelope does not fit.
 */
export function readEvent(record: LogRecord, isWanted: (subject: string) => boolean): ProfiledEvent | 'unreadable' | undefined {
  const { headers } = record;
  if (headers[HEADERS.contentType]?.startsWith(STRUCTURED) === true) return readStructured(record, isWanted);
  const subject = headers[HEADERS.type];
  if (subject === undefined || !isWanted(subject)) return undefined;
  return eventOf(record, { type: subject, source: headers[HEADERS.source], time: headers[HEADERS.time] }, parseJson(record));
}

function readStructured(record: LogRecord, isWanted: (subject: string) => boolean): ReturnType<typeof readEvent> {
  const body = parseJson(record);
  if (!isRecord(body)) return 'unreadable';
  const { type, source, time, data } = body;
  if (typeof type === 'string' && !isWanted(type)) return undefined;
  return eventOf(record, { type, source, time }, data);
}

/** An event without a time has the log's, as in the pipeline. */
function eventOf(
  record: LogRecord,
  { type, source, time }: { readonly type: unknown; readonly source: unknown; readonly time: unknown },
  data: unknown,
): ProfiledEvent | 'unreadable' {
  const timeMs = time === undefined ? record.timestampMs : Date.parse(typeof time === 'string' ? time : '');
  if (typeof type !== 'string' || typeof source !== 'string' || source === '' || Number.isNaN(timeMs)) return 'unreadable';
  return isRecord(data) ? { subject: type, source, timeMs, data } : 'unreadable';
}

/** undefined where it is not JSON in UTF-8. */
function parseJson({ value }: LogRecord): unknown {
  try {
    return JSON.parse(decoder.decode(value));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
