import type { Clock, ModelRunner } from '#core';
import type { ModelCatalog } from '../models/model-catalog.ts';
import type { Stage } from './batch.ts';
import type { PipelineDefinition } from './definition.ts';
import { type ContractGate, createContractCheck } from './stages/contract.ts';
import { createDecideStage } from './stages/decide.ts';
import { decode } from './stages/decode.ts';
import { createDeduplication } from './stages/deduplicate.ts';
import { createFeatureStage } from './stages/features.ts';
import { createModelStage } from './stages/model.ts';
import { createOutcomeStage } from './stages/outcomes.ts';
import { createRecordStage } from './stages/record.ts';
import type { IsSampled } from './trace-context.ts';

export interface StageDeps {
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
  readonly models: ModelCatalog;
  readonly runner: ModelRunner;
  /** Whether a trace is kept by ratio: predictions pass it on. Default: none is. */
  readonly isSampled?: IsSampled;
}

/**
 * The way of an event, in order. New behaviour is a new stage here. `part` says which pair of marks a stage's time belongs to; the
 * model stage marks queue and computation itself, as only the worker knows where one ends.
 */
export function createStages(deps: StageDeps): readonly Stage[] {
  const { definition } = deps;
  return [
    { name: 'decode', part: 'contract', run: decode },
    { name: 'deduplicate', part: 'contract', run: createDeduplication(definition) },
    { name: 'contract', part: 'contract', run: createContractCheck(deps.gate) },
    { name: 'features', part: 'featureRead', run: createFeatureStage(definition) },
    { name: 'model', run: createModelStage(deps) },
    { name: 'decide', part: 'decide', run: createDecideStage(deps) },
    { name: 'outcomes', part: 'decide', run: createOutcomeStage(definition) },
    { name: 'record', part: 'publish', run: createRecordStage(definition) },
  ];
}
