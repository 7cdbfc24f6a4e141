import { type Cause, TABLES } from '#core';
import { findStep, ramp, type Step, shareDistance } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Finding, type FindingResult, type Found, resultsOf } from '../finding.ts';
import { bucketOf, within } from '../statement.ts';
import { duration, figure, percent, timeOfDay } from '../wording.ts';

const MINIMUM_DUE = 8;
const MINIMUM_DISTANCE = 4;
/** An outcome is lost where fewer than this share of those due join. */
const LOST_SHARE = 0.1;
/** An outcome that joins so much later than before is late, ms. */
const LATE_MS = 2000;
const LATE_FACTOR = 5;
const MAX_DECISIONS = 20_000;
/** Rows of a batch's decisions and outcomes are stored one after the other: the newest decisions are not judged, ms. */
const GRACE_MS = 5000;
/** What has been due for less than this share of the horizon, on the event clock, may still be on its way. */
const PATIENCE_SHARE = 0.2;

/** Decisions of a bucket that make an earlier one's outcome due. */
interface DueRow {
  readonly bucket: number;
  readonly decisions: number;
  /** With an earlier decision of the entity within the horizon. */
  readonly due: number;
  readonly joined: number;
  /** Those whose outcome came within the bound of on time. */
  readonly delay_ms: number;
  /** The latest event time. */
  readonly event_ms: number;
}

/*
 * The entity's decision before, strictly earlier on the event clock: what runtime/outcomes settles by the same rule. The pipeline's
 * outcomes settle on the event that makes the next decision, so both are in one batch, and their rows come close together.
 */
const DUE = `WITH recent AS (
  SELECT entity, event_time, ingested FROM ${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND ${within('ingested')} AND entity != '' ORDER BY ingested DESC LIMIT ${MAX_DECISIONS}
), earlier AS (
  SELECT entity, event_time, prediction_id FROM ${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND entity IN (SELECT entity FROM recent)
    AND event_time >= (SELECT min(event_time) FROM recent) - toIntervalMillisecond({horizonMs:Int64})
), pairs AS (
  SELECT recent.entity AS entity, recent.event_time AS event_time, recent.ingested AS ingested, earlier.prediction_id AS prediction_id,
    earlier.event_time AS earlier_time
  FROM recent ASOF LEFT JOIN earlier ON recent.entity = earlier.entity AND recent.event_time > earlier.event_time
), joined AS (
  SELECT prediction_id, min(ingested) AS outcome_ingested, min(label) AS label FROM ${TABLES.outcomes}
  WHERE pipeline = {pipeline:String} AND prediction_id IN (SELECT prediction_id FROM pairs) GROUP BY prediction_id
)`;
const IS_DUE = `(pairs.earlier_time >= pairs.event_time - toIntervalMillisecond({horizonMs:Int64}) AND toUnixTimestamp64Milli(pairs.earlier_time) > 0)`;
const HAS_JOINED = `toUnixTimestamp64Milli(joined.outcome_ingested) > 0`;
const DELAY = `greatest(0, toUnixTimestamp64Milli(joined.outcome_ingested) - toUnixTimestamp64Milli(pairs.ingested))`;

const SERIES = `${DUE}
SELECT ${bucketOf('pairs.ingested')} AS bucket, toFloat64(count()) AS decisions, toFloat64(countIf(${IS_DUE})) AS due,
  toFloat64(countIf(${IS_DUE} AND ${HAS_JOINED})) AS joined, ifNotFinite(avgIf(${DELAY}, ${IS_DUE} AND ${HAS_JOINED}), 0) AS delay_ms,
  toFloat64(toUnixTimestamp64Milli(max(pairs.event_time))) AS event_ms
FROM pairs LEFT JOIN joined ON joined.prediction_id = pairs.prediction_id
WHERE pairs.ingested < fromUnixTimestamp64Milli({dueMs:Int64}) GROUP BY bucket ORDER BY bucket`;

const SIDES = `${DUE}
SELECT if(pairs.ingested >= fromUnixTimestamp64Milli({sinceMs:Int64}), 'since', 'before') AS side, count() AS decisions,
  countIf(${IS_DUE}) AS due, countIf(${IS_DUE} AND ${HAS_JOINED}) AS joined,
  round(ifNotFinite(avgIf(${DELAY}, ${IS_DUE} AND ${HAS_JOINED}), 0)) AS mean_delay_ms
FROM pairs LEFT JOIN joined ON joined.prediction_id = pairs.prediction_id
WHERE pairs.ingested < fromUnixTimestamp64Milli({dueMs:Int64}) GROUP BY side ORDER BY side`;

/** A way in which outcomes fail to come. */
interface Case {
  readonly cause: Extract<Cause, 'outcomes_lost' | 'outcomes_late'>;
  readonly step: Step;
  readonly strength: number;
  readonly title: string;
  readonly disproof: string;
  readonly explains?: readonly Cause[];
}

/** Outcomes that are due join no more. */
export const outcomesLost: Finding = { cause: 'outcomes_lost', find: (context) => findOutcomes(context, 'outcomes_lost') };
/** Outcomes join, but later than they did. */
export const outcomesLate: Finding = { cause: 'outcomes_late', find: (context) => findOutcomes(context, 'outcomes_late') };

async function findOutcomes(context: FindingContext, cause: Case['cause']): Promise<FindingResult> {
  const { ruledOut } = resultsOf(cause);
  const { pathway, lookback } = context;
  if (pathway.outcomeSubject !== pathway.scoredSubject) {
    return ruledOut(`Outcomes of ${pathway.outcomeSubject} cannot be told from decisions about ${pathway.scoredSubject}.`);
  }
  const { rows } = await context.ask<DueRow>(SERIES, { horizonMs: pathway.horizonMs, dueMs: lookback.toMs - GRACE_MS });
  const buckets = rows.map((row) => ({ atMs: lookback.fromMs + row.bucket * lookback.bucketMs, ...row }));
  const due = buckets.reduce((sum, bucket) => sum + bucket.due, 0);
  if (due < 2 * MINIMUM_DUE) return ruledOut(`Only ${due} outcomes were due: too few to tell.`);
  const late = lateCase(buckets);
  const lost = late === undefined ? (lostCase(buckets, pathway) ?? brokenKeyCase(buckets)) : undefined;
  const one = [late, lost, lost && mayBeLate(lost, buckets, pathway)].find((known) => known?.cause === cause);
  if (one === undefined) return ruledOut(`${percent(joinedShare(buckets))} of the outcomes that were due have joined.`);
  return toFound(context, one);
}

type Bucket = DueRow & { readonly atMs: number };

function joinedShare(buckets: readonly Bucket[]): number {
  const sum = (of: (bucket: Bucket) => number): number => buckets.reduce((total, bucket) => total + of(bucket), 0);
  return (
    sum(({ joined }) => joined) /
    Math.max(
      1,
      sum(({ due }) => due),
    )
  );
}

function shareStep(
  buckets: readonly Bucket[],
  of: (bucket: Bucket) => number,
  weight: (bucket: Bucket) => number,
): Step | undefined {
  const points = buckets.map((bucket) => ({
    atMs: bucket.atMs,
    value: weight(bucket) === 0 ? 0 : of(bucket) / weight(bucket),
    weight: weight(bucket),
  }));
  const step = findStep(points, { direction: 'down', minimumWeight: MINIMUM_DUE });
  return step !== undefined && shareDistance(step) >= MINIMUM_DISTANCE ? step : undefined;
}

/** What joined before joins no more, or hardly. */
function lostCase(buckets: readonly Bucket[], { horizonMs }: { readonly horizonMs: number }): Case | undefined {
  const step = shareStep(
    buckets,
    ({ joined }) => joined,
    ({ due }) => due,
  );
  if (step === undefined || step.before - step.after < 0.2) return undefined;
  const isNone = step.after <= LOST_SHARE;
  const days = Math.round(horizonMs / 86_400_000);
  return {
    cause: 'outcomes_lost',
    step,
    strength: 0.6 + 0.32 * ramp(step.before - step.after, 0.2, 0.8),
    title:
      `Outcomes ${isNone ? 'do not' : 'often do not'} join their predictions any more since ${timeOfDay(step.atMs)}: the next event of the ` +
      `entity came within ${days} days, but only ${percent(step.after)} of the outcomes due have joined, ${percent(step.before)} before.`,
    disproof:
      'Outcomes of these predictions that join later (then they are late, not lost), or predictions without a next event.',
  };
}

/** Until enough of the horizon has passed, what has not joined may be late as well: a rival, so that nobody is sure too soon. */
function mayBeLate(lost: Case, buckets: readonly Bucket[], { horizonMs }: { readonly horizonMs: number }): Case | undefined {
  const first = buckets.find(({ atMs }) => atMs >= lost.step.atMs);
  const waitedMs = (buckets.at(-1)?.event_ms ?? 0) - (first?.event_ms ?? 0);
  if (waitedMs >= PATIENCE_SHARE * horizonMs) return undefined;
  return {
    cause: 'outcomes_late',
    step: lost.step,
    strength: Math.max(0, lost.strength - 0.06),
    title:
      `Outcomes that are due since ${timeOfDay(lost.step.atMs)} have not joined yet, and may only be late: the first has been due for ` +
      `${hours(waitedMs)} of event time, of ${hours(horizonMs)} that it has.`,
    disproof: 'More time without any of them: then they are lost.',
  };
}

const hours = (ms: number): string => `${figure(ms / 3_600_000)} h`;

/** Entities of one side are unknown to the other: the key that outcomes join by has changed. */
function brokenKeyCase(buckets: readonly Bucket[]): Case | undefined {
  const step = shareStep(
    buckets,
    ({ due }) => due,
    ({ decisions }) => decisions,
  );
  if (step === undefined || step.before < 0.25 || step.after > 0.25 * step.before) return undefined;
  return {
    cause: 'outcomes_lost',
    step,
    strength: 0.6 + 0.3 * ramp(step.before - step.after, 0.2, 0.6),
    title:
      `The key that outcomes join by has changed since ${timeOfDay(step.atMs)}: only ${percent(step.after)} of the events are of an entity ` +
      `that was scored before, ${percent(step.before)} until then, so no prediction gets its outcome.`,
    disproof: 'Entities since then that are known from before, under the same key.',
    explains: ['missing_features', 'stale_view'],
  };
}

function lateCase(buckets: readonly Bucket[]): Case | undefined {
  const points = buckets.map(({ atMs, joined, delay_ms: delayMs }) => ({ atMs, value: Math.log1p(delayMs), weight: joined }));
  const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_DUE });
  if (step === undefined) return undefined;
  const [beforeMs, afterMs] = [Math.expm1(step.before), Math.expm1(step.after)];
  if (afterMs - beforeMs < LATE_MS || afterMs < LATE_FACTOR * beforeMs) return undefined;
  return {
    cause: 'outcomes_late',
    step,
    strength: 0.62 + 0.3 * ramp(afterMs / Math.max(100, beforeMs), LATE_FACTOR, 40),
    title:
      `Outcomes join ${duration(afterMs)} after the event that settles them since ${timeOfDay(step.atMs)}, ${duration(beforeMs)} before: ` +
      'they are late, and none is lost.',
    disproof: 'Outcomes since then that joined at once, or some that never do.',
  };
}

async function toFound({ ask, pathway, lookback }: FindingContext, one: Case): Promise<Found> {
  const { cause, step, strength, title, disproof, explains } = one;
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(SIDES, {
    horizonMs: pathway.horizonMs,
    sinceMs: step.atMs,
    dueMs: lookback.toMs - GRACE_MS,
  });
  const sides = rows.map((row) => `${String(row['joined'])} of ${String(row['due'])} ${String(row['side'])}`);
  return resultsOf(cause).found({
    strength,
    title,
    details: { outcome: pathway.outcome },
    stage: null,
    sinceMs: step.atMs,
    owner: pathway.owner,
    components: [pathway.pipeline, pathway.group, pathway.outcomeSubject],
    ...(explains === undefined ? {} : { explains }),
    evidence: [{ summary: `Outcomes that joined of those due: ${sides.join(', ')}.`, sql, rows }],
    disproof,
  });
}
