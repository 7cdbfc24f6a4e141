import { type Database, TABLES } from '#core';
import type { DrillTruth } from '#runbooks';

/** Whether a fault moved what it is meant to move, as the store holds it; measured without any alert. */
export interface MovedSignal {
  readonly moved: boolean;
  /** A sentence with its figures. */
  readonly signal: string;
}

export interface SignalQuestion {
  readonly truth: DrillTruth;
  readonly pipeline: string;
  /** When the fault began, epoch ms of the run's clock. */
  readonly atMs: number;
  readonly nowMs: number;
}

interface Measure {
  readonly sql: string;
  readonly what: string;
  readonly isMoved: (before: number, after: number) => boolean;
  readonly values?: Readonly<Record<string, string | number>>;
}

const BEFORE_MS = 30_000;
const SINCE = (column: string): string => `${column} >= fromUnixTimestamp64Milli({at:Int64})`;
const WINDOW = (column: string): string =>
  `${column} >= fromUnixTimestamp64Milli({from:Int64}) AND ${column} < fromUnixTimestamp64Milli({to:Int64})`;
/** Two shares or means, before and since. */
const BOTH = (value: (side: string) => string, column: string): string =>
  `toFloat64(ifNotFinite(${value(`NOT (${SINCE(column)})`)}, 0)) AS before, toFloat64(ifNotFinite(${value(SINCE(column))}, 0)) AS after`;

/** Measures it. Throws CLICKHOUSE_*. */
export async function measureSignal(database: Database, question: SignalQuestion): Promise<MovedSignal> {
  const { truth, pipeline, atMs, nowMs } = question;
  if (truth.fault.name === 'F0') return { moved: true, signal: 'nothing is meant to move' };
  const { sql, what, isMoved, values } = measureOf(truth);
  const params = {
    pipeline,
    group: truth.group,
    at: Math.round(atMs),
    from: Math.round(atMs - BEFORE_MS),
    to: Math.round(nowMs),
    ...values,
  };
  const [row] = await database.query<{ readonly before: number; readonly after: number }>(sql, { params });
  const before = row?.before ?? 0;
  const after = row?.after ?? 0;
  return { moved: isMoved(before, after), signal: `${what}: ${before.toPrecision(3)} before, ${after.toPrecision(3)} since` };
}

const quarantined = `SELECT ${BOTH((side) => `countIf(${side} AND fate = 'quarantined') / countIf(${side})`, 'ingested')}
  FROM ${TABLES.receipts} WHERE pipeline = {pipeline:String} AND source = {source:String} AND event_type = {subject:String} AND ${WINDOW('ingested')}`;
const lag = `SELECT ${BOTH((side) => `maxIf(lag_ms, ${side}) / 1000`, 'at')}
  FROM ${TABLES.groupSamples} WHERE consumer_group = {group:String} AND ${WINDOW('at')}`;
const perRecord = `SELECT ${BOTH((side) => `sumIf(publish_to_us, ${side}) / sumIf(events, ${side}) / 1000`, 'published')}
  FROM ${TABLES.batches} WHERE pipeline = {pipeline:String} AND ${WINDOW('published')} AND notEmpty(end_to_end_us)`;
const level = `SELECT ${BOTH((side) => `sumIf(value_sum, ${side}) / sumIf(value_count, ${side})`, 'ingested')}
  FROM ${TABLES.fieldProfiles} WHERE pipeline = {pipeline:String} AND subject = {subject:String} AND field = {field:String}
    AND source = {source:String} AND ingested < fromUnixTimestamp64Milli({to:Int64})`;
const subjectRate = `SELECT ${BOTH((side) => `countIf(${side} AND event_type = {subject:String}) / countIf(${side})`, 'ingested')}
  FROM ${TABLES.receipts} WHERE pipeline = {pipeline:String} AND ${WINDOW('ingested')}`;
const notFound = `SELECT ${BOTH((side) => `avgIf(missing, ${side})`, 'polled')} FROM (SELECT polled,
    arrayAvg(arrayMap((name, status) -> toFloat64(startsWith(name, {view:String}) AND status = 'not_found'), splitByChar(',', feature_set), feature_statuses)) AS missing
  FROM ${TABLES.decisions} WHERE pipeline = {pipeline:String} AND ${WINDOW('polled')})`;
const gap = `SELECT 0. AS before, toFloat64(ifNotFinite(avg(abs(shadow - score)), 0)) AS after
  FROM ${TABLES.decisions} ARRAY JOIN shadow_versions AS version, shadow_scores AS shadow
  WHERE pipeline = {pipeline:String} AND ${WINDOW('polled')} AND ${SINCE('polled')} AND version = {version:UInt32}`;
const positives = `SELECT toFloat64(countIf(NOT (${SINCE('ingested')}) AND label = 1)) / ({at:Int64} - {from:Int64}) * 1000 AS before,
    toFloat64(countIf(${SINCE('ingested')} AND label = 1)) / greatest({to:Int64} - {at:Int64}, 1) * 1000 AS after
  FROM ${TABLES.outcomes} WHERE pipeline = {pipeline:String} AND ${WINDOW('ingested')}`;
const stuck = `SELECT 0. AS before, toFloat64(count()) AS after FROM ${TABLES.failures}
  WHERE pipeline = {pipeline:String} AND ${WINDOW('at')} AND partition = {partition:UInt16} AND offset = {offset:UInt64}`;

// oxlint-disable-next-line complexity -- one case a fault, and no logic in any
function measureOf({ fault, candidateVersion = 0, poison }: DrillTruth): Measure {
  switch (fault.name) {
    case 'F0':
    case 'F1':
      return { sql: perRecord, what: 'ms a record', isMoved: (before, after) => after > 2 * before };
    case 'F3':
      return { sql: lag, what: 'lag, s', isMoved: (before, after) => after > before + 2 };
    case 'F5':
      return {
        sql: quarantined,
        what: 'share in quarantine',
        values: { source: fault.source, subject: fault.subject },
        isMoved: (before, after) => after > before + 0.1,
      };
    case 'F6': {
      const values = { source: fault.source, subject: fault.subject, field: `/${fault.field}` };
      return {
        sql: level,
        what: 'mean of the field',
        values,
        isMoved: (before, after) => Math.abs(Math.log(after / before)) > Math.log(2),
      };
    }
    case 'F7':
      return {
        sql: subjectRate,
        what: `share of ${fault.subject}`,
        values: { subject: fault.subject },
        isMoved: (before, after) => after < 0.7 * before,
      };
    case 'F9':
      return {
        sql: notFound,
        what: 'share of reads not found',
        values: { view: `${fault.view}.` },
        isMoved: (before, after) => after > before + 0.02,
      };
    case 'F10':
      return {
        sql: gap,
        what: 'mean gap of scores',
        values: { version: candidateVersion },
        isMoved: (_before, after) => after > 0.03,
      };
    case 'F12':
      return { sql: positives, what: 'positive outcomes a second', isMoved: (before, after) => after < 0.5 * before };
    case 'F15':
      return {
        sql: stuck,
        what: 'failures at the offset',
        values: { partition: poison?.partition ?? 0, offset: poison?.offset ?? 0 },
        isMoved: (_before, after) => after >= 2,
      };
  }
}
