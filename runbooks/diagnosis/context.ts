import type { Database, SqlValue } from '#core';
import type { Ask } from './ask.ts';
import { type FeatureReads, readFeatureReads } from './feature-reads.ts';
import { type GroupSeries, readGroupSeries } from './group-series.ts';
import { type LatencySeries, readLatencySeries } from './latency-series.ts';
import { type Lookback, lookbackOf } from './lookback.ts';
import type { DiagnosisQuestion, Pathway } from './pathway.ts';
import { inlined } from './statement.ts';
import { readTrafficSeries, type TrafficSeries } from './traffic-series.ts';

/** What a finding works with. The series are read once, whoever asks first. */
export interface FindingContext {
  readonly question: DiagnosisQuestion;
  readonly pathway: Pathway;
  readonly lookback: Lookback;
  /** Runs a statement; pipeline, group, topic and the look-back (fromMs, toMs, bucketMs) are among its values. */
  readonly ask: Ask;
  readonly latency: () => Promise<LatencySeries>;
  readonly groups: () => Promise<GroupSeries>;
  readonly traffic: () => Promise<TrafficSeries>;
  readonly reads: () => Promise<FeatureReads>;
}

const MAX_SECONDS = 3;

export function createContext(database: Database, question: DiagnosisQuestion): FindingContext {
  const { pathway, signal } = question;
  const lookback = lookbackOf(question);
  const { fromMs, toMs, bucketMs } = lookback;
  const base = { pipeline: pathway.pipeline, group: pathway.group, topic: pathway.topic, fromMs, toMs, bucketMs };
  const ask: Ask = async <Row>(sql: string, values: Readonly<Record<string, SqlValue>> = {}) => {
    const text = inlined(sql, { ...base, ...values });
    const rows = await database.query<Row>(text, {
      maxSeconds: MAX_SECONDS,
      ...(signal === undefined ? {} : { signal }),
    });
    return { sql: text, rows: [...rows] };
  };
  const deps = { ask, lookback, pathway };
  return {
    question,
    pathway,
    lookback,
    ask,
    latency: once(() => readLatencySeries(deps)),
    groups: once(() => readGroupSeries(deps)),
    traffic: once(() => readTrafficSeries(deps)),
    reads: once(() => readFeatureReads(deps)),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
