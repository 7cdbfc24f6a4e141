import { type EventRef, traceIdOf } from '#core';

/** Which trace an event belongs to. */
export interface EventTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The span that sent the event, where it brought a trace of its own. */
  readonly remoteParentId?: string;
  /** What follows from the event's id, where the event brought another trace id. */
  readonly derivedTraceId?: string;
}

/** A W3C trace context without its state. */
export interface TraceContext {
  readonly traceId: string;
  readonly parentId: string;
}

/** Version 00 ends there; a later one may go on. ff is no version, and ids of zeros are no ids. */
const TRACEPARENT = /^(?!ff|00.{53}.)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/u;

/** A W3C `traceparent` (Trace Context, section 3.2), or undefined where it is not a valid one: then it counts as not brought. */
export function findTraceContext(traceparent: string | undefined): TraceContext | undefined {
  if (traceparent === undefined) return undefined;
  const [, traceId, parentId] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId === undefined || parentId === undefined ? undefined : { traceId, parentId };
}

/** The trace of an event: the one that it brought, else what follows from its id (specification: telemetry, trace ids). */
export function traceOf(event: EventRef, traceparent: string | undefined): EventTrace {
  const brought = findTraceContext(traceparent);
  if (brought === undefined) return { traceId: traceIdOf(event) };
  return { traceId: brought.traceId, remoteParentId: brought.parentId, derivedTraceId: traceIdOf(event) };
}
