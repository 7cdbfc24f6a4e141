const SERIES_LIMIT = 2;
const EPSILON = 2 ** -54;
const MAX_TERMS = 500;

/** erf(x) = 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (2n+1)!!: every term positive, so nothing cancels. Abramowitz & Stegun 7.1.6. */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < MAX_TERMS && term > sum * EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Continued fraction of erfc for large x, from its end: e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))). Abramowitz & Stegun 7.1.14. */
function erfcByFraction(x: number): number {
  let below = x;
  for (let k = 120; k >= 1; k--) below = x + k / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}

/** Complementary error function, to about 1e-13 relative also far out; 0 to 2. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < SERIES_LIMIT ? 1 - erfBySeries(x) : erfcByFraction(x);
}

/** Chance that a standard normal variable is over z: 1 − Φ(z). */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/**
 * Chance that a chi-square variable with `degrees` ≥ 1 degrees of freedom is at least x ≥ 0: the finite sums that the regularised
 * gamma function has at whole and half orders. Source: Abramowitz & Stegun 26.4.4 and 26.4.5.
 */
export function chiSquareUpperTail(x: number, degrees: number): number {
  const half = x / 2;
  const isEven = degrees % 2 === 0;
  let sum = isEven ? 0 : erfc(Math.sqrt(half));
  let term = isEven ? Math.exp(-half) : Math.exp(-half) * Math.sqrt((4 * half) / Math.PI);
  for (let order = isEven ? 1 : 1.5; order <= degrees / 2; order++) {
    sum += term;
    term *= half / order;
  }
  return Math.min(1, sum);
}
