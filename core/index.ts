export {
  EventAnswer,
  FindAnswer,
  Journey,
  JourneyPage,
  JourneySearch,
  JourneySummary,
  Receipt,
} from './api/journey.ts';
export { Change, FateCount, Health, MonthQuality, PipelineList, PipelineSummary, StreamTick, Timeline } from './api/overview.ts';
export { Contract as ContractAnswer, EventIdentity, Latency, LatencyGoal, Problem, RawEvent, Span } from './api/parts.ts';
export { type Clock, type EpochMs, ManualClock, systemClock } from './clock.ts';
export { type Envelope, envelopeHeaders, HEADERS } from './cloud-event.ts';
export { DURATION_PATTERN, parseDuration } from './duration.ts';
export {
  defineErrors,
  type ErrorTable,
  isRetryable,
  messageOf,
  type Result,
  ThroughlineError,
} from './errors.ts';
export { canonicalJson, fingerprintOf, predictionIdOf, pseudonymOf, spanIdOf, traceIdOf } from './ids.ts';
export type { CompletedBatch, CompletedEvent, JourneyObserver } from './journey-observer.ts';
export {
  ATTRIBUTES,
  CONTROL_TYPES,
  QUARANTINE_SUFFIX,
  STAGES,
  STORES,
  type StageName,
  TABLES,
  TOPICS,
} from './names.ts';
export { murmur2, partitionOf } from './partitioner.ts';
export type {
  Commit,
  CommitReceipt,
  Consumer,
  ConsumerOptions,
  Database,
  EventLog,
  GroupLag,
  GroupOffset,
  InsertRows,
  LogRecord,
  ModelArtifact,
  ModelRef,
  ModelRunner,
  NewRecord,
  PartitionBounds,
  PolledBatch,
  PollOptions,
  QueryOptions,
  ReadOptions,
  RecordHeaders,
  Retention,
  ScoreRequest,
  ScoreResult,
  SqlValue,
  StateEntry,
  StateWrite,
  TopicPartition,
  TopicSpec,
} from './ports.ts';
export {
  type BatchRecord,
  type ContractRef,
  type ContractRegistered,
  type DecisionRecord,
  type EventRef,
  FATES,
  type Fate,
  type FeatureStatus,
  type LogPosition,
  type MarkPair,
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
