import { type Database, TABLES } from '#core';
import { lookbackOf } from './lookback.ts';
import type { DiagnosisQuestion } from './pathway.ts';
import { inlined } from './statement.ts';
import { counted, percent } from './wording.ts';

const RECEIPTS = `SELECT toFloat64(countIf(ingested >= fromUnixTimestamp64Milli({start:Int64}))) AS since,
  toFloat64(countIf(ingested >= fromUnixTimestamp64Milli({start:Int64}) AND fate = 'quarantined')) AS quarantined
FROM ${TABLES.receipts}
WHERE pipeline = {pipeline:String} AND ingested >= fromUnixTimestamp64Milli({from:Int64}) AND ingested < fromUnixTimestamp64Milli({to:Int64})`;
const DECISIONS = `SELECT toFloat64(countIf(ingested >= fromUnixTimestamp64Milli({start:Int64}))) AS since,
  toFloat64(countIf(ingested < fromUnixTimestamp64Milli({start:Int64}))) AS before
FROM ${TABLES.decisions}
WHERE pipeline = {pipeline:String} AND ingested >= fromUnixTimestamp64Milli({from:Int64}) AND ingested < fromUnixTimestamp64Milli({to:Int64})`;
const LATE = `SELECT toFloat64(sum(length(end_to_end_us))) AS n, toFloat64(sum(arrayCount(us -> us > {budget:Int64}, end_to_end_us))) AS late
FROM ${TABLES.batches} WHERE pipeline = {pipeline:String} AND published >= fromUnixTimestamp64Milli({start:Int64})
  AND published < fromUnixTimestamp64Milli({to:Int64})`;

/** What of the traffic is hit since the alert's start, in sentences. Throws CLICKHOUSE_*. */
export async function describeImpact(database: Database, question: DiagnosisQuestion): Promise<readonly string[]> {
  const { pathway, startsAtMs, signal } = question;
  const { fromMs, toMs } = lookbackOf(question);
  const budget = Math.round(pathway.latencyBudget.totalP99Ms * 1000);
  const values = { pipeline: pathway.pipeline, start: Math.round(startsAtMs), from: fromMs, to: toMs, budget };
  const ask = async <Row>(sql: string): Promise<Row | undefined> =>
    (await database.query<Row>(inlined(sql, values), signal === undefined ? {} : { signal }))[0];
  const receipts = await ask<{ since: number; quarantined: number }>(RECEIPTS);
  const decisions = await ask<{ since: number; before: number }>(DECISIONS);
  const late = await ask<{ n: number; late: number }>(LATE);
  const sentences: string[] = [];
  const events = (receipts?.since ?? 0) + (decisions?.since ?? 0);
  sentences.push(
    decisionSentence(decisions, { seconds: (toMs - startsAtMs) / 1000, beforeSeconds: (startsAtMs - fromMs) / 1000 }),
  );
  if (receipts !== undefined && receipts.quarantined > 0)
    sentences.push(
      `${counted(receipts.quarantined, 'event')} went to quarantine, ${percent(receipts.quarantined / events)} of all that came.`,
    );
  if (late !== undefined && late.late > 0)
    sentences.push(
      `${counted(late.late, 'decision')} took longer than the latency budget, ${percent(late.late / late.n)} of them.`,
    );
  return sentences;
}

function decisionSentence(
  row: { readonly since: number; readonly before: number } | undefined,
  { seconds, beforeSeconds }: { readonly seconds: number; readonly beforeSeconds: number },
): string {
  const since = row?.since ?? 0;
  const rate = since / Math.max(1, seconds);
  const before = (row?.before ?? 0) / Math.max(1, beforeSeconds);
  if (since === 0) return before === 0 ? 'There were no decisions before it either.' : 'No decision was stored since.';
  return `${counted(since, 'decision')} since it began, ${rate.toPrecision(2)} a second; ${before.toPrecision(2)} a second before.`;
}
