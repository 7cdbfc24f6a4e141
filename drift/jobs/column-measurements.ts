import type { DriftDistribution, EventWindow } from '#core';
import type { Comparison } from '../statistics/comparison.ts';
import { EXACT_MAX_ROWS, type KsSteps, ksPValue } from '../statistics/kolmogorov-smirnov.ts';
import { psiOfCounts } from '../statistics/population-stability.ts';
import { newCategoryShare, proportionDifference } from '../statistics/proportion.ts';
import { type ColumnRow, MAX_CATEGORIES } from './column-statement.ts';
import type { DriftJobSpec } from './job-spec.ts';
import type { MeasuredValue, Measurement, MeasurementReason } from './measurement.ts';
import { chance, count, figure, percent } from './wording.ts';

/** A column to measure: a feature, or the score. */
export interface MeasuredColumn {
  readonly targetKind: 'feature' | 'score';
  readonly target: string;
  readonly reference: EventWindow;
  readonly window: EventWindow;
}

/** Cells of the exact law's lattice that are worth their time (about 30 ms); above it the asymptotic law is as good. */
const MAX_LATTICE = 8_000_000;

const NO_ROWS: ColumnRow = {
  position: 0,
  referenceRows: 0,
  rows: 0,
  referenceValues: 0,
  currentValues: 0,
  edges: [],
  referenceUnder: [],
  currentUnder: [],
  categories: 0,
  singletons: 0,
  newValues: 0,
  steps: 0,
};

interface Sizes {
  readonly rows: number;
  readonly referenceRows: number;
}

function tooFew({ rows, referenceRows }: Sizes, minimumRows: number): MeasurementReason | undefined {
  if (referenceRows === 0) return 'no_reference_rows';
  if (rows === 0) return 'no_rows';
  if (referenceRows < minimumRows) return 'too_few_reference_rows';
  return rows < minimumRows ? 'too_few_rows' : undefined;
}

function binned(row: ColumnRow): DriftDistribution {
  const counts = (under: readonly number[], total: number): readonly number[] => {
    const upTo = [0, ...under.slice(0, row.edges.length), total];
    return upTo.slice(1).map((below, bin) => below - (upTo[bin] ?? 0));
  };
  return {
    edges: row.edges,
    reference: counts(row.referenceUnder, row.referenceValues),
    current: counts(row.currentUnder, row.currentValues),
  };
}

const shares = (counts: readonly number[], total: number): readonly number[] => counts.map((inBin) => inBin / total);

function psi(row: ColumnRow, limit: number): Measurement['result'] {
  const { edges, reference, current } = binned(row);
  const found = psiOfCounts({ reference, current });
  return measured(found, ({ value }) => ({
    threshold: limit,
    finding: `a population stability index of ${figure(value)} (limit ${figure(limit)})`,
    distribution: {
      edges,
      reference: shares(reference, row.referenceValues),
      current: shares(current, row.currentValues),
    },
  }));
}

function law({ reference, current, steps }: KsSteps): 'auto' | 'asymptotic' {
  const cells =
    Math.max(reference, current) * Math.min(Math.min(reference, current), (2 * steps) / Math.max(reference, current) + 1);
  return Math.max(reference, current) <= EXACT_MAX_ROWS && cells > MAX_LATTICE ? 'asymptotic' : 'auto';
}

function ks(row: ColumnRow, limit: number): Measurement['result'] {
  const sample = { reference: row.referenceValues, current: row.currentValues, steps: row.steps };
  const value = sample.steps / (sample.reference * sample.current);
  const pValue = ksPValue(sample, law(sample));
  return measured({ status: 'ok', value, pValue }, () => ({
    threshold: limit,
    finding: `distribution functions up to ${figure(value)} apart (limit ${figure(limit)}, ${chance(pValue)})`,
  }));
}

function nullRate(row: ColumnRow, limit: number): Measurement['result'] {
  const before = { hits: row.referenceRows - row.referenceValues, rows: row.referenceRows };
  const now = { hits: row.rows - row.currentValues, rows: row.rows };
  const found = proportionDifference(before, now);
  const size: Comparison = found.status === 'ok' ? { ...found, value: Math.abs(found.value) } : found;
  return measured(size, () => ({
    threshold: limit,
    finding: `${percent(now.hits / now.rows)} of its values missing, after ${percent(before.hits / before.rows)} (limit: a change of ${percent(limit)})`,
  }));
}

function newCategory(row: ColumnRow, limit: number): Measurement['result'] {
  const reference = { rows: row.referenceValues, singletons: row.singletons };
  const found = newCategoryShare(reference, { hits: row.newValues, rows: row.currentValues });
  return measured(found, ({ value }) => ({
    threshold: limit,
    finding: `${percent(value)} of its values new to the reference, which has ${count(row.categories)} different ones (limit ${percent(limit)})`,
  }));
}

function measured(
  found: Comparison,
  rest: (found: Extract<Comparison, { status: 'ok' }>) => Pick<MeasuredValue, 'threshold' | 'finding' | 'distribution'>,
): Measurement['result'] {
  if (found.status === 'not_computable') return found;
  return { ...found, referenceValue: null, ...rest(found) };
}

/** What the store has of a column. */
export interface ColumnFigures {
  /** Undefined where neither side has rows. */
  readonly row: ColumnRow | undefined;
  /** Why it was not computed at all. */
  readonly reason?: MeasurementReason;
}

/** What a column's figures say by each method. */
export function columnMeasurements(
  column: MeasuredColumn,
  figures: ColumnFigures,
  { limits, minimumRows }: Pick<DriftJobSpec, 'limits' | 'minimumRows'>,
): readonly Measurement[] {
  const found = figures.row ?? NO_ROWS;
  const values: Sizes = { rows: found.currentValues, referenceRows: found.referenceValues };
  const rows: Sizes = { rows: found.rows, referenceRows: found.referenceRows };
  const { targetKind, target, reference, window } = column;
  const isCategory = found.categories > 0 && found.categories <= MAX_CATEGORIES;
  const methods = [
    { method: 'psi', sizes: values, measure: () => psi(found, limits.psi) },
    { method: 'ks', sizes: values, measure: () => ks(found, limits.ks) },
    ...(targetKind === 'score'
      ? []
      : [{ method: 'null_rate', sizes: rows, measure: () => nullRate(found, limits.nullRate) } as const]),
    ...(targetKind === 'feature' && isCategory
      ? [{ method: 'new_category', sizes: values, measure: () => newCategory(found, limits.newCategory) } as const]
      : []),
  ] as const;
  return methods.map(({ method, sizes, measure }) => {
    const reason = figures.reason ?? tooFew(sizes, minimumRows);
    const result = reason === undefined ? measure() : ({ status: 'not_computable', reason } as const);
    return { targetKind, target, method, ...sizes, reference, measured: window, result };
  });
}
