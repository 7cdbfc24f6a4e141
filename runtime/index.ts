export { openEmbeddedLog } from './brokers/index.ts';
export {
  FeatureViewFile,
  modelFileProperties,
  PipelineFile,
  ReplayFile,
} from './config.ts';
export { parseFeatureView } from './features/view.ts';
export { InferenceClient } from './models/inference-client.ts';
export { ModelCatalog } from './models/model-catalog.ts';
export { ShadowFaults } from './models/shadow-faults.ts';
export type { Stage } from './pipeline/batch.ts';
export { type PipelineDefinition, parsePipeline } from './pipeline/definition.ts';
export { checkStateIdentity } from './pipeline/identity.ts';
export { emptyFates, type FateCounts } from './pipeline/lane.ts';
export { type Barrier, type PipelineFailure, PipelineRunner } from './pipeline/runner.ts';
export type { ContractGate, ContractVerdict } from './pipeline/stages/contract.ts';
export { createStages } from './pipeline/stages.ts';
export { createPipelineTopics } from './pipeline/topics.ts';
export type { HistoricEvent } from './replay/history.ts';
export type { Incident } from './replay/incidents.ts';
export type { Pacing } from './replay/pace.ts';
export { type ReplaySeams, ReplaySource, type ReplayState } from './replay/replay-source.ts';
