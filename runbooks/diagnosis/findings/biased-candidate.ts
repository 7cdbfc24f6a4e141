import { TABLES } from '#core';
import { findStep, ramp } from '../change-point.ts';
import { type Finding, resultsOf } from '../finding.ts';
import type { Lookback } from '../lookback.ts';
import { within } from '../statement.ts';
import { figure, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('biased_candidate');
const MAX_ROWS = 5000;
const MINIMUM_ROWS = 40;
const MINIMUM_SEGMENT = 15;
/** A gap in scores that is worth a word: overall, or of a segment against the rest. */
const MINIMUM_GAP = 0.07;
const MINIMUM_DISTANCE = 5;
/** A version that is first seen so late in the look-back came in it. */
const NEW_BUCKETS = 8;
const GROWN_FACTOR = 1.8;
const MINIMUM_GROWTH = 0.02;
const CUTS = [0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9] as const;

/** A decision that a version in shadow scored, too. */
interface ShadowRow {
  readonly version: number;
  readonly gap: number;
  readonly source: string;
  readonly partition: number;
  readonly decision: string;
  readonly names: readonly string[];
  readonly feature_values: readonly (number | null)[];
  readonly at_ms: number;
}

/** Rows apart from the others by one dimension. */
interface Segment {
  readonly text: string;
  readonly rows: number;
  readonly within: number;
  readonly outside: number;
  /** Standard errors between the two. */
  readonly distance: number;
  /** Share of the gaps' variance that it explains. */
  readonly explained: number;
}

/* An older version in shadow is a baseline, and is meant to differ. */
const STATEMENT = `SELECT toFloat64(version) AS version, toFloat64(shadow) - toFloat64(assumeNotNull(score)) AS gap, source, partition, decision,
  splitByChar(',', feature_set) AS names, feature_values, toFloat64(toUnixTimestamp64Milli(polled)) AS at_ms
FROM ${TABLES.decisions} ARRAY JOIN shadow_versions AS version, shadow_scores AS shadow
WHERE pipeline = {pipeline:String} AND ${within('polled')} AND isNotNull(score) AND version > model_version
ORDER BY polled DESC LIMIT ${MAX_ROWS}`;

/** A version in shadow is off in one segment, or everywhere. */
export const biasedCandidate: Finding = {
  cause: 'biased_candidate',
  // oxlint-disable-next-line complexity -- an answer for each of few rows, no gap, one segment, everywhere
  find: async ({ ask, pathway, question, lookback }) => {
    const { sql, rows: all } = await ask<ShadowRow>(STATEMENT);
    const asked = Number(question.labels['version'] ?? Number.NaN);
    const newest = all.reduce((latest, { version }) => Math.max(latest, version), 0);
    const version = all.some((row) => row.version === asked) ? asked : newest;
    const rows = all.filter((row) => row.version === version);
    if (rows.length === 0) return ruledOut('No newer version scores in shadow.');
    if (rows.length < MINIMUM_ROWS)
      return ruledOut(`v${version} in shadow has scored ${rows.length} events: too few to compare.`);
    const overall = meanOf(rows.map(({ gap }) => gap));
    const segment = worstSegment(rows);
    const isSegment = segment !== undefined && Math.abs(segment.within - segment.outside) >= MINIMUM_GAP;
    if (!isSegment && Math.abs(overall) < MINIMUM_GAP)
      return ruledOut(
        `v${version} in shadow is ${figure(Math.abs(overall))} from the live version on average, and no segment stands out.`,
      );
    if (question.alert !== 'CandidateGap' && !isNews(rows, all.length, lookback))
      return ruledOut(`v${version} in shadow differs from the live version as it did all along.`);
    const text = isSegment ? segment.text : 'all';
    const sinceMs = Math.min(...rows.map(({ at_ms }) => at_ms));
    const gap = isSegment ? segment.within - segment.outside : overall;
    const figures = segmentRows(rows, segment, overall);
    return found({
      strength: 0.66 + 0.2 * ramp(Math.abs(gap), MINIMUM_GAP, 0.2) + (isSegment ? 0.1 * ramp(segment.explained, 0.1, 0.6) : 0),
      title: isSegment
        ? `Candidate ${pathway.model.name} v${version} scores ${signed(segment.within)} against the live version where ${text}, and ${signed(segment.outside)} elsewhere.`
        : `Candidate ${pathway.model.name} v${version} scores ${signed(overall)} against the live version, in every segment alike.`,
      details: { version: String(version), segment: text },
      stage: null,
      sinceMs,
      owner: pathway.model.owner,
      components: [pathway.model.name],
      evidence: [
        {
          summary: `${rows.length} decisions since ${timeOfDay(sinceMs)} have both scores; ${isSegment ? `${text} alone explains ${Math.round(100 * segment.explained)} % of how far they are apart.` : 'they are apart by about as much everywhere.'}`,
          sql,
          rows: figures,
        },
      ],
      disproof: isSegment
        ? `As large a gap where it is not so that ${text}, or outcomes there that speak for v${version}.`
        : `Outcomes that speak for v${version}.`,
    });
  },
};

/** Whether the version came, or its gap stepped, within the look-back: what stood before explains no new alert. */
function isNews(rows: readonly ShadowRow[], read: number, { fromMs, bucketMs }: Lookback): boolean {
  const oldest = rows.toSorted((a, b) => a.at_ms - b.at_ms);
  if (read < MAX_ROWS && (oldest[0]?.at_ms ?? fromMs) - fromMs > NEW_BUCKETS * bucketMs) return true;
  const points = oldest.map(({ at_ms: atMs, gap }) => ({ atMs, value: Math.abs(gap), weight: 1 }));
  const step = findStep(points, { direction: 'up', minimumWeight: MINIMUM_SEGMENT });
  return step !== undefined && step.after >= GROWN_FACTOR * step.before && step.after - step.before >= MINIMUM_GROWTH;
}

const signed = (gap: number): string => `${gap < 0 ? '−' : '+'}${figure(Math.abs(gap))}`;

function segmentRows(rows: readonly ShadowRow[], segment: Segment | undefined, overall: number): Record<string, unknown>[] {
  const whole = { segment: 'all', decisions: rows.length, mean_gap: Number(overall.toPrecision(3)) };
  if (segment === undefined) return [whole];
  return [
    { segment: segment.text, decisions: segment.rows, mean_gap: Number(segment.within.toPrecision(3)) },
    { segment: 'elsewhere', decisions: rows.length - segment.rows, mean_gap: Number(segment.outside.toPrecision(3)) },
    whole,
  ];
}

/** The one dimension and cut that explains most of the gaps' variance. */
function worstSegment(rows: readonly ShadowRow[]): Segment | undefined {
  const candidates = [
    ...namedSegments(rows, 'source', ({ source }) => source),
    ...namedSegments(rows, 'partition', ({ partition }) => String(partition)),
    ...namedSegments(rows, 'decision', ({ decision }) => decision),
    ...featureSegments(rows),
  ];
  return candidates.filter(({ distance }) => distance >= MINIMUM_DISTANCE).toSorted((a, b) => b.explained - a.explained)[0];
}

function namedSegments(rows: readonly ShadowRow[], name: string, valueOf: (row: ShadowRow) => string): readonly Segment[] {
  const values = new Set(rows.map(valueOf));
  if (values.size < 2) return [];
  return [...values].flatMap((value) => segmentOf(rows, `${name} = ${value}`, (row) => valueOf(row) === value));
}

function featureSegments(rows: readonly ShadowRow[]): readonly Segment[] {
  const names = rows[0]?.names ?? [];
  return names.flatMap((name, column) => {
    const valueOf = (row: ShadowRow): number | null => row.feature_values[column] ?? null;
    const sorted = rows.flatMap((row) => valueOf(row) ?? []).toSorted((a, b) => a - b);
    const cuts = new Set(CUTS.map((share) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN));
    const missing = segmentOf(rows, `${name} not found`, (row) => valueOf(row) === null);
    return [
      ...missing,
      ...[...cuts].flatMap((cut) => {
        const above = segmentOf(rows, `${name} >= ${figure(cut)}`, (row) => (valueOf(row) ?? Number.NEGATIVE_INFINITY) >= cut);
        // Of the two halves the one that is off is the segment.
        return above.map((segment) =>
          Math.abs(segment.within) >= Math.abs(segment.outside)
            ? segment
            : below(segment, `${name} < ${figure(cut)}`, rows.length),
        );
      }),
    ];
  });
}

function below(segment: Segment, text: string, rows: number): Segment {
  const { within: inside, outside } = segment;
  return { ...segment, text, rows: rows - segment.rows, within: outside, outside: inside };
}

function segmentOf(rows: readonly ShadowRow[], text: string, isIn: (row: ShadowRow) => boolean): readonly Segment[] {
  const inside: number[] = [];
  const outside: number[] = [];
  for (const row of rows) (isIn(row) ? inside : outside).push(row.gap);
  if (inside.length < MINIMUM_SEGMENT || outside.length < MINIMUM_SEGMENT) return [];
  const [a, b] = [meanOf(inside), meanOf(outside)];
  const total = squares(rows.map(({ gap }) => gap));
  const left = squares(inside) + squares(outside);
  const error = Math.sqrt(Math.max(1e-12, left / rows.length) * (1 / inside.length + 1 / outside.length));
  return [
    {
      text,
      rows: inside.length,
      within: a,
      outside: b,
      distance: Math.abs(a - b) / error,
      explained: total === 0 ? 0 : 1 - left / total,
    },
  ];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function squares(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
