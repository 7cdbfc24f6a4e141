import type { Cause, StageName } from '#core';
import { ramp } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Finding, type FindingResult, resultsOf } from '../finding.ts';
import { grownStages, type StageGrowth, shareOfGrowth, stageEvidence } from '../stage-growth.ts';
import { duration, timeOfDay } from '../wording.ts';

/** What is told of a stage that holds the time. */
interface SlowStage {
  readonly cause: Cause;
  readonly stage: StageName;
  readonly what: string;
  readonly disproof: string;
}

const SLOW_STAGES: readonly SlowStage[] = [
  {
    cause: 'slow_feature_reads',
    stage: 'feature_read',
    what: 'Reads of the feature store are slow',
    disproof: 'Feature reads of a batch that are as short as before while decisions stay slow.',
  },
  {
    cause: 'slow_model',
    stage: 'model_compute',
    what: 'The model computes longer',
    disproof: 'The version before it takes as long on the same rows, or model_compute is as before.',
  },
  {
    cause: 'model_saturated',
    stage: 'model_queue',
    what: 'Decisions queue for the model; what it computes is as short as before',
    disproof: 'More concurrency of the model does not shorten model_queue.',
  },
  {
    cause: 'slow_log',
    stage: 'publish',
    what: 'The log acknowledges commits late',
    disproof: 'Other producers of the same log get their acknowledgements as fast as before.',
  },
];

/** Causes of one stage of the latency budget each: it holds more time than before. */
export const slowStages: readonly Finding[] = SLOW_STAGES.map((slow) => ({
  cause: slow.cause,
  find: (context) => findSlowStage(context, slow),
}));

async function findSlowStage(context: FindingContext, slow: SlowStage): Promise<FindingResult> {
  const { found, ruledOut } = resultsOf(slow.cause);
  const { pathway } = context;
  const series = await context.latency();
  if (series.buckets.length === 0) return ruledOut('No live batch has been published: there is no latency to compare.');
  const all = grownStages(series, context);
  const growth = all.find(({ stage }) => stage === slow.stage);
  if (growth === undefined) return ruledOut(`${slow.stage} takes no more of a batch than before.`);
  const isModel = slow.cause === 'slow_model' || slow.cause === 'model_saturated';
  return found({
    strength: strengthOf(growth, all, pathway.latencyBudget.totalP99Ms),
    title: titleOf(slow, growth),
    details: { stage: slow.stage },
    stage: slow.stage,
    sinceMs: growth.sinceMs,
    owner: isModel ? pathway.model.owner : pathway.owner,
    components: [...(isModel ? [pathway.model.name] : []), pathway.pipeline, pathway.group],
    evidence: [await stageEvidence(context, growth)],
    disproof: slow.disproof,
  });
}

function titleOf({ what, stage }: SlowStage, { beforeMs, afterMs, sinceMs }: StageGrowth): string {
  return `${what} since ${timeOfDay(sinceMs)}: ${stage} takes ${duration(afterMs)} of a batch, ${duration(beforeMs)} before.`;
}

/** Half is for being there; the rest for how much of the budget it takes, and of all that grew. */
export function strengthOf(growth: StageGrowth, all: readonly StageGrowth[], budgetMs: number): number {
  return 0.55 + 0.25 * ramp(growth.excessMs, 0.02 * budgetMs, 0.4 * budgetMs) + 0.15 * ramp(shareOfGrowth(growth, all), 0.3, 0.8);
}
