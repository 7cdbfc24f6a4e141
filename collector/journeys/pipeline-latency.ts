import { type Database, type EpochMs, STAGES, type StageName, TABLES } from '#core';

/** Mean and percentiles, µs; undefined where there is nothing to compute them from. */
export interface Distribution {
  readonly meanUs: number | undefined;
  readonly p50Us: number | undefined;
  readonly p95Us: number | undefined;
  readonly p99Us: number | undefined;
}

/** A pipeline's latency over the batches published within a window of processing time. */
export interface LatencyWindow {
  readonly windowSeconds: number;
  /** Decisions that count for latency: neither backlog nor skewed. */
  readonly decisions: number;
  readonly backlogDecisions: number;
  readonly skewed: number;
  /** Of those that count, how many took longer than the bound. */
  readonly breaches: number;
  readonly endToEnd: Distribution;
  readonly stages: Readonly<Record<StageName | 'unattributed', Distribution>>;
}

export interface LatencyQuestion {
  readonly pipeline: string;
  readonly nowMs: EpochMs;
  /** Tried in this order, until one has enough decisions; the last is taken in any case. */
  readonly windowsSeconds: readonly number[];
  readonly breachUs: number;
}

/** Percentiles of fewer decisions than this say little: a wider window is taken. */
const ENOUGH_DECISIONS = 30;
const MAX_SECONDS = 10;

/* What all decisions of a batch share is weighted by how many of them count; what each has for itself stands in the arrays. */
const WITHIN = `FROM ${TABLES.batches} WHERE pipeline = {pipeline:String}
  AND published > fromUnixTimestamp64Milli({sinceMs:Int64}) AND published <= fromUnixTimestamp64Milli({nowMs:Int64})`;
const COUNTED = 'length(end_to_end_us)';

const COUNTS = `SELECT toFloat64(sum(${COUNTED})) AS counted, toFloat64(sum(decisions)) AS made, toFloat64(sum(skewed)) AS left_out,
  toFloat64(sum(arrayCount(us -> us > {breachUs:UInt64}, end_to_end_us))) AS broken ${WITHIN}`;

const PAIRED = STAGES.filter((stage) => stage !== 'broker_wait');
const pairOf = (stage: string): string => `(toInt64(${stage}_to_us) - toInt64(${stage}_from_us))`;
const UNATTRIBUTED = `arrayMap((whole, wait) -> toInt64(whole) - toInt64(wait) - ${PAIRED.map(pairOf).join(' - ')}, end_to_end_us, broker_wait_us)`;

const LEVELS = '0.5, 0.95, 0.99';
const ofArray = (array: string): string =>
  `arrayConcat([avgArray(${array})], arrayMap(q -> toFloat64(q), quantilesExactArray(${LEVELS})(${array})))`;
const ofPair = (pair: string): string =>
  `arrayConcat([avgWeighted(${pair}, ${COUNTED})], arrayMap(q -> toFloat64(q), quantilesExactWeighted(${LEVELS})(${pair}, ${COUNTED})))`;

const DISTRIBUTIONS = `SELECT ${ofArray('end_to_end_us')} AS whole, ${ofArray('broker_wait_us')} AS stage_broker_wait,
  ${PAIRED.map((stage) => `${ofPair(pairOf(stage))} AS stage_${stage}`).join(',\n  ')},
  ${ofArray(UNATTRIBUTED)} AS stage_unattributed ${WITHIN} AND notEmpty(end_to_end_us)`;

interface CountsRow {
  readonly counted: number;
  readonly made: number;
  readonly left_out: number;
  readonly broken: number;
}

type Figures = readonly (number | null)[];
type DistributionsRow = Readonly<Record<'whole' | `stage_${StageName | 'unattributed'}`, Figures>>;

/** Where the latency of a pipeline's live decisions went lately. */
export async function readLatency(database: Database, question: LatencyQuestion): Promise<LatencyWindow> {
  const { pipeline, nowMs, breachUs, windowsSeconds } = question;
  let chosen = { windowSeconds: 0, counts: { counted: 0, made: 0, left_out: 0, broken: 0 } as CountsRow };
  for (const windowSeconds of windowsSeconds) {
    const params = { pipeline, nowMs, breachUs, sinceMs: nowMs - windowSeconds * 1000 };
    const [counts] = await database.query<CountsRow>(COUNTS, { params, maxSeconds: MAX_SECONDS });
    chosen = { windowSeconds, counts: counts ?? chosen.counts };
    if (chosen.counts.counted >= ENOUGH_DECISIONS) break;
  }
  const { windowSeconds, counts } = chosen;
  const row = counts.counted === 0 ? undefined : await readDistributions(database, question, windowSeconds);
  const stages = [...STAGES, 'unattributed' as const].map((stage) => [stage, distributionOf(row?.[`stage_${stage}`])] as const);
  return {
    windowSeconds,
    decisions: counts.counted,
    backlogDecisions: counts.made - counts.counted - counts.left_out,
    skewed: counts.left_out,
    breaches: counts.broken,
    endToEnd: distributionOf(row?.whole),
    stages: Object.fromEntries(stages) as LatencyWindow['stages'],
  };
}

async function readDistributions(
  database: Database,
  { pipeline, nowMs }: LatencyQuestion,
  windowSeconds: number,
): Promise<DistributionsRow | undefined> {
  const params = { pipeline, nowMs, sinceMs: nowMs - windowSeconds * 1000 };
  const [row] = await database.query<DistributionsRow>(DISTRIBUTIONS, { params, maxSeconds: MAX_SECONDS });
  return row;
}

function distributionOf(figures: Figures | undefined): Distribution {
  const [meanUs, p50Us, p95Us, p99Us] = (figures ?? []).map((figure) => figure ?? undefined);
  return { meanUs, p50Us, p95Us, p99Us };
}
