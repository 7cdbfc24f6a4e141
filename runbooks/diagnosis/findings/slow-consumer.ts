import { type StageName, TABLES } from '#core';
import { findStep, ramp, type Step } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, type Found, resultsOf } from '../finding.ts';
import { type GroupSeries, type PartitionSample, totalsOf } from '../group-series.ts';
import { grownStages, type StageGrowth, stageEvidence, waitStep } from '../stage-growth.ts';
import { SIDE, within } from '../statement.ts';
import { counted, duration, figure, timeOfDay } from '../wording.ts';
import { strengthOf } from './slow-stage.ts';

const { found, ruledOut } = resultsOf('slow_consumer');
/** Stages that have a cause of their own. */
const OTHERS: readonly StageName[] = ['feature_read', 'model_compute', 'model_queue', 'publish'];
const MINIMUM_LAG_RECORDS = 100;
/** Lag is of the traffic, and not of the consumer, where so much more comes in. */
const RISEN_FACTOR = 1.4;

/** The consumer takes longer for each record: time within its own stages, or fewer records a second than come in. */
export const slowConsumer: Finding = {
  cause: 'slow_consumer',
  find: async (context) => {
    const [series, groups] = await Promise.all([context.latency(), context.groups()]);
    const all = grownStages(series, context);
    const own = all.find(({ stage }) => !OTHERS.includes(stage));
    const lag = lagGrowth(groups);
    if (own !== undefined) return byStage(context, { growth: own, all, lag });
    if (all.length > 0) return ruledOut(`What grew is ${all.map(({ stage }) => stage).join(', ')}, not the consumer’s own work.`);
    if (lag === undefined)
      return ruledOut('No stage takes longer than before, and the group’s lag does not grow on all partitions.');
    if (lag.arrivalRate > RISEN_FACTOR * lag.earlierArrivalRate)
      return ruledOut(
        `More arrives than before, ${figure(lag.arrivalRate)} records a second; the consumer is as fast as it was.`,
      );
    return byThroughput(context, { lag, wait: waitStep(series) });
  },
};

interface StageCase {
  readonly growth: StageGrowth;
  readonly all: readonly StageGrowth[];
  readonly lag: LagGrowth | undefined;
}

async function byStage(context: FindingContext, { growth, all, lag }: StageCase): Promise<Found> {
  const { pathway } = context;
  const { stage, sinceMs, perEventBeforeMs, perEventAfterMs } = growth;
  const evidence = [await stageEvidence(context, growth), ...(lag === undefined ? [] : [await lagEvidence(context, lag)])];
  const lagging = lag === undefined ? '' : ' Lag grows on all partitions.';
  return found({
    strength: Math.min(0.95, strengthOf(growth, all, pathway.latencyBudget.totalP99Ms) + (lag === undefined ? 0 : 0.05)),
    title:
      `Consumer ${pathway.group} takes longer for each record since ${timeOfDay(sinceMs)}: ${duration(perEventAfterMs)} in ${stage}, ` +
      `${duration(perEventBeforeMs)} before.${lagging}`,
    details: { group: pathway.group, stage },
    stage,
    sinceMs,
    owner: pathway.owner,
    components: [pathway.group, pathway.pipeline],
    evidence,
    disproof: `Processing per record in ${stage} that was as long before the first sign, or lag on one partition only.`,
  });
}

async function byThroughput(
  context: FindingContext,
  { lag, wait }: { readonly lag: LagGrowth; readonly wait: Step | undefined },
): Promise<Found> {
  const { pathway } = context;
  const sinceMs = wait?.atMs ?? lag.sinceMs;
  return found({
    strength: 0.55 + 0.2 * ramp(lag.arrivalRate / Math.max(1, lag.serviceRate), 1.05, 1.5),
    title:
      `Consumer ${pathway.group} handles ${figure(lag.serviceRate)} records a second of ${figure(lag.arrivalRate)} that arrive, since ` +
      `${timeOfDay(sinceMs)}; lag grows on all partitions, and no stage holds the time.`,
    details: { group: pathway.group, stage: 'broker_wait' },
    stage: 'broker_wait',
    sinceMs,
    owner: pathway.owner,
    components: [pathway.group, pathway.pipeline],
    evidence: [await lagEvidence(context, lag)],
    disproof: 'Arrivals that rose as much as the lag did, or a group without members.',
  });
}

interface LagGrowth {
  readonly sinceMs: number;
  readonly lagRecords: number;
  /** Records a second since then. */
  readonly arrivalRate: number;
  readonly serviceRate: number;
  /** Before. */
  readonly earlierArrivalRate: number;
}

/** Lag that grows on every partition of a group that goes on reading; undefined otherwise. */
function lagGrowth(groups: GroupSeries): LagGrowth | undefined {
  const totals = groups.buckets.map((bucket) => ({ atMs: bucket.atMs, ...totalsOf(bucket) }));
  const points = totals.map(({ atMs, lagRecords }) => ({ atMs, value: Math.log1p(lagRecords), weight: 1 }));
  const step = findStep(points, { direction: 'up', minimumWeight: 2 });
  const [last] = totals.slice(-1);
  if (step === undefined || last === undefined) return undefined;
  const isFar = last.lagRecords >= MINIMUM_LAG_RECORDS && last.lagRecords >= 3 * Math.expm1(step.before);
  if (!isFar || !groups.partitions.every((partition) => isLagging(groups, partition, step.index))) return undefined;
  const since = totals.slice(step.index - 1);
  const served = rateOf(since, ({ committed }) => committed);
  if (served <= 0) return undefined;
  return {
    sinceMs: step.atMs,
    lagRecords: last.lagRecords,
    arrivalRate: rateOf(since, ({ end }) => end),
    earlierArrivalRate: rateOf(totals.slice(0, step.index), ({ end }) => end),
    serviceRate: served,
  };
}

type Total = PartitionSample & { readonly atMs: number };

/** Of an offset, a second. */
function rateOf(totals: readonly Total[], valueOf: (total: Total) => number): number {
  const [first, last] = [totals[0], totals.at(-1)];
  if (first === undefined || last === undefined || last.atMs === first.atMs) return 0;
  return ((valueOf(last) - valueOf(first)) * 1000) / (last.atMs - first.atMs);
}

function isLagging({ buckets }: GroupSeries, partition: number, index: number): boolean {
  const before = Math.max(...buckets.slice(0, index).map(({ partitions }) => partitions.get(partition)?.lagRecords ?? 0));
  const now = buckets.at(-1)?.partitions.get(partition)?.lagRecords ?? 0;
  return now > 10 && now > before;
}

const STATEMENT = `SELECT partition, ${SIDE('at')} AS side, max(lag_records) AS max_lag_records, max(lag_ms) AS max_lag_ms,
  max(end_offset) - min(end_offset) AS arrived, max(committed_offset) - min(committed_offset) AS handled
FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String} AND topic = {topic:String} AND ${within('at')}
GROUP BY partition, side ORDER BY partition, side LIMIT 10`;

async function lagEvidence({ ask, pathway }: FindingContext, lag: LagGrowth): Promise<Evidence> {
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(STATEMENT, { sinceMs: lag.sinceMs });
  return {
    summary: `Group ${pathway.group} is ${counted(lag.lagRecords, 'record')} behind, on all partitions.`,
    sql,
    rows,
  };
}
