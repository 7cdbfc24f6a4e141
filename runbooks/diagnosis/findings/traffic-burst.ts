import { TABLES } from '#core';
import { findStep, ramp } from '../change-point.ts';
import { type Finding, resultsOf } from '../finding.ts';
import { arrivalsOf, type GroupSeries, totalsOf } from '../group-series.ts';
import { SIDE, within } from '../statement.ts';
import { counted, figure, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('traffic_burst');
const MINIMUM_FACTOR = 1.8;
const MINIMUM_LAG_RECORDS = 100;

const STATEMENT = `SELECT side, sum(partition_arrived) AS arrived, round(sum(partition_arrived) / greatest(max(elapsed_s), 1), 1) AS records_per_second,
  max(lag) AS max_lag_records FROM (
  SELECT partition, ${SIDE('at')} AS side, max(end_offset) - min(end_offset) AS partition_arrived,
    dateDiff('second', min(at), max(at)) AS elapsed_s, max(lag_records) AS lag
  FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String} AND topic = {topic:String} AND ${within('at')}
  GROUP BY partition, side)
GROUP BY side ORDER BY side`;

/** More comes in than was declared, and the group falls behind for it. */
export const trafficBurst: Finding = {
  cause: 'traffic_burst',
  find: async (context) => {
    const { pathway, lookback } = context;
    const groups = await context.groups();
    const { eventsPerSecond, burstFactor } = pathway.throughput;
    const step = findStep(arrivalPoints(groups, lookback.bucketMs), { direction: 'up', minimumWeight: 2 });
    const lagRecords = groups.buckets
      .slice(step?.index ?? 0)
      .reduce((most, bucket) => Math.max(most, totalsOf(bucket).lagRecords), 0);
    if (step === undefined || step.after < MINIMUM_FACTOR * step.before) return ruledOut('Arrivals are as they were before.');
    if (step.after <= eventsPerSecond * burstFactor) {
      return ruledOut(
        `Arrivals rose to ${figure(step.after)} a second, within the declared ${figure(eventsPerSecond)} × ${burstFactor}.`,
      );
    }
    if (lagRecords < MINIMUM_LAG_RECORDS) return ruledOut('Arrivals rose, but the group keeps up with them.');
    const { sql, rows } = await context.ask<Readonly<Record<string, unknown>>>(STATEMENT, { sinceMs: step.atMs });
    const rate = `${figure(step.after)} records a second arrive, ${figure(step.before)} before`;
    return found({
      strength: 0.6 + 0.3 * ramp(step.after / Math.max(1, step.before), 1.8, 4),
      title:
        `A burst of traffic since ${timeOfDay(step.atMs)}: ${rate}; declared are ${figure(eventsPerSecond)} × ${burstFactor}. ` +
        `The group is ${counted(lagRecords, 'record')} behind.`,
      details: {},
      stage: 'broker_wait',
      sinceMs: step.atMs,
      owner: pathway.owner,
      components: [pathway.topic, pathway.pipeline],
      evidence: [{ summary: `${rate}.`, sql, rows }],
      disproof: 'Lag that began before arrivals rose, or that stays once they have fallen.',
    });
  },
};

function arrivalPoints(groups: GroupSeries, bucketMs: number) {
  const arrivals = groups.partitions.map((partition) => arrivalsOf(groups, partition));
  return groups.buckets.slice(1).map(({ atMs }, index) => {
    const elapsedMs = Math.max(bucketMs, atMs - (groups.buckets[index]?.atMs ?? atMs));
    const arrived = arrivals.reduce((sum, of) => sum + (of[index + 1] ?? 0), 0);
    return { atMs, value: (arrived * 1000) / elapsedMs, weight: 1 };
  });
}
