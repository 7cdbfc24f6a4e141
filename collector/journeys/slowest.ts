import { type Database, type SqlValue, TABLES } from '#core';
import { type Conditions, conditionsOf, LABELLED, type SearchFilters, sidesOf } from './conditions.ts';
import type { CursorPlace } from './cursor.ts';
import { decisionSummaries, type StoredSummary } from './summaries.ts';

export interface SlowestQuestion {
  readonly filters: SearchFilters;
  readonly after: CursorPlace | undefined;
  readonly limit: number;
}

const MAX_SECONDS = 10;
/** How many times as many batches are looked into where the filters left too few decisions. */
const WIDEN = 4;

const BATCHES = `${TABLES.batches} WHERE slowest_us > 0 AND ({inPipeline:String} = '' OR pipeline = {inPipeline:String})`;

/* How slow the n-th slowest batch is: every decision that is slower is in one of the n. */
const FLOOR = `SELECT toFloat64(min(slowest_us)) AS floor_us, toFloat64(count()) AS found
  FROM (SELECT slowest_us FROM ${BATCHES} ORDER BY slowest_us DESC LIMIT {batches:UInt64})`;

const COUNT_SLOWER = `SELECT toFloat64(count()) AS found FROM ${BATCHES} AND slowest_us >= {afterUs:UInt64}`;

const SLOW = `FROM ${BATCHES} AND slowest_us >= {floorUs:UInt64}`;
const END_TO_END = "toUInt64(dateDiff('millisecond', appended, polled)) * 1000 + slow_publish_us";
const KEYS = [END_TO_END, 'pipeline', 'partition', 'offset'];
const BEHIND = `(${KEYS.join(', ')}) < ({afterUs:UInt64}, {afterPipeline:String}, {afterPartition:UInt16}, {afterOffset:UInt64})`;

/* Batches are found by when they were polled: the table is in that order within each partition. */
const slowDecisions = (where: readonly string[]): string => `${TABLES.decisions}
  INNER JOIN (SELECT batch_id, publish_to_us AS slow_publish_us ${SLOW}) AS slow USING (batch_id)
  WHERE polled IN (SELECT polled ${SLOW}) AND NOT backlog AND NOT skewed ${where.map((condition) => `AND ${condition}`).join('\n    ')}
  ORDER BY ${KEYS.map((key) => `${key} DESC`).join(', ')} LIMIT {limit:UInt32}`;

/**
 * Live decisions by end to end, slowest first. It begins at the slowest batches: the n slowest decisions are in the n batches
 * with the slowest one each, so that only those are read; where the filters leave too few, it looks into more.
 */
export async function searchSlowest(database: Database, question: SlowestQuestion): Promise<readonly StoredSummary[]> {
  const { after, limit, filters } = question;
  if (!sidesOf(filters).includes('decisions')) return [];
  const { where, params } = placed(question);
  const from = slowDecisions(where);
  let batches = limit + (after === undefined ? 0 : (await ask<{ found: number }>(database, COUNT_SLOWER, params)).found);
  for (;;) {
    const floor = await ask<{ floor_us: number; found: number }>(database, FLOOR, { ...params, batches });
    const floorUs = floor.floor_us;
    if (floor.found === 0) return [];
    const rows = await decisionSummaries(database, { from, params: { ...params, floorUs }, maxSeconds: MAX_SECONDS });
    if (floor.found < batches) return rows;
    const certain = rows.filter(({ endToEndUs }) => endToEndUs !== undefined && endToEndUs >= floorUs);
    if (certain.length >= limit) return certain;
    batches *= WIDEN;
  }
}

/** The filters, and what lies behind the place that the page begins at. */
function placed({ filters, after, limit }: SlowestQuestion): Conditions {
  const { where, params } = conditionsOf(filters, 'decisions');
  const parts: readonly Conditions[] = [
    { where, params: { ...params, inPipeline: filters.pipeline ?? '', limit } },
    ...(filters.label === undefined ? [] : [{ where: [LABELLED], params: { label: filters.label } }]),
    ...(after === undefined ? [] : [{ where: [BEHIND], params: placeOf(after) }]),
  ];
  return {
    where: parts.flatMap((part) => part.where),
    params: Object.assign({}, ...parts.map((part) => part.params)) as Record<string, SqlValue>,
  };
}

function placeOf({ value, pipeline, partition, offset }: CursorPlace): Conditions['params'] {
  return { afterUs: value, afterPipeline: pipeline, afterPartition: partition, afterOffset: offset };
}

async function ask<Row>(database: Database, sql: string, params: Readonly<Record<string, SqlValue>>): Promise<Row> {
  const [row] = await database.query<Row>(sql, { params, maxSeconds: MAX_SECONDS });
  if (row === undefined) throw new TypeError('an aggregate without GROUP BY answers with one row');
  return row;
}
