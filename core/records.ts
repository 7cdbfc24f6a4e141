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

/** Processing-clock marks in µs on one monotonic clock of the process; stages are differences of pairs. */
export interface StageMarks {
  readonly polledUs: number;
  readonly batchedUs: number;
  readonly validatedUs: number;
  readonly featuresReadUs: number;
  readonly modelQueuedUs: number;
  readonly modelDoneUs: number;
  readonly decidedUs: number;
}

/** One for every event that entered scoring, never sampled. Value of a record on TOPICS.decisions (JSON). */
export interface DecisionRecord {
  readonly fate: 'scored' | 'collecting';
  readonly predictionId: string;
  readonly traceId: string;
  readonly pipeline: string;
  readonly event: RecordedEvent;
  readonly position: LogPosition;
  readonly contract: ContractRef;
  readonly entity: string;
  readonly features: ServedFeatures;
  /** Absent while collecting. */
  readonly model?: ModelRef & { readonly role: 'live' };
  /** Probability of the positive class, 0 to 1; absent while collecting. */
  readonly score?: number;
  readonly decision?: string;
  readonly replay: boolean;
  /** When the log took the event, epoch ms. */
  readonly appendedMs: EpochMs;
  readonly marks: StageMarks;
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

/** Facts on the control topic. Each is the JSON value of a record whose ce_type is one of CONTROL_TYPES. */
export interface ContractRegistered extends ContractRef {
  readonly fingerprint: string;
  readonly owner: string;
}

/** Raised once for a barrier of the pipeline; `requestId` is its idempotency key. */
export interface TrainingRequested {
  readonly requestId: string;
  readonly model: string;
  readonly pipeline: string;
  readonly cause: 'first_model';
  /** Event-time window of the scored events to train on, epoch ms, end exclusive. */
  readonly window: { readonly fromMs: EpochMs; readonly toMs: EpochMs };
  /** Where each partition of the pipeline's topic stands: the training sees nothing behind it. */
  readonly positions: readonly LogPosition[];
}

/** What a model came from: enough to make it again. */
export interface ModelLineage {
  readonly requestId: string;
  readonly algorithm: string;
  readonly window: { readonly fromMs: EpochMs; readonly toMs: EpochMs };
  readonly rows: number;
  readonly positives: number;
  readonly inputs: readonly string[];
  readonly dataFingerprint: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Largest difference between ONNX and direct computation over the training rows. */
  readonly parity: number;
  readonly trainedBy: string;
}

export interface ModelTrained extends ModelRef {
  readonly requestId: string;
  readonly lineage: ModelLineage;
}

export interface ModelRegistered extends ModelRef {
  readonly requestId: string;
  readonly inputs: readonly string[];
  /** sha256 of the ONNX file, hex. */
  readonly onnxSha256: string;
}

/** From `positions` on (inclusive), this version decides. */
export interface ModelPromoted extends ModelRef {
  readonly requestId: string;
  readonly pipeline: string;
  readonly role: 'live';
  readonly positions: readonly LogPosition[];
  readonly reason: string;
  readonly actor: string;
}

export interface TrainingRefused {
  readonly requestId: string;
  readonly model: string;
  readonly reason: string;
  readonly message: string;
}
