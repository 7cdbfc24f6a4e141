import type { EpochMs } from './clock.ts';
import type { ModelRef } from './ports.ts';
import type { BatchRecord, ContractRef, Fate, LogPosition, RecordedEvent } from './records.ts';

/** An event whose batch is durable. Only what observers need; never payloads. */
export interface CompletedEvent {
  readonly event: RecordedEvent;
  readonly position: LogPosition;
  readonly appendedMs: EpochMs;
  readonly fate: Fate;
  readonly replay: boolean;
  readonly backlog: boolean;
  /** Of a decision: the trace that it brought, else what follows from its id. */
  readonly traceId?: string | undefined;
  /** W3C context that it brought. */
  readonly traceparent?: string | undefined;
  readonly contract?: ContractRef | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly views?: readonly string[] | undefined;
  readonly predictionId?: string | undefined;
  /** The version that decided; versions in shadow are on the decision record only. */
  readonly model?: (ModelRef & { readonly role: 'live' }) | undefined;
  readonly score?: number | undefined;
  readonly decision?: string | undefined;
}

/** A batch whose every record is durable, with its times. */
export interface CompletedBatch {
  readonly batch: BatchRecord;
  readonly topic: string;
  readonly predictionTopic: string;
  /** Those that some observer wanted, in the order in which the batch had them. */
  readonly events: readonly CompletedEvent[];
}

/** Looks at what was done, after it is durable; must return at once and never throw. The scoring path does not wait for it. */
export interface JourneyObserver {
  /**
   * Asked before the commit whether the event may be of interest once it is durable, so that only those are kept until then; the
   * event is valid during the call only. Absent: all are.
   */
  wants?(event: CompletedEvent): boolean;
  completed(batch: CompletedBatch): void;
}
