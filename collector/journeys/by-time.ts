import { type Database, type SqlValue, TABLES } from '#core';
import { type Conditions, conditionsOf, LABELLED, type SearchFilters, type Side, sidesOf } from './conditions.ts';
import type { CursorPlace } from './cursor.ts';
import { decisionSummaries, receiptSummaries, type StoredSummary } from './summaries.ts';

export interface ByTimeQuestion {
  readonly filters: SearchFilters;
  readonly order: 'newest' | 'oldest';
  readonly after: CursorPlace | undefined;
  readonly limit: number;
}

const MAX_SECONDS = 10;
const NOTHING: Conditions = { where: [], params: {} };

/** Events by event time, then by their place in the log; both tables at once where both can hold what is asked for. */
export async function searchByTime(database: Database, question: ByTimeQuestion): Promise<readonly StoredSummary[]> {
  const { filters } = question;
  const sides = sidesOf(filters);
  const isSelective = filters.entities !== undefined || filters.traceId !== undefined;
  if (filters.label !== undefined && !isSelective) return sides.length === 0 ? [] : searchLabelled(database, question);
  const within = filters.label === undefined ? NOTHING : { where: [LABELLED], params: { label: filters.label } };
  const found = (await Promise.all(sides.map((side) => searchSide(database, question, { side, within })))).flat();
  const direction = question.order === 'oldest' ? 1 : -1;
  return found.toSorted((a, b) => direction * compareByTime(a, b)).slice(0, question.limit);
}

async function searchSide(
  database: Database,
  question: ByTimeQuestion,
  { side, within }: { readonly side: Side; readonly within: Conditions },
): Promise<readonly StoredSummary[]> {
  const parts = [conditionsOf(question.filters, side), within, behind(question)];
  const where = parts.flatMap((part) => part.where);
  const direction = question.order === 'oldest' ? 'ASC' : 'DESC';
  const rows = {
    from: `${TABLES[side]} ${where.length === 0 ? '' : `WHERE ${where.join('\n  AND ')}`}
  ORDER BY ${KEYS.map((key) => `${key} ${direction}`).join(', ')} LIMIT {limit:UInt32}`,
    params: Object.assign({ limit: question.limit }, ...parts.map((part) => part.params)) as Record<string, SqlValue>,
    maxSeconds: MAX_SECONDS,
  };
  return side === 'decisions' ? decisionSummaries(database, rows) : receiptSummaries(database, rows);
}

const KEYS = ['event_time', 'pipeline', 'partition', 'offset'];
const PLACE =
  '(fromUnixTimestamp64Milli({afterMs:Int64}), {afterPipeline:String}, {afterPartition:UInt16}, {afterOffset:UInt64})';

/** Behind a place in the order. The first condition says the same as a part of the second: an index can use it. */
function behind({ after, order }: ByTimeQuestion): Conditions {
  if (after === undefined) return NOTHING;
  const beyond = order === 'oldest' ? '>' : '<';
  return {
    where: [`event_time ${beyond}= fromUnixTimestamp64Milli({afterMs:Int64})`, `(${KEYS.join(', ')}) ${beyond} ${PLACE}`],
    params: {
      afterMs: after.value,
      afterPipeline: after.pipeline,
      afterPartition: after.partition,
      afterOffset: after.offset,
    },
  };
}

/** How many outcomes are gone through at first for each event wanted, and how many times as many where other filters left too few. */
const LABELS_EACH = 4;
const WIDEN = 16;

/* Outcomes stand in the order of their events' time: the n-th of them says how far back the events must be looked for. */
const nthOutcome = (where: readonly string[], order: ByTimeQuestion['order']): string => `
  SELECT toFloat64(toUnixTimestamp64Milli(${order === 'oldest' ? 'max' : 'min'}(predicted_at))) AS edge_ms, toFloat64(count()) AS found FROM (
    SELECT predicted_at FROM ${TABLES.outcomes} WHERE ${where.join(' AND ')}
    ORDER BY predicted_at ${order === 'oldest' ? 'ASC' : 'DESC'} LIMIT {outcomes:UInt64})`;

/** By label: only as far as the events of enough such outcomes go, for all outcomes of a label are half of all there are. */
async function searchLabelled(database: Database, question: ByTimeQuestion): Promise<readonly StoredSummary[]> {
  const { filters, order, after, limit } = question;
  const beyond = order === 'oldest' ? '>=' : '<=';
  const where = ['label = {label:UInt8}'];
  const params: Record<string, SqlValue> = { label: filters.label ?? null };
  const add = (name: string, value: SqlValue | undefined, condition: string): void => {
    if (value === undefined) return;
    where.push(condition);
    params[name] = value;
  };
  add('pipeline', filters.pipeline, 'pipeline = {pipeline:String}');
  add('fromMs', filters.fromMs, 'predicted_at >= fromUnixTimestamp64Milli({fromMs:Int64})');
  add('toMs', filters.toMs, 'predicted_at < fromUnixTimestamp64Milli({toMs:Int64})');
  add('afterMs', after?.value, `predicted_at ${beyond} fromUnixTimestamp64Milli({afterMs:Int64})`);
  for (let outcomes = limit * LABELS_EACH; ; outcomes *= WIDEN) {
    const options = { params: { ...params, outcomes }, maxSeconds: MAX_SECONDS };
    const [edge] = await database.query<{ edge_ms: number; found: number }>(nthOutcome(where, order), options);
    if (edge === undefined || edge.found === 0) return [];
    const edged = `${order === 'oldest' ? '<=' : '>='} fromUnixTimestamp64Milli({edgeMs:Int64})`;
    const within: Conditions = {
      where: [`event_time ${edged}`, `${LABELLED.slice(0, -1)} AND ${where.join(' AND ')} AND predicted_at ${edged})`],
      params: { ...params, edgeMs: edge.edge_ms },
    };
    const rows = await searchSide(database, question, { side: 'decisions', within });
    if (rows.length >= limit || edge.found < outcomes) return rows;
  }
}

function compareByTime(a: StoredSummary, b: StoredSummary): number {
  return (
    a.event.timeMs - b.event.timeMs ||
    compareTexts(a.pipeline, b.pipeline) ||
    a.position.partition - b.position.partition ||
    a.position.offset - b.position.offset
  );
}

/** By bytes, as ClickHouse has it. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
