import type { EpochMs } from './clock.ts';
import type { ModelRef, TopicPartition } from './ports.ts';

/** What becomes of an event; each has exactly one, and they add up to what was read. */
export const FATES = [
  'scored',
  'collecting',
  'used_by_features',
  'accepted',
  'without_entity',
  'quarantined',
  'late',
  'duplicate',
] as const;
export type Fate = (typeof FATES)[number];

/** `present`: a value of this entity; `stale`: present but older than its view allows; `not_found`: nothing known. */
export type FeatureStatus = 'present' | 'stale' | 'not_found';

export interface EventRef {
  readonly source: string;
  readonly id: string;
}

export interface RecordedEvent extends EventRef {
  readonly type: string;
  readonly timeMs: EpochMs;
}

/** Where an event stands in the log. */
export interface LogPosition extends TopicPartition {
  readonly offset: number;
}

export interface ContractRef {
  readonly subject: string;
  readonly version: number;
}

/** The served vector, as columns of equal length. */
export interface ServedFeatures {
  readonly names: readonly string[];
  /** null where the status is not_found. */
  readonly values: readonly (number | null)[];
  /** Event time of the newest event behind each value, epoch ms; its age is the event's time minus this. */
  readonly eventTimesMs: readonly (EpochMs | null)[];
  readonly statuses: readonly FeatureStatus[];
}

/** A stage's own pair of marks: µs after the poll returned, on the process's monotonic clock. */
export type MarkPair = readonly [fromUs: number, toUs: number];

/** What an event's batch went through up to its decision; the events of a batch share these times. */
export interface StageMarks {
  /** From the poll's return to the first stage. */
  readonly batchWait: MarkPair;
  /** Decoding, de-duplication, contract. */
  readonly contract: MarkPair;
  readonly featureRead: MarkPair;
  /**
   * Waiting for the worker, its answer's way back included, and what it computed: as long as that took, one behind the other. Both
   * empty (equal marks) where no model scored.
   */
  readonly modelQueue: MarkPair;
  readonly modelCompute: MarkPair;
  /** Decisions, predictions, outcomes. */
  readonly decide: MarkPair;
}

/** A score of a version that decides nothing. */
export interface ShadowScore {
  readonly version: number;
  /** Probability of the positive class, 0 to 1. */
  readonly score: number;
}

/** One for every event that entered scoring, never sampled. Value of a record on TOPICS.decisions (JSON). */
export interface DecisionRecord {
  readonly fate: 'scored' | 'collecting';
  readonly predictionId: string;
  /** 32 hex digits: the trace that the event brought, else what follows from its id. */
  readonly traceId: string;
  readonly pipeline: string;
  readonly event: RecordedEvent;
  readonly position: LogPosition;
  readonly contract: ContractRef;
  readonly entity: string;
  readonly features: ServedFeatures;
  /** Absent while collecting. */
  readonly model?: ModelRef & { readonly role: 'live' };
  /** What versions of the same model would have said that decide nothing; absent where none scores in shadow. */
  readonly shadows?: readonly ShadowScore[];
  /** Probability of the positive class, 0 to 1; absent while collecting. */
  readonly score?: number;
  readonly decision?: string;
  /** Replayed history: it has no source delay. */
  readonly replay: boolean;
  /** Replayed as fast as possible, or read long after it was appended: out of latency SLIs. */
  readonly backlog: boolean;
  /** When the log took the event, epoch ms. */
  readonly appendedMs: EpochMs;
  /** When the poll returned it, epoch ms. Before `appendedMs`: the clocks are skewed, and the row stays out of latency SLIs. */
  readonly polledMs: EpochMs;
  /** Joins it to its BatchRecord. */
  readonly batchId: string;
  readonly marks: StageMarks;
}

/** What is known of a batch only once it is durable. Value of a record on TOPICS.batches (JSON), written with the next commit. */
export interface BatchRecord {
  /** 16 hex digits. */
  readonly batchId: string;
  readonly pipeline: string;
  readonly polledMs: EpochMs;
  /** When all of the batch was durable, epoch ms. */
  readonly publishedMs: EpochMs;
  readonly marks: StageMarks;
  /** From writing the records to their acknowledgement. */
  readonly publish: MarkPair;
  /** Events read, decisions made. */
  readonly events: number;
  readonly decisions: number;
  /** Of each decision that counts for latency SLIs (no backlog, no skew): time in the log before the poll, µs. */
  readonly brokerWaitUs: readonly number[];
  /** Of the same decisions, in the same order: append to acknowledgement, µs. */
  readonly endToEndUs: readonly number[];
  /** Decisions left out of the two lists because of clock skew. */
  readonly skewed: number;
}

/** What became of an event that did not enter scoring. Value of a record on TOPICS.receipts (JSON). */
export interface ReceiptRecord {
  readonly fate: Exclude<Fate, 'scored' | 'collecting'>;
  readonly pipeline: string;
  readonly event: RecordedEvent;
  readonly position: LogPosition;
  readonly entity?: string;
  readonly contract?: ContractRef;
  /** Feature views that took the event. */
  readonly views?: readonly string[];
  /** Bounded category, such as `contract: /quantity minimum`. */
  readonly reason?: string;
  /** The sentence behind the reason. */
  readonly detail?: string;
  /** Offset of the first delivery, in the same partition. */
  readonly duplicateOf?: number;
  /** Only where the event brought a trace of its own; else it follows from the event's id. */
  readonly traceId?: string;
  readonly replay?: true;
}

/** The label of a prediction, once it is known. Value of a record on TOPICS.outcomes (JSON). */
export interface OutcomeRecord {
  readonly outcome: string;
  readonly predictionId: string;
  readonly pipeline: string;
  readonly event: EventRef;
  readonly entity: string;
  readonly label: 0 | 1;
  /** Event time of the scored event, epoch ms. */
  readonly predictedAtMs: EpochMs;
  /** Event clock: the settling event's time, or the horizon's end; epoch ms. */
  readonly maturedAtMs: EpochMs;
  /** The event that settled it; absent where the horizon passed. */
  readonly settledBy?: EventRef;
}
