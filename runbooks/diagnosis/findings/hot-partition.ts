import { TABLES } from '#core';
import { findStep, ramp, type Step, shareDistance } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, resultsOf } from '../finding.ts';
import { arrivalsOf, type GroupSeries } from '../group-series.ts';
import { isSince, within } from '../statement.ts';
import { percent, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('hot_partition');
const MINIMUM_RECORDS = 50;
const MINIMUM_FACTOR = 1.5;
const MINIMUM_GAIN = 0.12;
const MINIMUM_DISTANCE = 6;

interface Skew {
  readonly partition: number;
  readonly step: Step;
  /** Of the group's lag, in the last sample; 0 without lag. */
  readonly lagShare: number;
}

/** One partition gets much more than its share of the records. */
export const hotPartition: Finding = {
  cause: 'hot_partition',
  find: async (context) => {
    const { pathway } = context;
    const groups = await context.groups();
    if (groups.partitions.length < 2) return ruledOut('There is no second partition that samples could be compared with.');
    const skew = skewOf(groups);
    if (skew === undefined) return ruledOut('Each partition gets about the share of the records that it had before.');
    const { partition, step, lagShare } = skew;
    const key = await keyEvidence(context, skew);
    const what = key.share >= 0.3 ? ` ${key.entity} alone has ${percent(key.share)} of it.` : '';
    return found({
      strength:
        0.6 + 0.2 * ramp(step.after - step.before, 0.1, 0.5) + 0.12 * ramp(lagShare, 0.4, 0.8) + 0.05 * ramp(key.share, 0.2, 0.6),
      title:
        `Partition ${partition} of ${pathway.topic} gets ${percent(step.after)} of all records since ${timeOfDay(step.atMs)}, ` +
        `${percent(step.before)} before: a key is hot.${what}`,
      details: { partition: String(partition) },
      stage: 'broker_wait',
      sinceMs: step.atMs,
      owner: pathway.owner,
      components: [pathway.topic, ...key.sources],
      explains: ['slow_consumer'],
      evidence: [await shareEvidence(context, skew), key.evidence],
      disproof: `Records of ${pathway.topic} that are spread evenly over its partitions, or lag on the other partitions as well.`,
    });
  },
};

function skewOf(groups: GroupSeries): Skew | undefined {
  const arrivals = groups.partitions.map((partition) => arrivalsOf(groups, partition));
  const totals = groups.buckets.map((_, bucket) => arrivals.reduce((sum, of) => sum + (of[bucket] ?? 0), 0));
  const last = groups.buckets.at(-1)?.partitions;
  const lag = [...(last?.values() ?? [])].reduce((sum, { lagRecords }) => sum + lagRecords, 0);
  const skews = groups.partitions.flatMap((partition, at) => {
    const points = groups.buckets.map(({ atMs }, bucket) => {
      const weight = totals[bucket] ?? 0;
      return { atMs, value: weight === 0 ? 0 : (arrivals[at]?.[bucket] ?? 0) / weight, weight };
    });
    const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_RECORDS });
    if (step === undefined || !isSkewed(step)) return [];
    const lagShare = lag === 0 ? 0 : (last?.get(partition)?.lagRecords ?? 0) / lag;
    return [{ partition, step, lagShare }];
  });
  return skews.toSorted((a, b) => b.step.after - b.step.before - (a.step.after - a.step.before))[0];
}

function isSkewed(step: Step): boolean {
  const { before, after } = step;
  return after >= MINIMUM_FACTOR * before && after - before >= MINIMUM_GAIN && shareDistance(step) >= MINIMUM_DISTANCE;
}

const SHARES = `SELECT partition, max(end_offset) - min(end_offset) AS arrived, max(lag_records) AS max_lag_records, max(lag_ms) AS max_lag_ms
FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String} AND topic = {topic:String} AND ${within('at')} AND ${isSince('at')}
GROUP BY partition ORDER BY arrived DESC LIMIT 10`;

async function shareEvidence({ ask }: FindingContext, { partition, step }: Skew): Promise<Evidence> {
  const { sql, rows } = await ask<Readonly<Record<string, unknown>>>(SHARES, { sinceMs: step.atMs });
  return {
    summary: `Partition ${partition} got ${percent(step.after)} of the records since ${timeOfDay(step.atMs)}.`,
    sql,
    rows,
  };
}

const KEYS = `SELECT entity, any(source) AS source, sum(n) AS events, round(sum(n) / max(total), 4) AS share FROM (
  SELECT entity, any(source) AS source, count() AS n, sum(count()) OVER () AS total FROM (
    SELECT entity, source FROM ${TABLES.receipts}
    WHERE pipeline = {pipeline:String} AND partition = {partition:UInt16} AND ${within('ingested')} AND ${isSince('ingested')}
    UNION ALL
    SELECT entity, source FROM ${TABLES.decisions}
    WHERE pipeline = {pipeline:String} AND partition = {partition:UInt16} AND ${within('ingested')} AND ${isSince('ingested')}
  ) GROUP BY entity
) WHERE entity != '' GROUP BY entity ORDER BY events DESC LIMIT 5`;

interface KeyRow {
  readonly entity: string;
  readonly source: string;
  readonly events: string;
  readonly share: number;
}

async function keyEvidence({ ask }: FindingContext, { partition, step }: Skew) {
  const { sql, rows } = await ask<KeyRow>(KEYS, { partition, sinceMs: step.atMs });
  const [top] = rows;
  const share = top?.share ?? 0;
  const summary =
    top === undefined
      ? `No event of partition ${partition} with an entity has been stored since then.`
      : `Of the events of partition ${partition}, ${percent(share)} are of ${top.entity}.`;
  return {
    entity: top?.entity ?? '',
    share,
    sources: share >= 0.3 && top !== undefined ? [top.source] : [],
    evidence: { summary, sql, rows: rows.map((row) => ({ ...row })) },
  };
}
