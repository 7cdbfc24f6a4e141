import path from 'node:path';
import type { Clock, EventLog, ModelRunner } from '#core';
import {
  checkStateIdentity,
  createPipelineTopics,
  createStages,
  InferenceClient,
  ModelCatalog,
  openEmbeddedLog,
  type PipelineDefinition,
  PipelineRunner,
  parseFeatureView,
  parsePipeline,
  ReplaySource,
} from '#runtime';
import type { Workspace } from './config/index.ts';
import { createContractGate } from './contract-gate.ts';
import { registerContracts } from './contract-history.ts';
import { appError } from './errors.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Line } from './line.ts';
import { FirstTraining } from './training.ts';

export interface WireOptions {
  readonly workspace: Workspace;
  /** Folder of the embedded log. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Begin anew: what the folder holds is removed first, once it is ours. */
  readonly fresh: boolean;
}

/** Hands every part its neighbours: the one place that knows them all. Registers each part's end with the lifecycle. */
export async function wireLine(options: WireOptions): Promise<Line> {
  const { workspace, clock, lifecycle } = options;
  const definition = onlyPipeline(workspace);
  const log = await openEmbeddedLog({ folder: options.dataFolder, clock, fresh: options.fresh });
  lifecycle.onStop('the event log', () => log.close());
  await createPipelineTopics(log, definition);
  const inference = new InferenceClient();
  lifecycle.onStop('inference', () => inference.close());
  return wirePipeline({ ...options, definition, log, inference, workspace });
}

interface PipelineWiring extends WireOptions {
  readonly definition: PipelineDefinition;
  readonly log: EventLog;
  readonly inference: ModelRunner;
}

async function wirePipeline(wiring: PipelineWiring): Promise<Line> {
  const { workspace, clock, lifecycle, definition, log, inference } = wiring;
  await registerContracts(log, workspace.contracts, clock);
  const views = workspace.views.map(parseFeatureView);
  await checkStateIdentity(log, definition, views);
  const featureNames = views.flatMap((view) => view.features.map((feature) => feature.name));
  const models = new ModelCatalog({ log, runner: inference, pipeline: definition.name, featureNames });
  await models.catchUp();
  const model = workspace.models.find((candidate) => candidate.model === definition.model);
  if (model === undefined)
    throw appError(
      'APP_PIPELINE_COUNT',
      `pipeline ${definition.name} names model ${definition.model}, which the workspace does not have`,
    );
  const training = new FirstTraining({
    log,
    clock,
    runner: inference,
    models,
    definition,
    model,
    announce: (sentence) => line.announce(sentence),
  });
  const runner = new PipelineRunner({
    log,
    clock,
    definition,
    views,
    stages: createStages({ clock, definition, gate: createContractGate(workspace.contracts), models, runner: inference }),
    nextBarrier: () => training.next(),
    onCommitted: () => line.committed(),
  });
  const source = createSource(wiring, (published) => line.room(published));
  const line: Line = new Line({ log, runner, source, pipeline: definition });
  await runner.start();
  lifecycle.onStop('the pipeline', () => runner.close());
  await source?.start();
  lifecycle.onStop('the line', () => line.stop());
  return line;
}

function createSource(wiring: PipelineWiring, room: (published: number) => Promise<void>): ReplaySource | undefined {
  const { replay, folder } = wiring.workspace;
  if (replay === undefined) return undefined;
  return new ReplaySource({
    log: wiring.log,
    replay,
    partitions: wiring.definition.partitions,
    files: { file: path.resolve(folder, replay.file), module: path.resolve(folder, replay.module) },
    room,
  });
}

function onlyPipeline(workspace: Workspace): PipelineDefinition {
  const [pipeline, ...others] = workspace.pipelines;
  if (pipeline !== undefined && others.length === 0) return parsePipeline(pipeline);
  const sentence = `workspace ${workspace.name} has ${workspace.pipelines.length} pipelines; this version runs exactly one: keep one file in ${path.join(workspace.folder, 'pipelines')}`;
  throw appError('APP_PIPELINE_COUNT', sentence);
}
