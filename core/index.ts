export { type Clock, type EpochMs, ManualClock, systemClock } from './clock.ts';
export { type Envelope, envelopeHeaders, HEADERS } from './cloud-event.ts';
export { DURATION_PATTERN, parseDuration } from './duration.ts';
export {
  defineErrors,
  type ErrorTable,
  messageOf,
  type Result,
  ThroughlineError,
} from './errors.ts';
export { canonicalJson, fingerprintOf, predictionIdOf, traceIdOf } from './ids.ts';
export { CONTROL_TYPES, QUARANTINE_SUFFIX, STORES, TOPICS } from './names.ts';
export { murmur2, partitionOf } from './partitioner.ts';
export type {
  Commit,
  CommitReceipt,
  Consumer,
  ConsumerOptions,
  EventLog,
  GroupLag,
  GroupOffset,
  LogRecord,
  ModelArtifact,
  ModelRef,
  ModelRunner,
  NewRecord,
  PartitionBounds,
  PolledBatch,
  PollOptions,
  ReadOptions,
  RecordHeaders,
  Retention,
  ScoreRequest,
  StateEntry,
  StateWrite,
  TopicPartition,
  TopicSpec,
} from './ports.ts';
export {
  type ContractRef,
  type ContractRegistered,
  type DecisionRecord,
  type EventRef,
  FATES,
  type Fate,
  type FeatureStatus,
  type LogPosition,
  type ModelLineage,
  type ModelPromoted,
  type ModelRegistered,
  type ModelTrained,
  type OutcomeRecord,
  type ReceiptRecord,
  type RecordedEvent,
  type ServedFeatures,
  type StageMarks,
  type TrainingRefused,
  type TrainingRequested,
} from './records.ts';
export { findClosest } from './suggestion.ts';
export { VERSION } from './version.ts';
