import { type Database, type EpochMs, type EventWindow, type FieldFigures, TABLES } from '#core';
import { OTHER_PRODUCERS } from './day-profiles.ts';
import { FIELD_ACCURACY, gammaOf } from './quantile-sketch.ts';

/** A producer's field. */
export interface FieldPlace {
  readonly subject: string;
  readonly field: string;
  readonly source: string;
}

/** A time in which a field meant something else: it says nothing of what is usual. */
export interface SpoiltPeriod extends FieldPlace {
  readonly window: EventWindow;
}

export interface LevelQuestion {
  readonly pipeline: string;
  /** Begins and ends at 00:00 UTC. */
  readonly window: EventWindow;
  /** How much event time before the window is the baseline, ms. */
  readonly baselineMs: number;
  readonly minimumValues: number;
  /** What is left out of the baseline. */
  readonly spoilt: readonly SpoiltPeriod[];
}

/** What a producer sent in a field, in the window and before it; undefined where that is too little to say. */
export interface FieldLevels extends FieldPlace {
  readonly contractVersion: number;
  readonly after: FieldFigures | undefined;
  readonly before: FieldFigures | undefined;
}

/**
 * Values of one day may all be of one order: they are many and yet one observation. So many days with values make a level; two in a
 * window, since a small producer's week has few.
 */
const MINIMUM_DAYS = { window: 2, baseline: 5 } as const;
const GAMMA = gammaOf(FIELD_ACCURACY);

/** Sketches add up by bucket; a quantile is the value of the bucket in which its rank lies (QuantileSketch.quantile). */
const STATEMENT = `WITH merged AS (
  SELECT subject, field, source, window_from >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AS in_window,
    max(contract_version) AS version, sum(value_count) AS n, uniqExactIf(window_from, value_count > 0) AS days,
    min(value_min) AS lowest, max(value_max) AS highest, sum(zero_count) AS zeros,
    sumMap(positive_keys, positive_counts) AS positive, sumMap(negative_keys, negative_counts) AS negative
  FROM ${TABLES.fieldProfiles}
  WHERE pipeline = {pipeline:String} AND source != {other:String} AND abs(accuracy - {accuracy:Float64}) < 1e-9
    AND window_from >= fromUnixTimestamp64Milli({baselineFrom:Int64}, 'UTC') AND window_to <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND NOT arrayExists((one_subject, one_field, one_source, from_ms, to_ms) ->
      subject = one_subject AND field = one_field AND source = one_source
        AND toUnixTimestamp64Milli(window_from) >= from_ms AND toUnixTimestamp64Milli(window_from) < to_ms,
      {subjects:Array(String)}, {fields:Array(String)}, {sources:Array(String)}, {froms:Array(Int64)}, {tos:Array(Int64)})
  GROUP BY subject, field, source, in_window
  HAVING n >= {minimum:UInt64} AND days >= if(in_window, {windowDays:UInt32}, {baselineDays:UInt32})
)
SELECT subject, field, source, in_window = 1 AS in_window, toFloat64(version) AS version, toFloat64(n) AS n,
  arrayConcat(arrayMap(key -> -2 * pow({gamma:Float64}, key) / ({gamma:Float64} + 1), arrayReverse(negative.1)), [0.],
    arrayMap(key -> 2 * pow({gamma:Float64}, key) / ({gamma:Float64} + 1), positive.1)) AS levels,
  arrayCumSum(arrayConcat(arrayReverse(negative.2), [zeros], positive.2)) AS ranks,
  arrayMap(share -> least(highest, greatest(lowest, levels[arrayFirstIndex(below -> below > floor(share * (n - 1)), ranks)])),
    [0.05, 0.5, 0.95]) AS quantiles
FROM merged ORDER BY subject, field, source`;

interface LevelRow extends FieldPlace {
  readonly in_window: boolean | number;
  readonly version: number;
  readonly n: number;
  readonly quantiles: readonly number[];
}

/** The levels of every field of every producer that has enough of one, in the order of subject, field and source. Throws CLICKHOUSE_*. */
export async function loadFieldLevels(database: Database, question: LevelQuestion): Promise<readonly FieldLevels[]> {
  const { window, baselineMs } = question;
  const baseline = { fromMs: window.fromMs - baselineMs, toMs: window.fromMs };
  const rows = await database.query<LevelRow>(selected(STATEMENT), { params: paramsOf(question, baseline.fromMs) });
  const levels = new Map<string, FieldLevels>();
  for (const { subject, field, source, ...row } of rows) {
    const key = JSON.stringify([subject, field, source]);
    const known = levels.get(key) ?? { subject, field, source, contractVersion: 0, after: undefined, before: undefined };
    const contractVersion = Math.max(known.contractVersion, row.version);
    const isWindow = Boolean(row.in_window);
    const figures = figuresOf(row, isWindow ? window : baseline);
    levels.set(key, { ...known, contractVersion, ...(isWindow ? { after: figures } : { before: figures }) });
  }
  return [...levels.values()];
}

/** The columns that are wanted: what the quantiles are computed from stays in the store. */
function selected(statement: string): string {
  return `SELECT subject, field, source, in_window, version, n, quantiles FROM (${statement})`;
}

function paramsOf(
  { pipeline, window, minimumValues, spoilt }: LevelQuestion,
  baselineFrom: EpochMs,
): Record<string, string | number | readonly (string | number)[]> {
  return {
    pipeline,
    other: OTHER_PRODUCERS,
    accuracy: FIELD_ACCURACY,
    gamma: GAMMA,
    from: window.fromMs,
    to: window.toMs,
    baselineFrom,
    minimum: minimumValues,
    windowDays: MINIMUM_DAYS.window,
    baselineDays: MINIMUM_DAYS.baseline,
    subjects: spoilt.map(({ subject }) => subject),
    fields: spoilt.map(({ field }) => field),
    sources: spoilt.map(({ source }) => source),
    froms: spoilt.map((period) => period.window.fromMs),
    tos: spoilt.map((period) => period.window.toMs),
  };
}

function figuresOf({ n, quantiles }: Pick<LevelRow, 'n' | 'quantiles'>, window: EventWindow): FieldFigures {
  const [p05 = 0, p50 = 0, p95 = 0] = quantiles;
  return { window, values: n, p05, p50, p95 };
}
