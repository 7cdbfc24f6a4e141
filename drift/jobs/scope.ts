import { type Database, type EpochMs, type EventWindow, TABLES } from '#core';
import type { LiveReference } from './review.ts';

/** What a review reads: sizes, layouts of served vectors, and when the live version first scored. */
export interface ReviewScope {
  /** Decisions in the reference and in the window. */
  readonly rows: number;
  /** Layouts of their served vectors, names joined by commas, in order of the text. */
  readonly featureSets: readonly string[];
  /** Decisions that the version scored, live or in shadow, up to the window's end. */
  readonly scored: number;
  /** Event time of the first of them, epoch ms; undefined without. */
  readonly scoredFromMs: EpochMs | undefined;
}

/** What a version scored, live or in shadow; shadows are versions of the same model. Parameters: model, version. */
export const SCORED_BY_VERSION =
  "fate = 'scored' AND model = {model:String} AND (model_version = {version:UInt32} OR has(shadow_versions, {version:UInt32}))";

/** A condition on event time, end exclusive; its two parameters are `nameFromMs` and `nameToMs`. */
export function within(name: string): string {
  return `(event_time >= fromUnixTimestamp64Milli({${name}FromMs:Int64}) AND event_time < fromUnixTimestamp64Milli({${name}ToMs:Int64}))`;
}

/** The parameters of {@link within}. */
export function bounds(name: string, { fromMs, toMs }: EventWindow): Readonly<Record<string, number>> {
  return { [`${name}FromMs`]: fromMs, [`${name}ToMs`]: toMs };
}

const STATEMENT = `SELECT
    toFloat64(countIf(${within('reference')}) + countIf(${within('window')})) AS rows,
    arraySort(groupUniqArrayIf(toString(feature_set), ${within('reference')} OR ${within('window')})) AS featureSets,
    toFloat64(countIf(${SCORED_BY_VERSION})) AS scored,
    toFloat64(toUnixTimestamp64Milli(minIf(event_time, ${SCORED_BY_VERSION}))) AS scoredFromMs
  FROM ${TABLES.decisions}
  WHERE pipeline = {pipeline:String} AND event_time < fromUnixTimestamp64Milli({endMs:Int64})`;

interface ScopeRow {
  readonly rows: number;
  readonly featureSets: readonly string[];
  readonly scored: number;
  readonly scoredFromMs: number;
}

/** The {@link ReviewScope} of a window; one scan of four narrow columns. Throws CLICKHOUSE_*. */
export async function loadScope(
  database: Database,
  { pipeline, window, live }: { readonly pipeline: string; readonly window: EventWindow; readonly live: LiveReference },
): Promise<ReviewScope> {
  const params = {
    pipeline,
    model: live.name,
    version: live.version,
    endMs: Math.max(window.toMs, live.window.toMs),
    ...bounds('reference', live.window),
    ...bounds('window', window),
  };
  const [row] = await database.query<ScopeRow>(STATEMENT, { params });
  if (row === undefined) return { rows: 0, featureSets: [], scored: 0, scoredFromMs: undefined };
  return { ...row, scoredFromMs: row.scored === 0 ? undefined : row.scoredFromMs };
}
