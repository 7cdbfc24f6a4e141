import { parseDuration } from '#core';
import type { RulePipeline } from '#runbooks';
import type { Workspace } from '../config/index.ts';

/** The workspace's pipelines, as far as alert rules need them. */
export function rulePipelinesOf({ pipelines, views }: Workspace): readonly RulePipeline[] {
  return pipelines.map(({ pipeline, owner, topic, latencyBudget, outcome, model, scores }) => ({
    name: pipeline,
    group: pipeline,
    topic: topic.name,
    latencyP99Ms: parseDuration(latencyBudget.total.p99),
    horizonMs: parseDuration(outcome.horizon),
    model,
    owner,
    scoredSubject: scores.subject,
    outcomeSubject: outcome.subject,
    views: views.map(({ view, subject, features }) => ({
      view,
      subject,
      windowMs: Math.max(...features.map(({ window }) => parseDuration(window))),
    })),
  }));
}
