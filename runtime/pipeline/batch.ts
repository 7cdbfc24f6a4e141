import {
  type ContractRef,
  type Envelope,
  type Fate,
  type LogPosition,
  type LogRecord,
  type ModelRef,
  messageOf,
  type NewRecord,
  type OutcomeRecord,
  type RecordedEvent,
  type ShadowScore,
  type StateWrite,
} from '#core';
import { runtimeError } from '../errors.ts';
import type { FeatureRow } from '../features/feature-state.ts';
import type { BatchTimes, TimedPart } from './batch-times.ts';
import type { Lane } from './lane.ts';

/** An event on its way through the stages; each stage fills in what it knows, and skips events that have met their fate. */
export interface EventInFlight {
  readonly kind: 'event';
  readonly record: LogRecord;
  readonly lane: Lane;
  /** Replayed history. */
  readonly isReplay: boolean;
  /** Replayed as fast as possible, or appended before this runner began: its wait says nothing about the pipeline's speed. */
  readonly isBacklog: boolean;
  envelope?: Envelope;
  data?: Readonly<Record<string, unknown>>;
  contract?: ContractRef;
  entity?: string;
  views?: readonly string[];
  /** 32 hex digits; filled in where it is first asked for. */
  traceId?: string;
  /** Of an event that enters scoring, whether or not there is a model yet. */
  predictionId?: string;
  features?: FeatureRow;
  model?: ModelRef;
  score?: number;
  /** Scores of versions that decide nothing, lowest version first. */
  shadows?: readonly ShadowScore[];
  decision?: string;
  fate?: Fate;
  /** Bounded category of a quarantine or another end. */
  reason?: string;
  detail?: string;
  duplicateOf?: number;
}

/** A watermark in its place between the events: from here on, nothing earlier than this event time is promised. */
export interface WatermarkInFlight {
  readonly kind: 'watermark';
  readonly record: LogRecord;
  readonly lane: Lane;
  readonly watermarkMs: number;
}

/** Records of one poll, partition by partition, in offset order; and what will be committed for them. */
export interface Batch {
  /** 16 hex digits; joins decision records to their batch record. */
  readonly id: string;
  /** What an event does that makes a stage fail. */
  readonly onError: 'quarantine' | 'stop';
  readonly items: readonly (EventInFlight | WatermarkInFlight)[];
  readonly times: BatchTimes;
  readonly outcomes: OutcomeRecord[];
  readonly records: NewRecord[];
  readonly state: StateWrite[];
}

/** The one type of all stages: works on a batch in place; a throw means that the batch is tried again from durable state. */
export type StageFunction = (batch: Batch, signal: AbortSignal) => void | Promise<void>;

/** A stage with the name under which its time is measured, and the pair of marks that this time belongs to. */
export interface Stage {
  readonly name: string;
  /** Stages of one part follow each other: the pair spans them. Absent: the stage marks its own parts, or none. */
  readonly part?: TimedPart;
  readonly run: StageFunction;
}

/** The events of a batch that no stage has ended yet. */
export function* openEvents(batch: Batch): Generator<EventInFlight> {
  for (const item of batch.items) {
    if (item.kind === 'event' && item.fate === undefined) yield item;
  }
}

/**
 * Runs a stage's work on each open event; one that throws is quarantined alone, so that it cannot stop the others. With onError: stop
 * it ends the batch: throws RUNTIME_EVENT_FAILED, with its stage, position and event.
 */
export function forEachOpen(batch: Batch, stage: string, work: (event: EventInFlight) => void): void {
  for (const event of openEvents(batch)) {
    try {
      work(event);
    } catch (error) {
      if (batch.onError === 'stop') throw eventFailed(event, stage, error);
      quarantine(event, `exception: ${stage}`, messageOf(error));
    }
  }
}

function eventFailed(event: EventInFlight, stage: string, error: unknown): Error {
  const position = positionOf(event);
  const { source, id, type } = recordedEvent(event);
  const sentence = `event ${id} of ${source} at ${position.topic}/${position.partition}@${position.offset} failed in ${stage}: ${messageOf(error)}`;
  return runtimeError('RUNTIME_EVENT_FAILED', sentence, {
    cause: error,
    details: { stage, position, event: { source, id, type } },
  });
}

/** Ends an event in quarantine. `reason` is a bounded category, `detail` the sentence. */
export function quarantine(event: EventInFlight, reason: string, detail: string): void {
  event.fate = 'quarantined';
  event.reason = reason;
  event.detail = detail;
}

/** Identity and time of an event; what could not be decoded has none of its own, its place in the log stands in. */
export function recordedEvent({ envelope, record }: EventInFlight): RecordedEvent {
  if (envelope !== undefined) {
    return { source: envelope.source, id: envelope.id, type: envelope.type, timeMs: envelope.timeMs };
  }
  return {
    source: `/${record.topic}/${record.partition}`,
    id: String(record.offset),
    type: 'unknown',
    timeMs: record.timestampMs,
  };
}

export function positionOf({ record }: EventInFlight): LogPosition {
  return { topic: record.topic, partition: record.partition, offset: record.offset };
}
