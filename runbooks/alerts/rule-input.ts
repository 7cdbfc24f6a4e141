import type { AlertFile, SloFile } from '../config.ts';
import { runbookError } from '../errors.ts';

/** A feature view, as far as statements need it. */
export interface RuleView {
  readonly view: string;
  /** The subject of the events that it aggregates. */
  readonly subject: string;
  /** Its widest window, event time, ms: an entity with an event in it is known to the view. */
  readonly windowMs: number;
}

/** A pipeline, as far as statements need it. */
export interface RulePipeline {
  readonly name: string;
  /** Its consumer group. */
  readonly group: string;
  readonly topic: string;
  readonly latencyP99Ms: number;
  /** Event time within which a positive outcome joins its prediction, ms. */
  readonly horizonMs: number;
  readonly model: string;
  readonly owner: string;
  readonly scoredSubject: string;
  readonly outcomeSubject: string;
  readonly views: readonly RuleView[];
}

export interface AlertRulesInput {
  readonly slos: readonly SloFile[];
  readonly alerts: readonly AlertFile[];
  readonly pipelines: readonly RulePipeline[];
  /** All windows of the processing clock are multiplied by it; 1 where it is left out, less where hours are played in seconds. */
  readonly scale?: number;
}

/** The pipeline of this name. Throws RUNBOOK_PIPELINE_UNKNOWN. */
export function getPipeline(pipelines: readonly RulePipeline[], name: string): RulePipeline {
  const found = pipelines.find((pipeline) => pipeline.name === name);
  if (found !== undefined) return found;
  const known = pipelines.map((pipeline) => pipeline.name).join(', ');
  throw runbookError('RUNBOOK_PIPELINE_UNKNOWN', `${name} is no pipeline of the workspace; there are ${known}`);
}
