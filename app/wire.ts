import path from 'node:path';
import { type ClickHouseSetting, isSampledByRatio } from '#collector';
import { type Clock, type EventLog, type ModelRunner, parseDuration } from '#core';
import {
  checkStateIdentity,
  createPipelineTopics,
  createStages,
  type Incident,
  InferenceClient,
  ModelCatalog,
  openEmbeddedLog,
  type PipelineDefinition,
  PipelineRunner,
  parseFeatureView,
  parsePipeline,
  ReplaySource,
  ShadowFaults,
} from '#runtime';
import type { Workspace } from './config/index.ts';
import { createContractGate } from './contract-gate.ts';
import { registerContracts } from './contract-history.ts';
import { appError } from './errors.ts';
import type { Governance } from './governance.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Line } from './line.ts';
import { QualityBoard, type QualitySource } from './quality-board.ts';
import { Observers } from './telemetry/observers.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { wireReviews } from './telemetry/wire-reviews.ts';
import { type EntityNaming, wireEntityNaming, wireTelemetry } from './telemetry/wire-telemetry.ts';
import { wait } from './wait.ts';
import { wireGovernance } from './wire-governance.ts';

export interface WireOptions {
  readonly workspace: Workspace;
  /** Folder of the embedded log. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Begin anew: what the folder holds is removed first, once it is ours. */
  readonly fresh: boolean;
  readonly clickhouse: ClickHouseSetting;
  /** Share of ordinary events whose trace is kept, 0 to 1. */
  readonly traceRatio: number;
  /** Whether the end of the history plays at its pace, where the workspace says so; else all of it as fast as possible. */
  readonly isPaced: boolean;
  /** Faults that are played into the history. */
  readonly incidents: readonly Incident[];
}

/** The line with what stands around it. */
export interface WiredLine {
  readonly line: Line;
  readonly definition: PipelineDefinition;
  readonly models: ModelCatalog;
  readonly governance: Governance;
  /** Undefined where telemetry is off. Not started. */
  readonly telemetry: Telemetry | undefined;
  readonly naming: EntityNaming;
  readonly latencyBudget: { readonly budgetP99Ms: number };
  /** The quality by month: from the store where there is one, else from the log. */
  readonly quality: QualitySource;
  /** Those who look at each durable batch: to be added before the line runs. */
  readonly observers: Observers;
}

/** Hands every part its neighbours: the one place that knows them all. Registers each part's end with the lifecycle, but for the line's own. */
export async function wireLine(options: WireOptions): Promise<WiredLine> {
  const { workspace, clock, lifecycle, dataFolder, fresh } = options;
  const definition = onlyPipeline(workspace);
  const log = await openEmbeddedLog({ folder: dataFolder, clock, fresh });
  lifecycle.onStop('the event log', () => log.close());
  await createPipelineTopics(log, definition);
  const inference = new InferenceClient();
  lifecycle.onStop('inference', () => inference.close());
  const naming = await wireEntityNaming(dataFolder, isEntityPersonal(workspace, definition));
  const telemetry = await wireTelemetry({
    log,
    clock,
    setting: options.clickhouse,
    dataFolder,
    entityName: naming.nameOf,
    fresh,
  });
  lifecycle.onStop('telemetry', () => telemetry?.stop());
  const observers = new Observers();
  const wired = await wirePipeline({ ...options, definition, log, inference, observers, telemetry });
  const budgetP99Ms = parseDuration(workspace.pipelines[0]?.latencyBudget.total.p99 ?? '1d');
  const latencyBudget = { budgetP99Ms };
  return {
    ...wired,
    definition,
    telemetry,
    naming,
    observers,
    latencyBudget,
    quality: wireQuality({ ...wired, definition, telemetry, clock }),
  };
}

function wireQuality(parts: Pick<WiredLine, 'line' | 'definition' | 'telemetry'> & { readonly clock: Clock }): QualitySource {
  const { line, definition, telemetry, clock } = parts;
  if (telemetry === undefined) return { latest: () => line.quality(), refreshed: () => line.quality() };
  return new QualityBoard({
    database: telemetry.lateDatabase,
    clock,
    pipeline: definition.name,
    finalBeforeMs: () => line.finalBeforeMs(),
  });
}

/** Whether the property that names the scored entity is tagged as personal data. */
function isEntityPersonal({ contracts }: Workspace, { scoredSubject, entityProperty }: PipelineDefinition): boolean {
  const pii = contracts.find(scoredSubject)?.fields.get(entityProperty)?.pii;
  return pii !== undefined && pii !== 'none';
}

interface PipelineWiring extends WireOptions {
  readonly telemetry: Telemetry | undefined;
  readonly definition: PipelineDefinition;
  readonly log: EventLog;
  readonly inference: ModelRunner;
  readonly observers: Observers;
}

async function wirePipeline(wiring: PipelineWiring): Promise<Pick<WiredLine, 'line' | 'models' | 'governance'>> {
  const { workspace, clock, lifecycle, definition, log, inference, observers } = wiring;
  await registerContracts(log, workspace.contracts, clock);
  const views = workspace.views.map(parseFeatureView);
  await checkStateIdentity(log, definition, views);
  const featureNames = views.flatMap((view) => view.features.map((feature) => feature.name));
  const shadowFaults = new ShadowFaults((sentence) => line.announce(sentence));
  const models = new ModelCatalog({ log, runner: inference, pipeline: definition.name, featureNames, shadowFaults });
  const model = workspace.models.find((candidate) => candidate.model === definition.model);
  if (model === undefined)
    throw appError(
      'APP_PIPELINE_COUNT',
      `pipeline ${definition.name} names model ${definition.model}, which the workspace does not have`,
    );
  const announce = (sentence: string): void => line.announce(sentence);
  const governance = await wireGovernance({
    ...wiring,
    models,
    model,
    reviewStore: wireReviews({ ...wiring, announce, isLive: () => source?.state === 'live' }),
    watermarkMs: () => Math.min(...runner.lanes.map(({ progress }) => progress.watermarkMs)),
    announce,
  });
  const runner = new PipelineRunner({
    log,
    clock,
    definition,
    views,
    stages: createStages({
      clock,
      definition,
      gate: createContractGate(workspace.contracts),
      models,
      runner: inference,
      isSampled: (traceId) => isSampledByRatio(traceId, wiring.traceRatio),
      shadowFaults,
    }),
    nextBarrier: () => governance.next(),
    onCommitted: () => line.committed(),
    observer: observers,
  });
  const source = createSource(wiring, (published) => line.room(published));
  const line: Line = new Line({ log, runner, source, pipeline: definition });
  await models.catchUp();
  await runner.start();
  lifecycle.onStop('the pipeline', () => runner.close());
  await source?.start();
  return { line, models, governance };
}

function createSource(wiring: PipelineWiring, room: (published: number) => Promise<void>): ReplaySource | undefined {
  const { replay, folder } = wiring.workspace;
  if (replay === undefined) return undefined;
  return new ReplaySource({
    log: wiring.log,
    clock: wiring.clock,
    replay,
    partitions: wiring.definition.partitions,
    files: { file: path.resolve(folder, replay.file), module: path.resolve(folder, replay.module) },
    room,
    wait,
    isPaced: wiring.isPaced,
    incidents: wiring.incidents,
  });
}

function onlyPipeline(workspace: Workspace): PipelineDefinition {
  const [pipeline, ...others] = workspace.pipelines;
  if (pipeline !== undefined && others.length === 0) return parsePipeline(pipeline);
  const sentence = `workspace ${workspace.name} has ${workspace.pipelines.length} pipelines; this version runs exactly one: keep one file in ${path.join(workspace.folder, 'pipelines')}`;
  throw appError('APP_PIPELINE_COUNT', sentence);
}
