export { ALERTS, type AlertName, type AlertRule, BOARDS, type FiredAlert, SEVERITIES, type Severity } from './alert-rules.ts';
export {
  DistributionAnswer,
  DriftAlarmView,
  DriftAnswer,
  DriftList,
  type DriftMeasure,
  FindingView,
  LineMonth,
  ModelAnswer,
  ModelList,
  ModelSummary,
  ModelVersionView,
  RollbackAnswer,
  RollbackRequest,
  TrainingView,
} from './api/governance.ts';
export {
  CAUSES,
  type Cause,
  CauseDeclaration,
  CheckResult,
  Cohort,
  Diagnosis,
  Evidence,
  Exemplar,
  Hypothesis,
  IncidentAnswer,
  IncidentList,
  IncidentNote,
  IncidentSummary,
  Mitigation,
  NearbyChange,
  TeamContact,
} from './api/incidents.ts';
export {
  EventAnswer,
  FindAnswer,
  Journey,
  JourneyPage,
  JourneySearch,
  JourneySummary,
  Receipt,
} from './api/journey.ts';
export {
  AlertList,
  AlertView,
  ChangeAccepted,
  ChangeReport,
  RunbookAnswer,
  RunbookList,
  SloList,
  SloView,
  TeamAnswer,
} from './api/operations.ts';
export { Change, FateCount, Health, MonthQuality, PipelineList, PipelineSummary, StreamTick, Timeline } from './api/overview.ts';
export { Contract as ContractAnswer, EventIdentity, Latency, LatencyGoal, Problem, RawEvent, Span } from './api/parts.ts';
export { type Clock, type EpochMs, ManualClock, systemClock } from './clock.ts';
export { type Envelope, envelopeHeaders, HEADERS } from './cloud-event.ts';
export {
  type ContractRegistered,
  DRIFT_METHODS,
  DRIFT_TARGETS,
  type DriftAlarm,
  type DriftDetected,
  type DriftDistribution,
  type DriftMethod,
  type DriftResultRecord,
  type EventWindow,
  type FieldChanged,
  type FieldFigures,
  type FieldProfileRecord,
  type FieldRestored,
  type GateCheck,
  type GateQuality,
  type GateVerdict,
  type ModelLineage,
  type ModelPromoted,
  type ModelRefused,
  type ModelRegistered,
  type ModelShadowed,
  type ModelTrained,
  TRAINING_CAUSES,
  type TrainingCause,
  type TrainingEvidence,
  type TrainingRefused,
  type TrainingRequested,
} from './control-facts.ts';
export { type ControlFact, controlRecord } from './control-records.ts';
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
export type { ChangeRecorded, IncidentFact } from './incident-facts.ts';
export type { CompletedBatch, CompletedEvent, JourneyObserver } from './journey-observer.ts';
export {
  ATTRIBUTES,
  CONTROL_TYPES,
  METRICS,
  QUARANTINE_SUFFIX,
  STAGES,
  STORES,
  type StageName,
  TABLES,
  TOPICS,
} from './names.ts';
export type { AlertEventRecord, FailureRecord, GroupSampleRecord } from './operations.ts';
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
export { createRandom } from './random.ts';
export {
  type BatchRecord,
  type ContractRef,
  type DecisionRecord,
  type EventRef,
  FATES,
  type Fate,
  type FeatureStatus,
  type LogPosition,
  type MarkPair,
  type OutcomeRecord,
  type ReceiptRecord,
  type RecordedEvent,
  type ServedFeatures,
  type ShadowScore,
  type StageMarks,
} from './records.ts';
export { findClosest } from './suggestion.ts';
export { VERSION } from './version.ts';
