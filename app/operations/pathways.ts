import { parseDuration, STAGES, type StageName, type TeamContact } from '#core';
import type { Pathway, PathwayView } from '#runbooks';
import type { FeatureViewFile, PipelineFile, Workspace } from '../config/index.ts';

/** What each pipeline of the workspace consists of. */
export function pathwaysOf(workspace: Workspace): readonly Pathway[] {
  return workspace.pipelines.map((file) => pathwayOf(workspace, file));
}

/** A team by its name; one that is not declared has no contact. */
export function contactOf({ teams }: Pick<Workspace, 'teams'>, name: string): TeamContact {
  return { name, contact: teams.find((team) => team.name === name)?.contact ?? '' };
}

function pathwayOf(workspace: Workspace, file: PipelineFile): Pathway {
  const { pipeline, owner, topic, scores, model, outcome, latencyBudget, throughput } = file;
  const team = (name: string): TeamContact => contactOf(workspace, name);
  const subjects = new Set([scores.subject, outcome.subject, ...workspace.views.map(({ subject }) => subject)]);
  return {
    pipeline,
    owner: team(owner),
    topic: topic.name,
    group: pipeline,
    scoredSubject: scores.subject,
    contracts: [...subjects].flatMap((subject) => {
      const contract = workspace.contracts.find(subject);
      return contract === undefined ? [] : [{ subject, owner: team(contract.owner) }];
    }),
    views: workspace.views.map((view) => viewOf(view, team)),
    model: { name: model, owner: team(workspace.models.find((one) => one.model === model)?.owner ?? owner) },
    horizonMs: parseDuration(outcome.horizon),
    outcome: outcome.name,
    outcomeSubject: outcome.subject,
    latencyBudget: {
      totalP99Ms: parseDuration(latencyBudget.total.p99),
      stages: Object.fromEntries(
        STAGES.map((stage) => {
          const { mean, p99 } = latencyBudget.stages[stage];
          return [stage, { meanMs: parseDuration(mean), p99Ms: parseDuration(p99) }];
        }),
      ) as Record<StageName, { meanMs: number; p99Ms: number }>,
    },
    throughput,
  };
}

function viewOf({ view, subject, owner, features }: FeatureViewFile, team: (name: string) => TeamContact): PathwayView {
  return {
    view,
    subject,
    owner: team(owner),
    fields: [...new Set(features.flatMap(({ of }) => (of === undefined ? [] : [`/${of}`])))],
    features: features.map(({ name }) => `${view}.${name}`),
  };
}
