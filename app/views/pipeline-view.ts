import type { Static } from 'typebox';
import type { Distribution, LatencyWindow, ThroughputMinute } from '#collector';
import { type Latency, type PipelineSummary, STAGES } from '#core';
import type { LineProgress } from '../line.ts';
import { fatesOf } from './health-view.ts';
import { timeOf } from './record-view.ts';
import type { PipelineInfo } from './workspace-index.ts';

export interface PipelineParts {
  readonly info: PipelineInfo;
  readonly progress: LineProgress;
  readonly liveVersion: number | undefined;
  readonly window: LatencyWindow;
  readonly minutes: readonly ThroughputMinute[];
  readonly eventsPerSecond: number;
  readonly lagEvents: number;
}

/** A pipeline against its latency budget, its throughput and its fates. */
export function pipelineSummaryOf(parts: PipelineParts): PipelineSummary {
  const { info, progress, minutes } = parts;
  const { file } = info;
  const { eventsPerSecond: declaredPerSecond, burstFactor } = file.throughput;
  return {
    name: file.pipeline,
    owner: file.owner,
    description: file.description,
    model: file.model,
    liveVersion: parts.liveVersion ?? null,
    latency: latencyOf(parts),
    throughput: {
      eventsPerSecond: parts.eventsPerSecond,
      declaredPerSecond,
      burstFactor,
      minutes: minutes.map(({ atMs, events, decisions }) => ({ at: timeOf(atMs), events, decisions })),
    },
    lagEvents: parts.lagEvents,
    fates: fatesOf(progress),
    reasons: Object.entries(progress.reasons)
      .map(([reason, events]) => ({ reason, events }))
      .sort((a, b) => b.events - a.events || (a.reason < b.reason ? -1 : 1)),
    outcomes: { ...progress.outcomes },
  };
}

function latencyOf({ window, info }: PipelineParts): PipelineSummary['latency'] {
  const { windowSeconds, decisions, backlogDecisions, skewed, breaches, endToEnd, stages } = window;
  return {
    windowSeconds,
    decisions,
    backlogDecisions,
    skewed,
    breaches,
    endToEnd: millisecondsOf(endToEnd),
    budget: info.budget,
    stages: [...STAGES, 'unattributed' as const].map((stage) => ({
      stage,
      latency: millisecondsOf(stages[stage]),
      budget: stage === 'unattributed' ? null : info.stageBudgets[stage],
    })),
  };
}

function millisecondsOf({ meanUs, p50Us, p95Us, p99Us }: Distribution): Static<typeof Latency> {
  const ms = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
  return { meanMs: ms(meanUs), p50Ms: ms(p50Us), p95Ms: ms(p95Us), p99Ms: ms(p99Us) };
}
