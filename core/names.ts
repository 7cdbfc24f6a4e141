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
} as const;

/** Types of the records on the control topic (CloudEvents `type`). */
export const CONTROL_TYPES = {
  contractRegistered: 'throughline.contract.registered',
  trainingRequested: 'throughline.training.requested',
  trainingRefused: 'throughline.training.refused',
  modelTrained: 'throughline.model.trained',
  modelRegistered: 'throughline.model.registered',
  modelPromoted: 'throughline.model.promoted',
} as const;
