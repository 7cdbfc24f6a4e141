import { parseDuration } from '#core';
import type { PipelineFile } from '../config.ts';

/** Where decisions under the threshold go, as events of their own. */
export type EmittedDecision = NonNullable<PipelineFile['decision']['emits']>;

/** A pipeline with its durations read: what its stages need to know. */
export interface PipelineDefinition {
  readonly name: string;
  readonly topic: string;
  readonly partitions: number;
  readonly retentionMs: number;
  readonly scoredSubject: string;
  readonly entityProperty: string;
  readonly model: string;
  readonly decision: PipelineFile['decision'];
  readonly predictionTopic: string;
  readonly predictionSubject: string;
  readonly outcome: { readonly name: string; readonly subject: string; readonly horizonMs: number };
  readonly deduplicationWindowMs: number;
  /** What an event does that makes a stage fail: it goes to quarantine, or the pipeline tries again and then stops. */
  readonly onError: 'quarantine' | 'stop';
  readonly maxBatchEvents: number;
  readonly maxBatchWaitMs: number;
}

/** Reads a pipeline's file, which the workspace has checked. */
export function parsePipeline(file: PipelineFile): PipelineDefinition {
  return {
    name: file.pipeline,
    topic: file.topic.name,
    partitions: file.topic.partitions,
    retentionMs: parseDuration(file.topic.retention),
    scoredSubject: file.scores.subject,
    entityProperty: file.scores.entity,
    model: file.model,
    decision: file.decision,
    predictionTopic: file.predictions.topic,
    predictionSubject: file.predictions.subject,
    outcome: {
      name: file.outcome.name,
      subject: file.outcome.subject,
      horizonMs: parseDuration(file.outcome.horizon),
    },
    deduplicationWindowMs: parseDuration(file.deduplication.window),
    onError: file.onError ?? 'quarantine',
    maxBatchEvents: file.batch.maxEvents,
    maxBatchWaitMs: parseDuration(file.batch.maxWait),
  };
}
