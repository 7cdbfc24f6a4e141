import type { Clock, ModelRunner } from '#core';
import type { ModelCatalog } from '../models/model-catalog.ts';
import { ShadowFaults } from '../models/shadow-faults.ts';
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
import { createShadowScoring } from './stages/shadows.ts';
import type { IsSampled } from './trace-context.ts';

export interface StageDeps {
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
  readonly models: ModelCatalog;
  readonly runner: ModelRunner;
  /** Whether a trace is kept by ratio: predictions pass it on. Default: none is. */
  readonly isSampled?: IsSampled;
  /** Where failures of versions in shadow are counted and told: the catalog's, too. Default: nowhere. */
  readonly shadowFaults?: ShadowFaults;
}

/**
 * The way of an event, in order. New behaviour is a new stage here. `part` says which pair of marks a stage's time belongs to; the
 * model stage marks queue and computation itself, as only the worker knows where one ends; shadows have no part in any stage's time.
 */
export function createStages(deps: StageDeps): readonly Stage[] {
  const { definition, shadowFaults: faults = new ShadowFaults() } = deps;
  const shadows = createShadowScoring({ ...deps, faults });
  return [
    { name: 'decode', part: 'contract', run: decode },
    { name: 'deduplicate', part: 'contract', run: createDeduplication(definition) },
    { name: 'contract', part: 'contract', run: createContractCheck(deps.gate) },
    { name: 'features', part: 'featureRead', run: createFeatureStage(definition) },
    { name: 'model', run: createModelStage({ ...deps, handedOver: shadows.begin }) },
    { name: 'decide', part: 'decide', run: createDecideStage(deps) },
    { name: 'outcomes', part: 'decide', run: createOutcomeStage(definition) },
    { name: 'shadows', run: shadows.end },
    { name: 'record', part: 'publish', run: createRecordStage(definition) },
  ];
}
