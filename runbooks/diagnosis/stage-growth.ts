import { type StageName, TABLES } from '#core';
import { findStep, type Step } from './change-point.ts';
import type { FindingContext } from './context.ts';
import type { Evidence } from './finding.ts';
import { type LatencyBucket, type LatencySeries, PAIRED_STAGES, stageUs } from './latency-series.ts';
import { SIDE, within } from './statement.ts';
import { duration } from './wording.ts';

/** How much longer a stage takes of a batch than before, beyond what larger batches explain. */
export interface StageGrowth {
  readonly stage: StageName;
  readonly sinceMs: number;
  /** Mean of a batch, ms. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** Of the mean, ms. */
  readonly excessMs: number;
  /** Of an event, ms. */
  readonly perEventBeforeMs: number;
  readonly perEventAfterMs: number;
}

/** They hold the time themselves; the others wait, for them or for something else. */
const WORKING: readonly StageName[] = ['contract', 'feature_read', 'model_compute', 'decide', 'batch_wait'];
/** A working stage with this share of a waiting one's growth is what it waits for: they share a thread. */
const EXPLAINING_SHARE = 0.35;
/** Growth below is noise of a busy machine, ms. */
const NOISE_MS = 5;
const MINIMUM_BATCHES = 5;
const MINIMUM_FACTOR = 2;

/** Stages that hold more time than before, most first; those that only wait for another that grew are left out. */
export function grownStages(series: LatencySeries, { pathway }: Pick<FindingContext, 'pathway'>): readonly StageGrowth[] {
  const grown = PAIRED_STAGES.flatMap((stage) => {
    const growth = growthOf(series, stage);
    if (growth === undefined) return [];
    const floorMs = Math.max(NOISE_MS, pathway.latencyBudget.stages[stage].meanMs);
    const isGrown = growth.excessMs >= floorMs && growth.afterMs >= MINIMUM_FACTOR * growth.beforeMs;
    return isGrown ? [growth] : [];
  }).toSorted((a, b) => b.excessMs - a.excessMs);
  const work = grown.find(({ stage }) => WORKING.includes(stage));
  return grown.filter(
    ({ stage, excessMs }) => work === undefined || WORKING.includes(stage) || work.excessMs < EXPLAINING_SHARE * excessMs,
  );
}

function growthOf({ buckets }: LatencySeries, stage: StageName): StageGrowth | undefined {
  const points = buckets.map(({ atMs, batches, stageMs }) => ({
    atMs,
    value: batches === 0 ? 0 : Math.log1p(stageMs[stage] / batches),
    weight: batches,
  }));
  const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_BATCHES });
  if (step === undefined) return undefined;
  const before = sumsOf(buckets.slice(0, step.index), stage);
  const after = sumsOf(buckets.slice(step.index), stage);
  const beforeMs = before.ms / before.batches;
  const afterMs = after.ms / after.batches;
  const larger = Math.max(1, after.events / after.batches / (before.events / before.batches));
  return {
    stage,
    sinceMs: step.atMs,
    beforeMs,
    afterMs,
    excessMs: afterMs - beforeMs * larger,
    perEventBeforeMs: before.ms / Math.max(1, before.events),
    perEventAfterMs: after.ms / Math.max(1, after.events),
  };
}

function sumsOf(buckets: readonly LatencyBucket[], stage: StageName): { ms: number; batches: number; events: number } {
  const sums = { ms: 0, batches: 0, events: 0 };
  for (const bucket of buckets) {
    sums.ms += bucket.stageMs[stage];
    sums.batches += bucket.batches;
    sums.events += bucket.events;
  }
  return sums;
}

/** Time in the log before a poll: where it steps, in ms a decision. */
export function waitStep({ buckets }: LatencySeries): Step | undefined {
  const points = buckets.map(({ atMs, decisions, stageMs }) => ({
    atMs,
    value: decisions === 0 ? 0 : Math.log1p(stageMs.broker_wait / decisions),
    weight: decisions,
  }));
  return findStep(points, { direction: 'up', minimumWeight: MINIMUM_BATCHES });
}

const STATEMENT = `SELECT ${SIDE('published')} AS side, count() AS batches, round(avg(events), 1) AS events_per_batch,
  round(sum(publish_to_us) / 1000 / greatest(sum(events), 1), 3) AS total_ms_per_event,
  round(sum(arraySum(broker_wait_us)) / 1000 / greatest(sum(length(broker_wait_us)), 1), 2) AS broker_wait_ms,
  ${PAIRED_STAGES.map((stage) => `round(avg(${stageUs(stage)}) / 1000, 2) AS ${stage}_ms`).join(', ')}
FROM ${TABLES.batches}
WHERE pipeline = {pipeline:String} AND ${within('published')} AND notEmpty(end_to_end_us)
GROUP BY side ORDER BY side`;

/** Time by stage of a batch, before and since. Throws CLICKHOUSE_*. */
export async function stageEvidence({ ask }: FindingContext, growth: StageGrowth): Promise<Evidence> {
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(STATEMENT, { sinceMs: growth.sinceMs });
  const { stage, beforeMs, afterMs } = growth;
  return { summary: `A batch spends ${duration(afterMs)} in ${stage}; it was ${duration(beforeMs)} before.`, sql, rows };
}

/** Its share of what all stages that grew hold more than before, 0 to 1. */
export function shareOfGrowth(growth: StageGrowth, all: readonly StageGrowth[]): number {
  const total = all.reduce((sum, { excessMs }) => sum + excessMs, 0);
  return total === 0 ? 0 : growth.excessMs / total;
}
