import { spanIdOf, traceIdOf } from '#core';
import { type EventInFlight, recordedEvent } from './batch.ts';

/** Version, trace id, parent id, flags (W3C Trace Context, level 1); a later version may add more behind a dash. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/u;
const VERSION = '00';
const INVALID_VERSION = 'ff';
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
const TRACE_ID_AT = VERSION.length + 1;
const TRACE_ID_LENGTH = 32;
const SAMPLED = 1;

/** Two `traceparent`s: of the event's origin, and of the last hop. */
export interface TraceContext {
  readonly origin: string;
  readonly hop: string;
}

/** Whether a trace is kept by ratio; the collector's decision, handed in. */
export type IsSampled = (traceId: string) => boolean;

/** A valid `traceparent` in the form of version 00, or undefined: what is invalid is ignored, as the standard asks. */
export function parseTraceparent(text: string): string | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === INVALID_VERSION || (version === VERSION && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return `${VERSION}-${traceId}-${spanId}-${flagsOf(isSampledFlag(flags))}`;
}

/** The trace that the event brought, else the one that follows from its id. Computed once an event. */
export function traceIdOfEvent(event: EventInFlight): string {
  event.traceId ??= broughtTraceId(event) ?? traceIdOf(event.envelope ?? recordedEvent(event));
  return event.traceId;
}

/** Only where the event brought one. */
export function broughtTraceId({ envelope }: EventInFlight): string | undefined {
  return envelope?.traceparent?.slice(TRACE_ID_AT, TRACE_ID_AT + TRACE_ID_LENGTH);
}

/**
 * The context that a prediction carries on: the event's trace with our publishing as its parent. The origin's context stays the
 * event's, where it brought one.
 */
export function publishedContext(event: EventInFlight, isSampled: IsSampled): TraceContext {
  const traceId = traceIdOfEvent(event);
  const brought = event.envelope?.traceparent;
  const isKept = isSampled(traceId) || (brought !== undefined && isSampledFlag(brought.slice(-2)));
  // Events that share a trace must not share span ids: these follow from the event's own id.
  const spanId = spanIdOf(brought === undefined ? traceId : traceIdOf(event.envelope ?? recordedEvent(event)), 'publish');
  const hop = `${VERSION}-${traceId}-${spanId}-${flagsOf(isKept)}`;
  return { origin: brought ?? hop, hop };
}

function isSampledFlag(flags: string): boolean {
  return (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED;
}

/** Flags that we do not know are not passed on. */
function flagsOf(isSampled: boolean): string {
  return isSampled ? '01' : '00';
}
