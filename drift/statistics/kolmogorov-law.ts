import { binomialMass, stirlingError } from './binomial-law.ts';

/** A one-sample Kolmogorov-Smirnov statistic d, 0 to 1, of n values. */
interface OneSample {
  readonly n: number;
  readonly d: number;
}

const DURBIN_MAX_N = 140;
const DURBIN_MAX_BIG_N = 100_000;
/** n·d² from which the tail is twice the one-sided one, to double precision. */
const ONE_SIDED_FROM = { small: 4, big: 2.2 } as const;
const ZERO_FROM = 370;
const NEGLIGIBLE = 1e-18;

/**
 * P(D⁺ₙ ≥ d) = Σ_j binomial(j; n, d + j/n) · d / (d + j/n), j = 0 … ⌊n(1−d)⌋, from the largest terms outwards.
 * Source: Birnbaum & Tingey 1951; the terms written as binomial masses keep their digits at any n.
 */
function oneSidedUpperTail({ n, d }: OneSample): number {
  const last = Math.floor(n * (1 - d));
  const term = (j: number): number => {
    const p = d + j / n;
    return p >= 1 ? 0 : (binomialMass(j, { n, p }) * d) / p;
  };
  const middle = Math.round(last / 2);
  let sum = 0;
  for (const [from, step] of [
    [middle, -1],
    [middle + 1, 1],
  ] as const) {
    let previous = 0;
    for (let j = from; j >= 0 && j <= last; j += step) {
      const value = term(j);
      sum += value;
      if (value < previous && value < sum * NEGLIGIBLE) break;
      previous = value;
    }
  }
  return sum;
}

type Matrix = readonly Float64Array[];

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => rowProduct(row, b));
}

function rowProduct(row: Float64Array, matrix: Matrix): Float64Array {
  const out = new Float64Array(row.length);
  for (const [k, other] of matrix.entries()) {
    const factor = row[k] ?? 0;
    if (factor === 0) continue;
    for (let j = 0; j < out.length; j++) out[j] = (out[j] ?? 0) + factor * (other[j] ?? 0);
  }
  return out;
}

/** Durbin’s matrix for d = (k − h)/n, all divided by e: powers then neither overflow nor lose digits. */
function durbinMatrix({ n, d }: OneSample): { readonly k: number; readonly matrix: Matrix } {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const size = 2 * k - 1;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  const put = (i: number, j: number, value: number): void => {
    const row = matrix[i];
    if (row !== undefined) row[j] = value;
  };
  const inverse = [1];
  for (let i = 1; i <= size; i++) inverse.push((inverse[i - 1] ?? 0) / i);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= Math.min(i + 1, size - 1); j++) put(i, j, (inverse[i - j + 1] ?? 0) / Math.E);
  }
  for (let i = 0; i < size; i++) {
    const edge = ((1 - h ** (i + 1)) * (inverse[i + 1] ?? 0)) / Math.E;
    put(i, 0, edge);
    put(size - 1, size - 1 - i, edge);
  }
  const corner = 1 - 2 * h ** size + Math.max(0, 2 * h - 1) ** size;
  put(size - 1, 0, (corner * (inverse[size] ?? 0)) / Math.E);
  return { k, matrix };
}

/** P(Dₙ < d) = n!/nⁿ (Hⁿ)ₖₖ, exact. Source: Durbin 1973; Marsaglia, Tsang & Wang 2003 (J. Stat. Softw. 8/18). */
function durbinBelow({ n, d }: OneSample): number {
  const { k, matrix } = durbinMatrix({ n, d });
  let row = new Float64Array(matrix.length);
  row[k - 1] = 1;
  let power: Matrix = matrix;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) row = new Float64Array(rowProduct(row, power));
    if (rest > 1) power = product(power, power);
  }
  return (row[k - 1] ?? 0) * Math.sqrt(2 * Math.PI * n) * Math.exp(stirlingError(n));
}

/** The coefficients of q^(m²), m odd, in K₀ … K₃ at z = d√n. */
function pelzGoodCoefficients(z: number, m: number): readonly [number, number, number, number] {
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const [a, b, c] = [(Math.PI * m) ** 2 / 4, (Math.PI * m) ** 4 / 16, (Math.PI * m) ** 6 / 64];
  return [
    1,
    -z2 + a,
    6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * b,
    -30 * z6 - 90 * z8 + (135 * z4 - 96 * z6) * a + (212 * z4 - 60 * z2) * b + (5 - 30 * z2) * c,
  ];
}

/**
 * P(Dₙ < d) ≈ K₀ + K₁/√n + K₂/n + K₃/n^(3/2) at z = d√n, in the form that converges for small z. Source: Pelz & Good 1976
 * (J. R. Stat. Soc. B 38), in the arrangement of Simard & L’Ecuyer 2011 (J. Stat. Softw. 39/11).
 */
function pelzGoodBelow({ n, d }: OneSample): number {
  const z = Math.sqrt(n) * d;
  const q = Math.exp(-(Math.PI ** 2) / 8 / z ** 2);
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  const extra: [number, number] = [0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k--) {
    const m = 2 * k - 1;
    const weight = q ** (m * m);
    for (const [order, coefficient] of pelzGoodCoefficients(z, m).entries()) {
      sums[order as 0 | 1 | 2 | 3] += coefficient * weight;
    }
    const square = (Math.PI * k) ** 2;
    const even = q ** (4 * k * k) * square;
    extra[0] += even;
    extra[1] += even * (3 * z * z - square);
  }
  const root = Math.sqrt(2 * Math.PI);
  const k0 = (sums[0] * root) / z;
  const k1 = (sums[1] * root) / (6 * z ** 4);
  const k2 = (sums[2] * root) / (72 * z ** 7) - (extra[0] * root) / (36 * z ** 3);
  const k3 = (sums[3] * root) / (6480 * z ** 10) + (extra[1] * root) / (216 * z ** 6);
  return k0 + k1 / Math.sqrt(n) + k2 / n + k3 / n ** 1.5;
}

/** Where a closed form holds (Ruben & Gambino 1982): d up to 1/n, and from 1 − 1/n; and where a double has only 0 left. */
function closedForm({ n, d }: OneSample): number | undefined {
  const t = n * d;
  if (d >= 1 || (n > DURBIN_MAX_N && t * d >= ZERO_FROM)) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - Math.sqrt(2 * Math.PI * n) * Math.exp(stirlingError(n) + n * (Math.log(2 * t - 1) - 1));
  return t >= n - 1 ? 2 * (1 - d) ** n : undefined;
}

/**
 * P(Dₙ ≥ d) of the two-sided one-sample Kolmogorov-Smirnov statistic of n ≥ 1 values (SciPy’s `kstwo.sf`), to about 1e-10 relative:
 * closed forms, twice the one-sided tail, Durbin’s matrix or Pelz-Good, chosen as Simard & L’Ecuyer 2011 choose.
 */
export function kolmogorovUpperTail({ n, d }: OneSample): number {
  const known = closedForm({ n, d });
  if (known !== undefined) return Math.min(1, Math.max(0, known));
  const square = n * d * d;
  const from = n <= DURBIN_MAX_N ? ONE_SIDED_FROM.small : ONE_SIDED_FROM.big;
  if (d >= 0.5 || square >= from) return Math.min(1, 2 * oneSidedUpperTail({ n, d }));
  const isExact = n <= DURBIN_MAX_N || (n <= DURBIN_MAX_BIG_N && n * d ** 1.5 <= 1.4);
  return Math.min(1, Math.max(0, 1 - (isExact ? durbinBelow({ n, d }) : pelzGoodBelow({ n, d }))));
}
