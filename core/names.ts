/** Topics of the control plane itself; a pipeline's own topics are named in its workspace. */
export const TOPICS = {
  /** Everything a person or a machine decided: contracts, trainings, registrations, promotions. One partition. */
  control: 'throughline.control',
  /** Outbox: a decision record for every event that entered scoring. */
  decisions: 'throughline.decisions',
  /** Outbox: a receipt for every other event. */
  receipts: 'throughline.receipts',
  /** Outbox: outcomes as they mature. */
  outcomes: 'throughline.outcomes',
  /** Outbox: a record for every batch with decisions, once it is durable: what its decisions could not know yet. */
  batches: 'throughline.batches',
  /** Outbox: what drift jobs measured. One partition. */
  drift: 'throughline.drift',
  /** Outbox: what producers sent in each numeric field, by day. One partition. */
  fields: 'throughline.fields',
  /** Outbox: where consumer groups stand, sampled. One partition. */
  groups: 'throughline.groups',
  /** Outbox: what kept a pipeline from going on. One partition. */
  failures: 'throughline.failures',
  /** Outbox: alerts that began to fire or were resolved. One partition. */
  alerts: 'throughline.alerts',
  /** Facts that a webhook's endpoint did not take, with its name and the reason in headers. One partition. */
  undelivered: 'throughline.undelivered',
} as const;

/** Suffix of the topic that holds a topic's quarantined events. */
export const QUARANTINE_SUFFIX = '.quarantine';

/** Keyed stores in the log's state. */
export const STORES = {
  /** Partition's progress: watermark, fates, de-duplication start. */
  progress: 'pipeline.progress',
  /** Feature views' panes by entity. */
  features: 'pipeline.features',
  /** Predictions whose outcome is open. */
  openPredictions: 'pipeline.open_predictions',
  /** ONNX files by model and version. */
  artifacts: 'models.artifacts',
  /** How far a replayed source has been published. */
  sources: 'sources.position',
  /** What this data folder was made from. */
  workspace: 'workspace.identity',
  /** Batches that are on their way to the telemetry store, by topic: after a crash they are sent again, byte for byte. */
  writerBatches: 'telemetry.writer_batches',
  /** Names this log for ever. */
  logIdentity: 'log.identity',
  /** How far drift jobs and the line of models have been reviewed, and what they carry from window to window. */
  governance: 'governance.progress',
  /** What was delivered to each webhook's endpoint, by its name. */
  webhooks: 'webhooks.endpoints',
  /** Alerts that are pending or fire, by fingerprint. */
  alerts: 'alerts.state',
  /** Incidents, by fingerprint and start. */
  incidents: 'incidents.book',
} as const;

/** Types of the records on the control topic (CloudEvents `type`). */
export const CONTROL_TYPES = {
  contractRegistered: 'throughline.contract.registered',
  trainingRequested: 'throughline.training.requested',
  trainingRefused: 'throughline.training.refused',
  modelTrained: 'throughline.model.trained',
  modelRegistered: 'throughline.model.registered',
  modelShadowed: 'throughline.model.shadowed',
  modelPromoted: 'throughline.model.promoted',
  modelRefused: 'throughline.model.refused',
  retrainingRequested: 'throughline.retraining.requested',
  driftDetected: 'throughline.drift.detected',
  fieldChanged: 'throughline.field.changed',
  fieldRestored: 'throughline.field.restored',
  changeRecorded: 'throughline.change.recorded',
  incidentOpened: 'throughline.incident.opened',
  incidentAcknowledged: 'throughline.incident.acknowledged',
  incidentCauseDeclared: 'throughline.incident.cause_declared',
  incidentResolved: 'throughline.incident.resolved',
} as const;

/** Tables and views of the telemetry store. Dashboards and runbooks may name their columns. */
export const TABLES = {
  decisions: 'decisions',
  receipts: 'receipts',
  outcomes: 'outcomes',
  batches: 'batches',
  changes: 'changes',
  driftResults: 'drift_results',
  fieldProfiles: 'field_profiles',
  groupSamples: 'group_samples',
  failures: 'failures',
  alertEvents: 'alert_events',
  /** Whose log the records are of. */
  recordLogs: 'record_logs',
  /** View: decisions with their batch and their outcome. */
  journeys: 'journeys',
  traces: 'otel_traces',
  traceTimes: 'otel_traces_trace_id_ts',
} as const;

/** The stages of a pipeline's latency, in the order an event meets them. Each has its own pair of marks. */
export const STAGES = [
  'broker_wait',
  'batch_wait',
  'contract',
  'feature_read',
  'model_queue',
  'model_compute',
  'decide',
  'publish',
] as const;
export type StageName = (typeof STAGES)[number];

/** Metrics of GET /metrics, in Prometheus' text format. */
export const METRICS = {
  /** Counter, by slo and pipeline: events that count for the SLO. */
  sloEvents: 'throughline_slo_events_total',
  /** Counter, by slo and pipeline: those of them that were bad. */
  sloBadEvents: 'throughline_slo_bad_events_total',
  /** Gauge, by alert, rule and the rule's labels: what the rule measured last; it fires over the rule's threshold. */
  alertValue: 'throughline_alert_value',
} as const;

/** Attributes of spans: OpenTelemetry semantic conventions 1.44 for messaging, and ours (`evai.`), where nothing is standardised. */
export const ATTRIBUTES = {
  messagingSystem: 'messaging.system',
  messagingDestination: 'messaging.destination.name',
  messagingPartition: 'messaging.destination.partition.id',
  messagingGroup: 'messaging.consumer.group.name',
  messagingMessageId: 'messaging.message.id',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingOffset: 'messaging.kafka.offset',
  errorType: 'error.type',
  eventId: 'evai.event.id',
  eventSource: 'evai.event.source',
  eventType: 'evai.event.type',
  /** The trace id that follows from the event's id, where the event brought another one. */
  derivedTraceId: 'evai.event.trace_id',
  fate: 'evai.fate',
  contractName: 'evai.contract.name',
  contractVersion: 'evai.contract.version',
  featureView: 'evai.feature.view',
  modelName: 'evai.model.name',
  modelVersion: 'evai.model.version',
  modelRole: 'evai.model.role',
  predictionId: 'evai.prediction.id',
  predictionScore: 'evai.prediction.score',
  predictionLabel: 'evai.prediction.label',
  pipeline: 'evai.pipeline.name',
  /** Why the trace was kept: error, breach, quarantined, canary, ratio. */
  keptBecause: 'evai.trace.kept_because',
  replay: 'evai.replay',
} as const;
