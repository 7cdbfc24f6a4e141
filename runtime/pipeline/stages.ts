import type { Clock, ModelRunner } from '#core';
import type { ModelCatalog } from '../models/model-catalog.ts';
import type { Batch, Stage } from './batch.ts';
import type { PipelineDefinition } from './definition.ts';
import { type ContractGate, createContractCheck } from './stages/contract.ts';
import { createDecideStage } from './stages/decide.ts';
import { decode } from './stages/decode.ts';
import { createDeduplication } from './stages/deduplicate.ts';
import { createFeatureStage } from './stages/features.ts';
import { createModelStage } from './stages/model.ts';
import { createOutcomeStage } from './stages/outcomes.ts';
import { createRecordStage } from './stages/record.ts';

export interface StageDeps {
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
  readonly models: ModelCatalog;
  readonly runner: ModelRunner;
}

/** The way of an event, in order. New behaviour is a new stage here. */
export function createStages(deps: StageDeps): readonly Stage[] {
  const mark = (name: 'batchedUs' | 'validatedUs' | 'featuresReadUs') => (batch: Batch) => {
    batch.marks[name] = deps.clock.monotonicUs();
  };
  return [
    { name: 'batched', run: mark('batchedUs') },
    { name: 'decode', run: decode },
    { name: 'deduplicate', run: createDeduplication(deps.definition) },
    { name: 'contract', run: createContractCheck(deps.gate) },
    { name: 'validated', run: mark('validatedUs') },
    { name: 'features', run: createFeatureStage(deps.definition) },
    { name: 'features_read', run: mark('featuresReadUs') },
    { name: 'model', run: createModelStage(deps) },
    { name: 'decide', run: createDecideStage(deps) },
    { name: 'outcomes', run: createOutcomeStage(deps.definition) },
    { name: 'record', run: createRecordStage(deps.definition) },
  ];
}
