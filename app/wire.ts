import path from 'node:path';
import { type ClickHouseSetting, isSampledByRatio } from '#collector';
import { type Clock, type EventLog, type ModelRunner, parseDuration } from '#core';
import {
  type ContractGate,
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
  type ReplaySeams,
  ReplaySource,
  ShadowFaults,
  type Stage,
} from '#runtime';
import type { Workspace } from './config/index.ts';
import { createContractGate } from './contract-gate.ts';
import { registerContracts } from './contract-history.ts';
import { appError } from './errors.ts';
import type { Governance } from './governance.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Line } from './line.ts';
import { QualityBoard, type QualitySource } from './quality-board.ts';
import { FailureRecorder } from './telemetry/failure-recorder.ts';
import { GroupSampler } from './telemetry/group-sampler.ts';
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
  /** How often it is written down where the pipeline's group stands, ms. Default 10 s. */
  readonly sampleEveryMs?: number;
  /** Default: nothing stands between the parts. */
  readonly seams?: LineSeams;
}

/** Where something may stand between the parts of a line, for those who rehearse what can go wrong. */
export interface LineSeams {
  readonly stages?: (stages: readonly Stage[]) => readonly Stage[];
  readonly inference?: (runner: ModelRunner) => ModelRunner;
  readonly gate?: (gate: ContractGate) => ContractGate;
  readonly replay?: ReplaySeams;
}

const SAMPLE_EVERY_MS = 10_000;

/** The line with what stands around it. */
export interface WiredLine {
  readonly line: Line;
  readonly definition: PipelineDefinition;
  /** The line's parts, for those who stop one of them alone. */
  readonly runner: PipelineRunner;
  readonly source: ReplaySource | undefined;
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
  startSampling(log, definition, options);
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

/** Where the pipeline's group stands is written down whether or not the pipeline runs. */
function startSampling(
  log: EventLog,
  { name, topic }: PipelineDefinition,
  { clock, lifecycle, sampleEveryMs = SAMPLE_EVERY_MS }: WireOptions,
): void {
  const sampler = new GroupSampler({ log, clock, wait, everyMs: sampleEveryMs, groups: [{ group: name, topic }] });
  const abort = new AbortController();
  const running = sampler.run(abort.signal);
  lifecycle.onStop('group samples', async () => {
    abort.abort();
    await running;
  });
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

async function wirePipeline(
  wiring: PipelineWiring,
): Promise<Pick<WiredLine, 'line' | 'runner' | 'source' | 'models' | 'governance'>> {
  const { workspace, clock, lifecycle, definition, log, observers, seams } = wiring;
  const inference = seams?.inference?.(wiring.inference) ?? wiring.inference;
  await registerContracts(log, workspace.contracts, clock);
  const views = workspace.views.map(parseFeatureView);
  await checkStateIdentity(log, definition, views);
  const featureNames = views.flatMap((view) => view.features.map((feature) => feature.name));
  const shadowFaults = new ShadowFaults((sentence) => line.announce(sentence));
  const models = new ModelCatalog({ log, runner: inference, pipeline: definition.name, featureNames, shadowFaults });
  const model = modelOf(workspace, definition);
  const announce = (sentence: string): void => line.announce(sentence);
  const governance = await wireGovernance({
    ...wiring,
    models,
    model,
    reviewStore: wireReviews({ ...wiring, announce, isLive: () => source?.state === 'live' }),
    watermarkMs: () => Math.min(...runner.lanes.map(({ progress }) => progress.watermarkMs)),
    announce,
  });
  const failures = new FailureRecorder({ log, clock, pipeline: definition.name, group: definition.name });
  lifecycle.onStop('failure records', () => failures.settled());
  const runner = new PipelineRunner({
    log,
    clock,
    definition,
    views,
    stages: wireStages(wiring, { models, inference, shadowFaults }),
    nextBarrier: () => governance.next(),
    onCommitted: () => line.committed(),
    onFailure: (failure) => failures.record(failure),
    observer: observers,
  });
  const source = createSource(wiring, (published) => line.room(published));
  const line: Line = new Line({ log, runner, source, pipeline: definition });
  await models.catchUp();
  await runner.start();
  lifecycle.onStop('the pipeline', () => runner.close());
  await source?.start();
  return { line, runner, source, models, governance };
}

function wireStages(
  { workspace, clock, definition, traceRatio, seams }: PipelineWiring,
  parts: { readonly models: ModelCatalog; readonly inference: ModelRunner; readonly shadowFaults: ShadowFaults },
): readonly Stage[] {
  const gate = createContractGate(workspace.contracts);
  const stages = createStages({
    ...parts,
    clock,
    definition,
    gate: seams?.gate?.(gate) ?? gate,
    runner: parts.inference,
    isSampled: (traceId) => isSampledByRatio(traceId, traceRatio),
  });
  return seams?.stages?.(stages) ?? stages;
}

function modelOf({ models }: Workspace, definition: PipelineDefinition): Workspace['models'][number] {
  const model = models.find((candidate) => candidate.model === definition.model);
  if (model !== undefined) return model;
  const sentence = `pipeline ${definition.name} names model ${definition.model}, which the workspace does not have`;
  throw appError('APP_PIPELINE_COUNT', sentence);
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
    ...(wiring.seams?.replay === undefined ? {} : { seams: wiring.seams.replay }),
  });
}

function onlyPipeline(workspace: Workspace): PipelineDefinition {
  const [pipeline, ...others] = workspace.pipelines;
  if (pipeline !== undefined && others.length === 0) return parsePipeline(pipeline);
  const sentence = `workspace ${workspace.name} has ${workspace.pipelines.length} pipelines; this version runs exactly one: keep one file in ${path.join(workspace.folder, 'pipelines')}`;
  throw appError('APP_PIPELINE_COUNT', sentence);
}
