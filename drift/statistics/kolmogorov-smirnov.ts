import { type Comparison, cleaned, compared, emptySide, notCompared, type TwoSamples } from './comparison.ts';
import { kolmogorovUpperTail } from './kolmogorov-law.ts';

/** Which law gives the p-value: `auto` is exact up to {@link EXACT_MAX_ROWS} rows on either side, as SciPy chooses. */
export type KsLaw = 'auto' | 'exact' | 'asymptotic';

/** A two-sample statistic as whole numbers: D = steps / (reference · current), with the sizes of both samples. */
export interface KsSteps {
  readonly reference: number;
  readonly current: number;
  /** max |(reference values ≤ x) · current − (current values ≤ x) · reference| over all x. */
  readonly steps: number;
}

export const EXACT_MAX_ROWS = 10_000;
/** SciPy leaves the exact law where the least common multiple of the sizes is over this. */
const MAX_MULTIPLE = 2 ** 31 - 1;

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** P(Dₙₙ ≥ h/n) = 2 Σ (−1)^(k−1) C(2n, n−kh) / C(2n, n), nested so that nothing cancels. Source: Gnedenko & Korolyuk 1951. */
function equalSizesTail(n: number, h: number): number {
  let inner = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - k * h - j) / (n + k * h + j + 1);
    inner = ratio * (1 - inner);
  }
  return 2 * inner;
}

interface Lattice {
  readonly large: number;
  readonly small: number;
  /** Sizes without their common divisor, and D in units of 1 / (their common multiple). */
  readonly largeStep: number;
  readonly smallStep: number;
  readonly h: number;
}

/** Steps of `small` that stay strictly within h of the diagonal, when `i` steps of `large` were made: [from, to). */
function band({ small, largeStep, smallStep, h }: Lattice, i: number): readonly [from: number, to: number] {
  return [
    Math.min(small, Math.max(0, Math.floor((smallStep * i - h) / largeStep) + 1)),
    Math.min(small + 1, Math.ceil((smallStep * i + h) / largeStep)),
  ];
}

/**
 * Share of the lattice paths from (0, 0) to (large, small) that leave the band, column by column; shares outside it are 1, so the
 * column needs to be kept only within. Source: Hodges 1958 (Ark. Mat. 3), in SciPy’s arrangement of it.
 */
function latticeTail(lattice: Lattice): number {
  const shares = new Float64Array(lattice.small + 2).fill(1);
  let [from, to] = band(lattice, 0);
  shares.fill(0, from, to);
  for (let i = 1; i <= lattice.large; i++) {
    const [nextFrom, nextTo] = band(lattice, i);
    if (nextTo <= nextFrom) return 1;
    shares.fill(1, from, nextFrom);
    let below = nextFrom === 0 ? 0 : 1;
    for (let j = nextFrom; j < nextTo; j++) {
      below = ((shares[j] ?? 1) * i + below * j) / (i + j);
      shares[j] = below;
    }
    [from, to] = [nextFrom, nextTo];
  }
  return shares[to - 1] ?? 1;
}

function exactTail({ reference, current, steps }: KsSteps): number {
  const divisor = greatestDivisor(reference, current);
  const h = Math.round(steps / divisor);
  if (h === 0) return 1;
  if (reference === current) return equalSizesTail(reference, h);
  const [large, small] = reference > current ? [reference, current] : [current, reference];
  return latticeTail({ large, small, largeStep: large / divisor, smallStep: small / divisor, h });
}

function isExact({ reference, current }: KsSteps, law: KsLaw): boolean {
  if (law !== 'exact') return law === 'auto' && Math.max(reference, current) <= EXACT_MAX_ROWS;
  return (reference / greatestDivisor(reference, current)) * current < MAX_MULTIPLE;
}

/**
 * Two-sided p-value of a two-sample Kolmogorov-Smirnov statistic (ks@scipy-1.14): exact by lattice paths, or asymptotic as the
 * one-sample law at ⌊nm/(n+m)⌉ values. Both samples must have values.
 */
export function ksPValue(sample: KsSteps, law: KsLaw = 'auto'): number {
  if (isExact(sample, law)) {
    const exact = exactTail(sample);
    // A share outside 0 to 1 is what rounding makes of it; SciPy then leaves the exact law, too.
    if (exact >= 0 && exact <= 1) return exact;
  }
  const { reference, current, steps } = sample;
  // Half to even, as NumPy rounds.
  const size = (reference * current) / (reference + current);
  const rounded = size % 1 === 0.5 ? 2 * Math.round(size / 2) : Math.round(size);
  return kolmogorovUpperTail({ n: rounded, d: steps / (reference * current) });
}

/** The largest step between two samples in ascending order; ties are passed on both sides before the difference is taken. */
function largestStep(reference: Float64Array, current: Float64Array): number {
  let [i, j, steps] = [0, 0, 0];
  while (i < reference.length && j < current.length) {
    const value = Math.min(reference[i] ?? 0, current[j] ?? 0);
    while (i < reference.length && reference[i] === value) i++;
    while (j < current.length && current[j] === value) j++;
    steps = Math.max(steps, Math.abs(i * current.length - j * reference.length));
  }
  return steps;
}

/**
 * Two-sample Kolmogorov-Smirnov test, definition ks@scipy-1.14 (`ks_2samp`, two-sided) on cleaned values: D = max |F_r − F_c|, ties
 * collapsed, 0 to 1, with its p-value. Not computable with an empty side. Source: Smirnov 1939; Hodges 1958.
 */
export function kolmogorovSmirnov(samples: TwoSamples, law: KsLaw = 'auto'): Comparison {
  const [reference, current] = [cleaned(samples.reference), cleaned(samples.current)];
  const reason = emptySide({ reference: reference.length, current: current.length });
  if (reason !== undefined) return notCompared(reason);
  const sample = { reference: reference.length, current: current.length, steps: largestStep(reference, current) };
  return compared(sample.steps / (sample.reference * sample.current), ksPValue(sample, law));
}
