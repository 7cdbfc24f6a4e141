import { type Clock, type EpochMs, type EventLog, type ModelRunner, parseDuration, VERSION } from '#core';
import { Governor, type ReviewStore, TrainingClient } from '#drift';
import type { ModelCatalog, PipelineDefinition } from '#runtime';
import type { ModelFile, Workspace } from './config/index.ts';
import { Governance, governedModelOf } from './governance.ts';
import type { Lifecycle } from './lifecycle.ts';

interface GovernanceWiring {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly log: EventLog;
  readonly inference: ModelRunner;
  readonly definition: PipelineDefinition;
  readonly model: ModelFile;
  readonly models: ModelCatalog;
  /** undefined where telemetry is off. */
  readonly reviewStore: ReviewStore | undefined;
  readonly watermarkMs: () => EpochMs;
  readonly announce: (sentence: string) => void;
}

/** The reviews of the pipeline's model, ready to be its barriers. */
export async function wireGovernance(wiring: GovernanceWiring): Promise<Governance> {
  const { workspace, clock, lifecycle, log, inference, definition, model, models, announce, watermarkMs } = wiring;
  const fitter = new TrainingClient();
  lifecycle.onStop('training', () => fitter.close());
  const computeBudgetMs = parseDuration(workspace.pipelines[0]?.latencyBudget.stages.model_compute.p99 ?? '1s');
  const governor = new Governor({
    log,
    clock,
    runner: inference,
    fitter,
    trainedBy: `throughline ${VERSION}`,
    model: governedModelOf(model, definition, computeBudgetMs),
    store: wiring.reviewStore,
    announce,
  });
  await governor.load();
  return new Governance({ log, clock, models, definition, governor, watermarkMs, announce });
}
