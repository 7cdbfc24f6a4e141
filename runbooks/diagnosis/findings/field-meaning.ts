import { TABLES } from '#core';
import { findStep, ramp, type Step } from '../change-point.ts';
import type { FindingContext } from '../context.ts';
import { type Evidence, type Finding, resultsOf } from '../finding.ts';
import { SIDE, within } from '../statement.ts';
import { counted, figure, listed, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('field_meaning');
/** Where the profiler adds up producers that it does not tell apart. */
const OTHER_PRODUCERS = '(other producers)';
const REACH_DAYS = 45;
/** An alert about a field comes when its day is over, or later. */
const ASKED_REACH_MS = 2 * 86_400_000;
const MINIMUM_VALUES = 40;
const MINIMUM_DAYS = 4;
const MINIMUM_FACTOR = 3;
/** Quantiles of one unit move together: not further apart than by this factor. */
const MAXIMUM_SPREAD = 4;

/** A producer's field on one day of event time. */
interface Day {
  readonly subject: string;
  readonly field: string;
  readonly source: string;
  readonly day_ms: number;
  readonly values: number;
  readonly stored_ms: number;
  readonly quantiles: readonly number[];
}

interface Change {
  readonly subject: string;
  readonly field: string;
  readonly source: string;
  readonly factor: number;
  /** The median on both sides. */
  readonly before: number;
  readonly after: number;
  readonly dayMs: number;
  /** A day is stored when it is over: the field changed after the day before was, and before its own day was. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly values: number;
}

/* A sketch's quantile is the middle of the bucket in which its rank lies (DDSketch). */
const STATEMENT = `SELECT subject, field, source, toFloat64(toUnixTimestamp64Milli(window_from)) AS day_ms, toFloat64(n) AS values,
  toFloat64(toUnixTimestamp64Milli(stored)) AS stored_ms,
  arrayConcat(arrayMap(key -> -2 * pow(gamma, key) / (gamma + 1), arrayReverse(negative.1)), [0.],
    arrayMap(key -> 2 * pow(gamma, key) / (gamma + 1), positive.1)) AS middles,
  arrayCumSum(arrayConcat(arrayReverse(negative.2), [zeros], positive.2)) AS ranks,
  arrayMap(share -> middles[arrayFirstIndex(below -> below > floor(share * (n - 1)), ranks)], [0.05, 0.5, 0.95]) AS quantiles
FROM (
  SELECT subject, field, source, window_from, any((1 + accuracy) / (1 - accuracy)) AS gamma, sum(value_count) AS n, min(ingested) AS stored,
    sum(zero_count) AS zeros, sumMap(positive_keys, positive_counts) AS positive, sumMap(negative_keys, negative_counts) AS negative
  FROM ${TABLES.fieldProfiles}
  WHERE pipeline = {pipeline:String} AND source != {others:String} AND ingested < fromUnixTimestamp64Milli({toMs:Int64})
    AND (subject, field, source) IN (SELECT subject, field, source FROM ${TABLES.fieldProfiles}
      WHERE pipeline = {pipeline:String} AND ingested >= fromUnixTimestamp64Milli({storedMs:Int64})
        AND ingested < fromUnixTimestamp64Milli({toMs:Int64}))
    AND window_from > (SELECT max(window_from) FROM ${TABLES.fieldProfiles}
      WHERE pipeline = {pipeline:String} AND ingested < fromUnixTimestamp64Milli({toMs:Int64})) - toIntervalDay({reach:UInt32})
  GROUP BY subject, field, source, window_from HAVING n >= 5)
ORDER BY subject, field, source, window_from LIMIT 20000`;

/** A producer's numeric field means something else than before, and every event still fits its contract. */
export const fieldMeaning: Finding = {
  cause: 'field_meaning',
  find: async (context) => {
    const { ask, pathway, question, lookback } = context;
    const isAsked = question.alert === 'FieldMeaningChanged';
    const { sql, rows } = await ask<Day>(`SELECT * EXCEPT (middles, ranks) FROM (${STATEMENT})`, {
      others: OTHER_PRODUCERS,
      reach: REACH_DAYS,
      storedMs: lookback.fromMs - (isAsked ? ASKED_REACH_MS : 0),
    });
    const changes = changesOf(rows);
    const { labels } = question;
    const named = changes.find(({ field, source }) => field === labels['field'] && source === labels['source']);
    const change = named ?? changes[0];
    if (change === undefined)
      return ruledOut('Every producer sends its numeric fields in the order of magnitude of the days before.');
    const { subject, field, source, factor, before, after, sinceMs, untilMs } = change;
    if (!isAsked && untilMs < lookback.fromMs)
      return ruledOut(`${field} of ${subject} from ${source} moved long before the first sign; nothing else has since.`);
    const features = pathway.views.filter((view) => view.subject === subject && view.fields.includes(field));
    const names = features.flatMap((view) => view.features);
    const evidence = [dayEvidence(rows, change, sql)];
    const [feature] = names;
    if (feature !== undefined) evidence.push(await featureEvidence(context, feature, sinceMs));
    const day = new Date(change.dayMs).toISOString().slice(0, 10);
    return found({
      strength: 0.72 + 0.2 * ramp(Math.abs(Math.log(factor)), Math.log(MINIMUM_FACTOR), Math.log(30)),
      title:
        `Producer ${source} sends ${field} of ${subject} × ${figure(factor)} since event day ${day} (median ${figure(before)} → ` +
        `${figure(after)}): another unit?${names.length === 0 ? '' : ` It feeds ${listed(names.slice(0, 3))}.`}`,
      details: { source, subject, field },
      stage: null,
      sinceMs,
      untilMs,
      owner: pathway.contracts.find((contract) => contract.subject === subject)?.owner ?? pathway.owner,
      components: [source, subject],
      evidence,
      disproof: `A value of ${field} from ${source} of the old order of magnitude on a later day, or other producers whose values moved alike.`,
    });
  },
};

function changesOf(rows: readonly Day[]): readonly Change[] {
  const byPlace = new Map<string, Day[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.subject, row.field, row.source]);
    byPlace.set(key, [...(byPlace.get(key) ?? []), row]);
  }
  return [...byPlace.values()].flatMap(changeOf).toSorted((a, b) => strengthOf(b) - strengthOf(a));
}

const strengthOf = ({ factor, values }: Change): number => Math.abs(Math.log(factor)) * Math.log(values);

function changeOf(days: readonly Day[]): readonly Change[] {
  const [first] = days;
  const steps = ([1, 0, 2] as const).map((quantile) => days.map((day) => logOf(day.quantiles[quantile])));
  const step = medianStep(days, steps[0] ?? []);
  const start = step === undefined ? undefined : days[step.index];
  if (first === undefined || step === undefined || start === undefined) return [];
  const factor = commonFactor(steps, days, step.index);
  if (factor === undefined) return [];
  const { subject, field, source } = first;
  const [before, after] = [Math.exp(step.before), Math.exp(step.after)];
  const sinceMs = days[step.index - 1]?.stored_ms ?? start.stored_ms;
  const times = { dayMs: step.atMs, sinceMs, untilMs: start.stored_ms };
  return [{ subject, field, source, factor, before, after, ...times, values: step.afterWeight }];
}

/** The larger of the steps up and down of the daily medians; undefined where a median has no logarithm, or before are too few days. */
function medianStep(days: readonly Day[], medians: readonly (number | undefined)[]): Step | undefined {
  if (medians.some((value) => value === undefined)) return undefined;
  const points = days.map(({ day_ms: atMs, values: weight }, index) => ({ atMs, value: medians[index] ?? 0, weight }));
  const ways = (['up', 'down'] as const).flatMap(
    (direction) => findStep(points, { direction, minimumWeight: MINIMUM_VALUES }) ?? [],
  );
  const [step] = ways.toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  return step === undefined || step.index < MINIMUM_DAYS ? undefined : step;
}

/** By what the quantiles moved together. The day of the change holds values of both levels: it may be left out, on either side. */
function commonFactor(
  steps: readonly (readonly (number | undefined)[])[],
  days: readonly Day[],
  index: number,
): number | undefined {
  const sides = [
    { until: index, from: index },
    { until: index, from: index + 1 },
    { until: index - 1, from: index },
  ].filter(({ from }) => from < days.length);
  for (const side of sides) {
    const factors = steps.map((values) => factorAt(values, days, side));
    const [factor = 1] = factors;
    if (factors.every((other) => isAlong(other, factor))) return factor;
  }
  return undefined;
}

function logOf(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : Math.log(value);
}

/** Of a quantile: weighted geometric means after over before; 1 where it is zero on a side. */
function factorAt(
  values: readonly (number | undefined)[],
  days: readonly Day[],
  { until, from: first }: { readonly until: number; readonly from: number },
): number {
  const mean = (from: number, to: number): number | undefined => {
    let [sum, weight] = [0, 0];
    for (let at = from; at < to; at++) {
      const value = values[at];
      if (value === undefined) return undefined;
      const rows = days[at]?.values ?? 0;
      sum += value * rows;
      weight += rows;
    }
    return sum / weight;
  };
  const before = mean(0, until);
  const after = mean(first, days.length);
  return before === undefined || after === undefined ? 1 : Math.exp(after - before);
}

function isAlong(factor: number, median: number): boolean {
  const isFar = median > 1 ? factor >= MINIMUM_FACTOR : factor <= 1 / MINIMUM_FACTOR;
  return isFar && Math.abs(Math.log(factor / median)) <= Math.log(MAXIMUM_SPREAD);
}

function dayEvidence(rows: readonly Day[], change: Change, sql: string): Evidence {
  const { subject, field, source, dayMs, values, factor } = change;
  const own = rows.filter((row) => row.subject === subject && row.field === field && row.source === source);
  const at = own.findIndex(({ day_ms: day }) => day >= dayMs);
  const shown = own.slice(Math.max(0, at - 3), at + 4).map(({ day_ms, values: n, quantiles: [p05, p50, p95] }) => ({
    event_day: new Date(day_ms).toISOString().slice(0, 10),
    values: n,
    p05: p05 ?? null,
    p50: p50 ?? null,
    p95: p95 ?? null,
  }));
  const summary = `${counted(values, 'value')} of ${field} from ${source} × ${figure(factor)}: the 5 %, 50 % and 95 % quantile moved together, first stored at ${timeOfDay(change.untilMs)}.`;
  return { summary, sql, rows: shown };
}

const FEATURE = `SELECT ${SIDE('polled')} AS side, count() AS decisions, avg(value) AS mean, median(value) AS median
FROM (SELECT polled, feature_values[indexOf(splitByChar(',', feature_set), {feature:String})] AS value
  FROM ${TABLES.decisions} WHERE pipeline = {pipeline:String} AND ${within('polled')})
WHERE isNotNull(value) GROUP BY side ORDER BY side`;

async function featureEvidence({ ask }: FindingContext, feature: string, sinceMs: number): Promise<Evidence> {
  const { sql, rows } = await ask<{ side: string; decisions: number; mean: number; median: number }>(FEATURE, {
    feature,
    sinceMs,
  });
  const told = rows.map(({ side, mean }) => `${figure(Number(mean))} ${side}`);
  return { summary: `Mean of ${feature} as served: ${told.join(', ')}.`, sql, rows: rows.map((row) => ({ ...row })) };
}
