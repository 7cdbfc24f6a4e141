import { type EpochMs, type Fate, type SqlValue, TABLES } from '#core';

/** Filters combine; what is absent does not filter. */
export interface SearchFilters {
  readonly pipeline?: string | undefined;
  /** Any of these: the entity as it is stored. */
  readonly entities?: readonly string[] | undefined;
  readonly traceId?: string | undefined;
  readonly fate?: Fate | undefined;
  readonly reason?: string | undefined;
  readonly decision?: string | undefined;
  readonly label?: 0 | 1 | undefined;
  /** Event time, end exclusive. */
  readonly fromMs?: EpochMs | undefined;
  readonly toMs?: EpochMs | undefined;
  /** Only live decisions that took longer than their pipeline's bound: pipeline to µs. */
  readonly longerThanUs?: Readonly<Record<string, number>> | undefined;
}

export type Side = 'decisions' | 'receipts';

/** A side of the search: conditions on one table, with their values. */
export interface Conditions {
  readonly where: readonly string[];
  readonly params: Readonly<Record<string, SqlValue>>;
}

/** Decisions with the outcome {label:UInt8}. */
export const LABELLED = `prediction_id IN (SELECT prediction_id FROM ${TABLES.outcomes} WHERE label = {label:UInt8})`;
const BOUND = 'transform(pipeline, {pipelines:Array(String)}, {boundsUs:Array(UInt64)}, toUInt64(18446744073709551615))';
/* By wait alone the batch of a breach cannot be told; the pair (batch, wait) can, as the batch's publication is the same for all. */
const LONGER = `(batch_id, toUInt64(greatest(dateDiff('millisecond', appended, polled), 0)) * 1000) IN (
    SELECT batch_id, arrayJoin(arrayMap(us -> toUInt64(us - publish_to_us), arrayFilter(us -> us > ${BOUND}, end_to_end_us)))
    FROM ${TABLES.batches} WHERE slowest_us > ${BOUND})`;

/** The filters as conditions on one of the tables; `label`, which is in another, is left to the search. */
export function conditionsOf(filters: SearchFilters, side: Side): Conditions {
  const where: string[] = [];
  const params: Record<string, SqlValue> = {};
  const add = (name: string, value: SqlValue | undefined, condition: string): void => {
    if (value === undefined) return;
    where.push(condition);
    params[name] = value;
  };
  add('pipeline', filters.pipeline, 'pipeline = {pipeline:String}');
  add('entities', filters.entities, 'entity IN {entities:Array(String)}');
  add('traceId', filters.traceId, 'trace_id = toFixedString(unhex({traceId:String}), 16)');
  add('fate', filters.fate, 'fate = {fate:String}');
  add('fromMs', filters.fromMs, 'event_time >= fromUnixTimestamp64Milli({fromMs:Int64})');
  add('toMs', filters.toMs, 'event_time < fromUnixTimestamp64Milli({toMs:Int64})');
  if (side === 'receipts') {
    add('reason', filters.reason, 'reason = {reason:String}');
    return { where, params };
  }
  add('decision', filters.decision, 'decision = {decision:String}');
  if (filters.longerThanUs !== undefined) {
    where.push('NOT backlog AND NOT skewed', LONGER);
    params['pipelines'] = Object.keys(filters.longerThanUs);
    params['boundsUs'] = Object.values(filters.longerThanUs);
  }
  return { where, params };
}

/** The tables that can hold what is asked for. */
export function sidesOf({ fate, reason, decision, label, longerThanUs }: SearchFilters): readonly Side[] {
  const isScoring = fate === 'scored' || fate === 'collecting';
  const isOfDecision = [decision, label, longerThanUs].some((filter) => filter !== undefined);
  const canBeReceipt = !isScoring && !isOfDecision;
  const canBeDecision = reason === undefined && (fate === undefined || isScoring);
  return [...(canBeDecision ? (['decisions'] as const) : []), ...(canBeReceipt ? (['receipts'] as const) : [])];
}
