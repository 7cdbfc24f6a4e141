import type { Static } from 'typebox';
import { type LatencyGoal, parseDuration, STAGES, type StageName } from '#core';
import type { Contract } from '#registry';
import { type PipelineDefinition, type PipelineFile, parseFeatureView, parsePipeline } from '#runtime';
import type { Workspace } from '../config/index.ts';
import { appError } from '../errors.ts';

type Goal = Static<typeof LatencyGoal>;

/** A pipeline of the workspace, with what its journeys are held against. */
export interface PipelineInfo {
  readonly file: PipelineFile;
  readonly definition: PipelineDefinition;
  readonly budget: Goal;
  readonly stageBudgets: Readonly<Record<StageName, Goal>>;
  /** Features that its model reads. */
  readonly inputs: ReadonlySet<string>;
}

/** A model of the workspace, and what watches it. */
export interface ModelInfo {
  readonly file: Workspace['models'][number];
  readonly pipeline: string;
  readonly jobs: readonly string[];
}

/** A drift job of the workspace, and the model whose features and scores it compares. */
export interface JobInfo {
  readonly file: Workspace['driftJobs'][number];
  readonly model: string;
}

function goalOf({ mean, p95, p99 }: PipelineFile['latencyBudget']['total']): Goal {
  return { meanMs: parseDuration(mean), p95Ms: parseDuration(p95), p99Ms: parseDuration(p99) };
}

function infoOf(file: PipelineFile, workspace: Workspace): PipelineInfo {
  const model = workspace.models.find((candidate) => candidate.model === file.model);
  const stages = STAGES.map((stage) => [stage, goalOf(file.latencyBudget.stages[stage])] as const);
  return {
    file,
    definition: parsePipeline(file),
    budget: goalOf(file.latencyBudget.total),
    stageBudgets: Object.fromEntries(stages) as Record<StageName, Goal>,
    inputs: new Set(model?.inputs.map(({ feature }) => feature)),
  };
}

function modelInfos({ models, pipelines, driftJobs }: Workspace): readonly ModelInfo[] {
  return models.map((file) => {
    const pipeline = pipelines.find(({ model }) => model === file.model)?.pipeline ?? '';
    return { file, pipeline, jobs: driftJobs.filter((job) => job.pipeline === pipeline).map(({ job }) => job) };
  });
}

function jobInfos({ driftJobs, pipelines }: Workspace): readonly JobInfo[] {
  return driftJobs.map((file) => ({ file, model: pipelines.find(({ pipeline }) => pipeline === file.pipeline)?.model ?? '' }));
}

/** What the API's answers take from the workspace, read once. */
export class WorkspaceIndex {
  readonly pipelines: readonly PipelineInfo[];
  readonly models: readonly ModelInfo[];
  readonly jobs: readonly JobInfo[];
  readonly #workspace: Workspace;
  readonly #views: ReadonlyMap<string, ReturnType<typeof parseFeatureView>>;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.pipelines = workspace.pipelines.map((file) => infoOf(file, workspace));
    this.models = modelInfos(workspace);
    this.jobs = jobInfos(workspace);
    this.#views = new Map(workspace.views.map((file) => [file.view, parseFeatureView(file)]));
  }

  /** Throws APP_PIPELINE_UNKNOWN. */
  pipeline(name: string): PipelineInfo {
    const found = this.pipelines.find(({ file }) => file.pipeline === name);
    if (found !== undefined) return found;
    const known = this.pipelines.map(({ file }) => file.pipeline).join(', ');
    throw appError('APP_PIPELINE_UNKNOWN', `the workspace has no pipeline ${name}; it has ${known}`);
  }

  /** Throws APP_MODEL_UNKNOWN. */
  model(name: string): ModelInfo {
    const found = this.models.find(({ file }) => file.model === name);
    if (found !== undefined) return found;
    const known = this.models.map(({ file }) => file.model).join(', ');
    throw appError('APP_MODEL_UNKNOWN', `the workspace has no model ${name}; it has ${known}`);
  }

  /** Throws APP_JOB_UNKNOWN. */
  job(name: string): JobInfo {
    const found = this.jobs.find(({ file }) => file.job === name);
    if (found !== undefined) return found;
    const known = this.jobs.map(({ file }) => file.job).join(', ');
    throw appError('APP_JOB_UNKNOWN', `the workspace has no drift job ${name}; it has ${known === '' ? 'none' : known}`);
  }

  /** The version, else the latest one of the subject: what is tagged in it is tagged in events that name no known version. */
  contract(subject: string, version?: number): Contract | undefined {
    const { contracts } = this.#workspace;
    return (version === undefined ? undefined : contracts.find(subject, version)) ?? contracts.find(subject);
  }

  ownerOf(subject: string, version: number): string | null {
    return this.#workspace.contracts.find(subject, version)?.owner ?? null;
  }

  /** The property of the event data that names the entity: by the views that take the subject, else by the pipeline. */
  entityProperty(pipeline: string, subject: string): string {
    const { definition } = this.pipeline(pipeline);
    if (definition.scoredSubject === subject) return definition.entityProperty;
    return [...this.#views.values()].find((view) => view.subject === subject)?.entity ?? definition.entityProperty;
  }

  /**
   * Event times of the scored events whose features can hold an event that these views took: a scored event in pane p reads the
   * panes from p − maxPanes + 1 to p. End exclusive; empty (from = to) without a view.
   */
  usesOf(views: readonly string[], timeMs: number): { readonly fromMs: number; readonly toMs: number } {
    const ranges = views.flatMap((name) => {
      const view = this.#views.get(name);
      if (view === undefined) return [];
      const pane = Math.floor(timeMs / view.paneMs);
      return [{ fromMs: pane * view.paneMs, toMs: (pane + view.maxPanes) * view.paneMs }];
    });
    if (ranges.length === 0) return { fromMs: timeMs, toMs: timeMs };
    return { fromMs: Math.min(...ranges.map(({ fromMs }) => fromMs)), toMs: Math.max(...ranges.map(({ toMs }) => toMs)) };
  }
}
