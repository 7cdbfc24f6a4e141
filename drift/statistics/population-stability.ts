import { type Comparison, cleaned, compared, emptySide, notCompared, type TwoSamples } from './comparison.ts';
import { chiSquareUpperTail } from './normal-law.ts';

/** Counts by bin of a reference and a window, in the same bins. */
export interface BinCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Columns of text or numbers, as Evidently bins them; null, NaN and infinities stand for missing values. */
export interface TwoColumns {
  readonly reference: readonly (string | number | null)[];
  readonly current: readonly (string | number | null)[];
}

/** A numeric reference with more different values than this is binned by width; up to it, each value is a category. */
const EVIDENTLY_MAX_CATEGORIES = 20;
const EVIDENTLY_FILL = 0.0001;
const EVIDENTLY_SMALL_FILL = 1e-6;

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function stability(reference: readonly number[], current: readonly number[]): number {
  return reference.reduce((sum, share, bin) => {
    const other = current[bin] ?? share;
    return sum + (share - other) * Math.log(share / other);
  }, 0);
}

/** How many values lie in each of the bins (−∞, e1), [e1, e2) … [ek, ∞); `sorted` in ascending order. */
export function binCounts(sorted: Float64Array, edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value >= (edges[bin] ?? 0)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/**
 * Edges of Evidently 0.7 (NumPy’s `sturges` over both samples): k = ⌈log2 N + 1⌉ bins of equal width, k + 1 edges from the
 * smallest value to the largest. Bins are closed on the left, the last one on both sides.
 */
export function sturgesEdges({
  from,
  to,
  rows,
}: {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}): number[] {
  const [first, last] = from === to ? [from - 0.5, to + 0.5] : [from, to];
  const width = (to - from) / (Math.log2(rows) + 1);
  const bins = width === 0 ? 1 : Math.ceil((last - first) / width);
  const step = (last - first) / bins;
  return Array.from({ length: bins + 1 }, (_none, i) => (i === bins ? last : i * step + first));
}

function filled(counts: readonly number[]): readonly number[] {
  const rows = total(counts);
  const shares = counts.map((count) => count / rows);
  const least = Math.min(...shares.filter((share) => share > 0));
  const fill = least <= EVIDENTLY_FILL ? least * EVIDENTLY_SMALL_FILL : EVIDENTLY_FILL;
  return shares.map((share) => (share === 0 ? fill : share));
}

function isPresent(value: string | number | null): value is string | number {
  return typeof value === 'string' || (value !== null && Number.isFinite(value));
}

function countCategories(values: readonly (string | number)[]): ReadonlyMap<string | number, number> {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Counts in the bins that Evidently 0.7 chooses (`get_binned_data`); both sides have values. */
export function evidentlyBins(columns: TwoColumns): BinCounts {
  const reference = columns.reference.filter(isPresent);
  const current = columns.current.filter(isPresent);
  const [categories, others] = [countCategories(reference), countCategories(current)];
  const isNumeric = reference.every((value) => typeof value === 'number');
  if (!isNumeric || categories.size <= EVIDENTLY_MAX_CATEGORIES) {
    const keys = [...new Set([...categories.keys(), ...others.keys()])];
    return { reference: keys.map((key) => categories.get(key) ?? 0), current: keys.map((key) => others.get(key) ?? 0) };
  }
  const [left, right] = [cleaned(reference), cleaned(current.map(Number))];
  const from = Math.min(left[0] ?? 0, right[0] ?? 0);
  const to = Math.max(left.at(-1) ?? 0, right.at(-1) ?? 0);
  const inner = sturgesEdges({ from, to, rows: left.length + right.length }).slice(1, -1);
  return { reference: binCounts(left, inner), current: binCounts(right, inner) };
}

/**
 * Population stability index, definition psi@evidently-0.7: Σ (p − q) ln(p/q) over {@link evidentlyBins}, 0 and up. An empty bin’s
 * share becomes 0.0001 on its side, or a millionth of that side’s least share where that is no larger than 0.0001. No p-value.
 */
export function psiEvidently(columns: TwoColumns): Comparison {
  const rows = {
    reference: columns.reference.filter(isPresent).length,
    current: columns.current.filter(isPresent).length,
  };
  const reason = emptySide(rows);
  if (reason !== undefined) return notCompared(reason);
  const { reference, current } = evidentlyBins(columns);
  return compared(stability(filled(reference), filled(current)));
}

/**
 * Inner edges by tenths of a reference in ascending order: its values at ⌊n·i/10⌋, i = 1 … 9, each once. A value that is a tenth
 * twice over gets a bin of its own: the next larger one is an edge, too. None for a constant reference.
 */
export function tenthEdges(sorted: Float64Array): readonly number[] {
  const tenths = Array.from({ length: 9 }, (_none, i) => sorted[Math.trunc(((i + 1) / 10) * sorted.length)] ?? Number.NaN);
  const edges = new Set<number>();
  for (const [i, value] of tenths.entries()) {
    edges.add(value);
    if (value !== tenths[i - 1]) continue;
    const next = sorted.find((other) => other > value);
    if (next !== undefined) edges.add(next);
  }
  return [...edges].filter((edge) => edge > (sorted[0] ?? Number.NaN)).sort((a, b) => a - b);
}

const smoothed = (counts: readonly number[]): readonly number[] =>
  counts.map((count) => (count + 0.5) / (total(counts) + counts.length / 2));

/**
 * Population stability index of counts by bin, definition psi@tenths: Σ (p − q) ln(p/q), p and q the shares after half a row was
 * added to each bin (an empty bin of a small window is then no infinity). Without drift, PSI / (1/n + 1/m) follows the chi-square
 * law of bins − 1 degrees: its mean is (bins − 1)(1/n + 1/m), 0.1 for tenths of 90 rows; the p-value is that law’s upper tail.
 * Source: B. Yurdakul 2018, Statistical Properties of Population Stability Index, ch. 3.
 */
export function psiOfCounts({ reference, current }: BinCounts): Comparison {
  const rows = { reference: total(reference), current: total(current) };
  const reason = emptySide(rows);
  if (reason !== undefined) return notCompared(reason);
  if (reference.length < 2) return notCompared('constant');
  const value = stability(smoothed(reference), smoothed(current));
  return compared(value, chiSquareUpperTail(value / (1 / rows.reference + 1 / rows.current), reference.length - 1));
}

/** {@link psiOfCounts} by {@link tenthEdges} of the cleaned reference: psi@tenths. */
export function psiTenths(samples: TwoSamples): Comparison {
  const [reference, current] = [cleaned(samples.reference), cleaned(samples.current)];
  const edges = tenthEdges(reference);
  return psiOfCounts({ reference: binCounts(reference, edges), current: binCounts(current, edges) });
}
