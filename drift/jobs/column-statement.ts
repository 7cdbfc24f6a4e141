import type { SqlValue } from '#core';

/** Inner edges that a column has at most: nine tenths, and one more behind each value that is a tenth twice over. */
const MAX_EDGES = 13;
/** A column with more different values than this is no category. */
export const MAX_CATEGORIES = 20;
const TENTHS = 9;

/** Rows to compare: a SELECT of isReference, isCurrent, `values` (nullable numbers) and `positions` (of their columns), and its parameters. */
export interface ColumnSource {
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlValue>>;
}

/** A row of {@link columnStatement}: a column of the source. A value is present where it is finite, else missing. */
export interface ColumnRow {
  /** Of the column. */
  readonly position: number;
  readonly referenceRows: number;
  readonly rows: number;
  readonly referenceValues: number;
  readonly currentValues: number;
  /** Inner edges of the reference's tenths, as `tenthEdges` has them. */
  readonly edges: readonly number[];
  /** Present values under each edge; what follows the last edge means nothing. */
  readonly referenceUnder: readonly number[];
  readonly currentUnder: readonly number[];
  /** Different values of the reference, counted up to MAX_CATEGORIES + 1. */
  readonly categories: number;
  /** Values that the reference has once. */
  readonly singletons: number;
  /** Values of the window that the reference does not have; 0 where it is no category. */
  readonly newValues: number;
  /** max |F_r − F_c| · referenceValues · currentValues, a whole number. */
  readonly steps: number;
}

const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_none, i) => text(i + 1)).join(', ');

const SIDES = (source: string): string => `SELECT
    position, countIf(isReference) AS referenceRows, countIf(isCurrent) AS rows,
    arraySort(groupArrayIf(assumeNotNull(value) + 0., isReference AND isFinite(value))) AS reference,
    arraySort(groupArrayIf(assumeNotNull(value) + 0., isCurrent AND isFinite(value))) AS current
  FROM (${source}) ARRAY JOIN values AS value, positions AS position
  GROUP BY position`;

const POOLED = (sides: string): string => `SELECT
    position, referenceRows, rows, reference, current,
    length(reference) AS referenceValues, length(current) AS currentValues,
    arraySort(arrayConcat(reference, current)) AS pooled,
    arraySort((i, x) -> x, arrayEnumerate(pooled), arrayConcat(reference, current)) AS origins,
    arraySlice(arrayCompact(reference), 1, ${MAX_CATEGORIES + 1}) AS known,
    ${each(TENTHS, (i) => `reference[toUInt64(${i / 10} * referenceValues) + 1] AS tenth${i}`)}
  FROM (${sides})`;

/** Between two values that tie nothing is compared: only the last of them has all of its step. */
const STEPPED = (pooled: string): string => `SELECT
    position, referenceRows, rows, reference, current, referenceValues, currentValues, known,
    arrayMax(arrayMap((sum, x, next) -> if(x = next, 0, abs(sum)),
      arrayCumSum(arrayMap(i -> if(i <= referenceValues, toInt64(currentValues), -toInt64(referenceValues)), origins)),
      pooled, arrayShiftLeft(pooled, 1, nan))) AS steps,
    arrayCount((x, before, next) -> x != before AND x != next,
      reference, arrayShiftRight(reference, 1, nan), arrayShiftLeft(reference, 1, nan)) AS singletons,
    arrayConcat([${each(TENTHS, (i) => `tenth${i}`)}], [${each(TENTHS - 1, nextBehind)}]) AS candidates
  FROM (${pooled})`;

function nextBehind(i: number): string {
  return `if(tenth${i + 1} = tenth${i}, ifNull(arrayFirstOrNull(x -> x > tenth${i + 1}, reference), nan), nan)`;
}

const EDGED = (stepped: string): string => `SELECT
    * EXCEPT (candidates, edges), edges, ${each(MAX_EDGES, (i) => `edges[${i}] AS edge${i}`)}
  FROM (
    SELECT *, reference[1] AS least, arraySort(arrayDistinct(arrayFilter(x -> x > least, candidates))) AS edges
    FROM (${stepped})
  )`;

/**
 * What two samples of many columns are to each other, in one statement and one scan: each column's values side by side, sorted,
 * with their tenths, categories and exact Kolmogorov-Smirnov steps. Lambdas take plain numbers with them, never an array:
 * ClickHouse would copy it for each element.
 */
export function columnStatement(source: string): string {
  const under = (side: string): string => `[${each(MAX_EDGES, (i) => `toFloat64(arrayCount(x -> x < edge${i}, ${side}))`)}]`;
  const seen = each(MAX_CATEGORIES, (i) => `if(length(known) >= ${i}, countEqual(current, known[${i}]), 0)`);
  return `SELECT
    toFloat64(position) AS position, toFloat64(referenceRows) AS referenceRows, toFloat64(rows) AS rows,
    toFloat64(referenceValues) AS referenceValues, toFloat64(currentValues) AS currentValues,
    edges, ${under('reference')} AS referenceUnder, ${under('current')} AS currentUnder,
    toFloat64(length(known)) AS categories, toFloat64(singletons) AS singletons,
    if(length(known) > ${MAX_CATEGORIES}, 0., toFloat64(currentValues) - toFloat64(arraySum([${seen}]))) AS newValues,
    toFloat64(steps) AS steps
  FROM (${EDGED(STEPPED(POOLED(SIDES(source))))})
  ORDER BY position`;
}
