export { type Migration, openTelemetryStore, type TelemetryStore } from './clickhouse/index.ts';
export { type ClickHouseSetting, parseClickHouseSetting } from './config.ts';
export {
  type DriftFact,
  type ModelFact,
  readDriftFacts,
  readModelFacts,
  type StoredFact,
} from './governance/control-facts.ts';
export {
  type AlarmWindows,
  findDistribution,
  type JobProgress,
  MAX_DRIFT_WINDOWS,
  readAlarmWindows,
  readDriftResults,
  readJobProgress,
  type StoredDistribution,
  type StoredDriftResult,
} from './governance/drift-results.ts';
export {
  type GateMoment,
  type GovernanceMoments,
  loadGovernanceMoments,
  type QuietLoss,
  restoredAtMs,
} from './governance/moments.ts';
export { CursorError } from './journeys/cursor.ts';
export { findEvent, type StoredEvent } from './journeys/event-lookup.ts';
export { findIdentifiers, type Identified, type IdentifiedEvent } from './journeys/identifiers.ts';
export { loadMoments, type Moments, type PredictionMoment, type QuarantineMoment } from './journeys/moments.ts';
export { type Distribution, type LatencyWindow, readLatency } from './journeys/pipeline-latency.ts';
export { type SearchQuestion, searchJourneys } from './journeys/search.ts';
export type { StoredBatch, StoredDecision, StoredOutcome, StoredReceipt, StoredRecord } from './journeys/stored.ts';
export type { StoredSummary } from './journeys/summaries.ts';
export { readThroughput, type ThroughputMinute } from './journeys/throughput.ts';
export { type DayCount, readChanges, readDays, type StoredChange } from './journeys/timeline.ts';
export { type FeatureUse, findUses } from './journeys/used-by.ts';
export { createJourneySpans } from './otel/journey-spans.ts';
export { startNodeSdk } from './otel/node-sdk.ts';
export { isSampledByRatio } from './otel/ratio.ts';
export { traceOf } from './otel/trace-context.ts';
export { TRACE_MIGRATION_STATEMENTS } from './otlp/migrations.ts';
export { receiveTraces, traceResponseOf } from './otlp/receiver.ts';
export { readTrace } from './otlp/trace-query.ts';
export { TraceWriter } from './otlp/trace-writer.ts';
export { GOVERNANCE_STATEMENTS } from './records/governance-tables.ts';
export type { EntityName } from './records/lines.ts';
export { OPERATIONS_STATEMENTS } from './records/operations-tables.ts';
export { outboxLag } from './records/outbox-lag.ts';
export { createPseudonyms } from './records/pseudonyms.ts';
export { RecordWriter } from './records/record-writer.ts';
export { claimStore, clearRecords, findStoredLog } from './records/stored-log.ts';
export { RECORD_STATEMENTS } from './records/tables.ts';
