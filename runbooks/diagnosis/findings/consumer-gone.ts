import { TABLES } from '#core';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, type Found, resultsOf } from '../finding.ts';
import { type GroupBucket, type GroupSeries, totalsOf } from '../group-series.ts';
import { within } from '../statement.ts';
import { counted, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('consumer_gone');
const MINIMUM_LAG_RECORDS = 10;
/** A group that commits nothing for so many samples' buckets, while records come in, hangs. */
const HANGING_BUCKETS = 6;

/** The group has no member, or none that does anything. */
export const consumerGone: Finding = {
  cause: 'consumer_gone',
  find: async (context) => {
    const groups = await context.groups();
    const { buckets } = groups;
    const last = buckets.at(-1);
    if (last === undefined) return ruledOut('No sample of the group has been stored.');
    if (last.members === 0) return emptied(context, groups, last);
    const stood = standstill(groups);
    if (stood !== undefined) return hanging(context, stood, last);
    return ruledOut(`Group ${context.pathway.group} has ${counted(last.members, 'member')}, and its offsets move.`);
  },
};

async function emptied(context: FindingContext, { buckets }: GroupSeries, last: GroupBucket): Promise<Found> {
  const { pathway } = context;
  const lastWith = buckets.findLast(({ members }) => members > 0);
  const first = buckets[lastWith === undefined ? 0 : buckets.indexOf(lastWith) + 1] ?? last;
  const evidence = await memberEvidence(context);
  const sinceMs = evidence.sinceMs > 0 ? evidence.sinceMs : first.atMs;
  const { lagRecords } = totalsOf(last);
  const verb = lastWith === undefined ? 'has had no member since before' : 'has no member since';
  return found({
    strength: lagRecords >= MINIMUM_LAG_RECORDS ? 0.95 : 0.7,
    title: `Consumer group ${pathway.group} ${verb} ${timeOfDay(sinceMs)}; ${counted(lagRecords, 'record')} of ${pathway.topic} wait for it.`,
    details: { group: pathway.group },
    stage: 'broker_wait',
    sinceMs,
    owner: pathway.owner,
    components: [pathway.group, pathway.pipeline],
    evidence: [evidence.evidence],
    disproof: `A commit of group ${pathway.group} after ${timeOfDay(sinceMs)}.`,
  });
}

async function hanging(context: FindingContext, sinceMs: number, last: GroupBucket): Promise<Found> {
  const { pathway } = context;
  const { lagRecords } = totalsOf(last);
  return found({
    strength: 0.72,
    title:
      `Consumer group ${pathway.group} has ${counted(last.members, 'member')} but has committed nothing since ${timeOfDay(sinceMs)}; ` +
      `${counted(lagRecords, 'record')} wait.`,
    details: { group: pathway.group },
    stage: 'broker_wait',
    sinceMs,
    owner: pathway.owner,
    components: [pathway.group, pathway.pipeline],
    evidence: [(await memberEvidence(context)).evidence],
    disproof: `A commit of group ${pathway.group} after ${timeOfDay(sinceMs)}, or failures of one position.`,
  });
}

/** When the group's offsets moved last, where they have stood for long while the topic grew. */
function standstill({ buckets }: GroupSeries): number | undefined {
  const totals = buckets.map((bucket) => ({ atMs: bucket.atMs, ...totalsOf(bucket) }));
  const last = totals.at(-1);
  const stoodFrom = totals.findIndex(({ committed }) => committed === last?.committed);
  const first = totals[stoodFrom];
  if (first === undefined || last === undefined || totals.length - stoodFrom < HANGING_BUCKETS || stoodFrom === 0)
    return undefined;
  return last.end - first.end >= MINIMUM_LAG_RECORDS ? first.atMs : undefined;
}

const STATEMENT = `WITH (SELECT max(at) FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String}
    AND topic = {topic:String} AND ${within('at')} AND members > 0) AS last_with
SELECT members, count() AS samples, min(at) AS first_sample, max(at) AS last_sample, max(lag_records) AS max_lag_records,
  toFloat64(toUnixTimestamp64Milli(minIf(at, members = 0 AND at > last_with))) AS since_ms
FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String} AND topic = {topic:String} AND ${within('at')}
GROUP BY members ORDER BY last_sample DESC LIMIT 10`;

async function memberEvidence({ ask, pathway }: FindingContext): Promise<{ evidence: Evidence; sinceMs: number }> {
  const { sql, rows } = await ask<{ readonly members: number; readonly since_ms: number }>(STATEMENT);
  const [latest] = rows;
  const sinceMs = rows.reduce((since, row) => Math.max(since, row.since_ms), 0);
  const summary = `The newest samples of group ${pathway.group} say ${counted(latest?.members ?? 0, 'member')}.`;
  return { evidence: { summary, sql, rows: rows.map((row) => ({ ...row })) }, sinceMs };
}
