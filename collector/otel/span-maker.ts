import {
  type Attributes,
  type Context,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ATTRIBUTES, type BatchRecord, type StageName, spanIdOf, traceIdOf } from '#core';
import { hrTimeOf } from './hr-time.ts';
import { brokerWaitUsOf, contractAttributes, type JourneyContext, modelAttributes, stepsOf } from './journey-steps.ts';
import type { PresetIds } from './preset-ids.ts';
import { type EventTrace, traceOf } from './trace-context.ts';
import type { KeptBecause } from './trace-selection.ts';

/** Names that only this file writes. */
const BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
const CLOCK_SKEW_US = 'evai.clock_skew_us';

/** Links of a `poll` span; a batch rarely keeps more, and what is beyond is only not linked. */
const MAX_LINKS = 128;

/** A journey that leaves a trace. */
export interface KeptJourney extends JourneyContext {
  readonly because: KeptBecause;
}

export interface SpanMakerDeps {
  /** Its provider must draw ids from `ids`. */
  readonly tracer: Tracer;
  readonly ids: PresetIds;
  /** `messaging.system`: `kafka`, or what the embedded log calls itself. */
  readonly messagingSystem: string;
}

interface NewSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanId: string;
  readonly parent: Context;
  readonly attributes: Attributes;
  readonly links?: Link[];
  readonly start: HrTime;
  readonly end: HrTime;
  /** Bounded category and sentence of what went wrong. */
  readonly error?: { readonly type: string; readonly message: string };
}

/**
 * Id of a step's span: `process`, or a stage. A prediction names `publish` as its parent by the same rule, so both change together.
 * From the event's own id: events that brought one and the same trace must not share span ids.
 */
function stepSpanId({ traceId, derivedTraceId = traceId }: EventTrace, step: 'process' | StageName): string {
  return spanIdOf(derivedTraceId, step);
}

/** Where the `poll` span of a batch stands: a trace of its own, as one batch holds events of many traces. */
function pollContextOf({ pipeline, batchId }: BatchRecord): { readonly traceId: string; readonly spanId: string } {
  const traceId = traceIdOf({ source: pipeline, id: batchId });
  return { traceId, spanId: spanIdOf(traceId, 'poll') };
}

/**
 * Makes spans of journeys that are done, with explicit times and ids: the wall time of a mark is `polledMs` plus the mark. Names and
 * attributes follow OpenTelemetry's semantic conventions 1.44 for messaging.
 */
export class SpanMaker {
  readonly #deps: SpanMakerDeps;

  constructor(deps: SpanMakerDeps) {
    this.#deps = deps;
  }

  /**
   * The `process` span, from append to acknowledgement (so its duration is the end-to-end time that the latency budget is about),
   * and a child for each stage. Returns how many spans it made.
   */
  makeJourney(journey: KeptJourney): number {
    const { batch } = journey;
    const eventTrace = traceOf(journey.event.event, journey.event.traceparent);
    const { traceId } = eventTrace;
    this.#deps.ids.traceId = traceId;
    const spanId = stepSpanId(eventTrace, 'process');
    const steps = stepsOf(journey);
    for (const { step, name, kind, marks, attributes } of steps) {
      this.#make({
        name,
        kind,
        spanId: stepSpanId(eventTrace, step),
        parent: contextOf(traceId, spanId),
        attributes: kind === SpanKind.INTERNAL ? attributes : { ...this.#messaging(batch), ...attributes },
        start: hrTimeOf(batch.polledMs, marks[0]),
        end: hrTimeOf(batch.polledMs, marks[1]),
      });
    }
    this.#make({ ...this.#processSpan(journey, eventTrace), spanId });
    return steps.length + 1;
  }

  /**
   * The `poll` span of a batch, linked to the `process` spans of its kept journeys. Only batches that keep one have it, and it links
   * to no other message: a link to a trace that is not stored leads nowhere. When the poll began is not measured, so it has no length.
   */
  makePoll(journeys: readonly KeptJourney[]): number {
    const [first] = journeys;
    if (first === undefined) return 0;
    const { batch, topic } = first;
    const { traceId, spanId } = pollContextOf(batch);
    this.#deps.ids.traceId = traceId;
    const at = hrTimeOf(batch.polledMs, 0);
    this.#make({
      name: `poll ${topic}`,
      kind: SpanKind.CLIENT,
      spanId,
      parent: ROOT_CONTEXT,
      attributes: {
        ...this.#messaging(batch),
        [ATTRIBUTES.messagingOperationName]: 'poll',
        [ATTRIBUTES.messagingOperationType]: 'receive',
        [ATTRIBUTES.messagingDestination]: topic,
        [BATCH_MESSAGE_COUNT]: batch.events,
      },
      links: journeys.slice(0, MAX_LINKS).map(processLink),
      start: at,
      end: at,
    });
    return 1;
  }

  #processSpan(journey: KeptJourney, { traceId, remoteParentId, derivedTraceId }: EventTrace): Omit<NewSpan, 'spanId'> {
    const { event, batch, topic } = journey;
    const brokerWaitUs = brokerWaitUsOf(journey);
    return {
      name: `process ${topic}`,
      kind: SpanKind.CONSUMER,
      parent: remoteParentId === undefined ? ROOT_CONTEXT : contextOf(traceId, remoteParentId, true),
      attributes: {
        ...this.#messaging(batch),
        ...eventAttributes(journey),
        ...(derivedTraceId === undefined ? {} : { [ATTRIBUTES.derivedTraceId]: derivedTraceId }),
        ...(brokerWaitUs < 0 ? { [CLOCK_SKEW_US]: -brokerWaitUs } : {}),
      },
      links: [{ context: { ...pollContextOf(batch), traceFlags: TraceFlags.SAMPLED } }],
      start: hrTimeOf(batch.polledMs, -Math.max(0, brokerWaitUs)),
      end: hrTimeOf(batch.polledMs, batch.publish[1]),
      ...(event.fate === 'quarantined'
        ? { error: { type: event.reason ?? 'quarantined', message: event.detail ?? event.reason ?? 'quarantined' } }
        : {}),
    };
  }

  #messaging({ pipeline }: BatchRecord): Attributes {
    return {
      [ATTRIBUTES.messagingSystem]: this.#deps.messagingSystem,
      [ATTRIBUTES.messagingGroup]: pipeline,
      [ATTRIBUTES.pipeline]: pipeline,
    };
  }

  #make({ name, kind, spanId, parent, attributes, links, start, end, error }: NewSpan): void {
    this.#deps.ids.spanId = spanId;
    const options = { kind, attributes, startTime: start, ...(links === undefined ? {} : { links }) };
    const span = this.#deps.tracer.startSpan(name, options, parent);
    if (error !== undefined) {
      span.setAttribute(ATTRIBUTES.errorType, error.type);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    }
    span.end(end);
  }
}

function processLink({ event }: KeptJourney): Link {
  const eventTrace = traceOf(event.event, event.traceparent);
  const { traceId } = eventTrace;
  return { context: { traceId, spanId: stepSpanId(eventTrace, 'process'), traceFlags: TraceFlags.SAMPLED } };
}

function contextOf(traceId: string, spanId: string, isRemote = false): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, isRemote, traceFlags: TraceFlags.SAMPLED });
}

function eventAttributes({ event, topic, because }: KeptJourney): Attributes {
  const { event: recorded, position, predictionId, score, decision } = event;
  return {
    [ATTRIBUTES.messagingOperationName]: 'process',
    [ATTRIBUTES.messagingOperationType]: 'process',
    [ATTRIBUTES.messagingDestination]: topic,
    [ATTRIBUTES.messagingPartition]: String(position.partition),
    [ATTRIBUTES.messagingOffset]: position.offset,
    [ATTRIBUTES.messagingMessageId]: recorded.id,
    [ATTRIBUTES.eventId]: recorded.id,
    [ATTRIBUTES.eventSource]: recorded.source,
    [ATTRIBUTES.eventType]: recorded.type,
    [ATTRIBUTES.fate]: event.fate,
    [ATTRIBUTES.keptBecause]: because,
    [ATTRIBUTES.replay]: event.replay,
    ...contractAttributes(event),
    ...modelAttributes(event),
    ...(predictionId === undefined ? {} : { [ATTRIBUTES.predictionId]: predictionId }),
    ...(score === undefined ? {} : { [ATTRIBUTES.predictionScore]: score }),
    ...(decision === undefined ? {} : { [ATTRIBUTES.predictionLabel]: decision }),
  };
}
