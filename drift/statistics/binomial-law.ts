const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln n! − ln √(2πn) − n ln n + n for n = 0 … 15, from exact factorials; the first is a convention that is never used. */
const SMALL_ERRORS = Array.from({ length: 16 }, (_none, n) => {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return n === 0 ? 0 : Math.log(factorial) - HALF_LOG_TWO_PI - (n + 0.5) * Math.log(n) + n;
});

/** What Stirling’s formula lacks of ln n!: 1/(12n) − 1/(360n³) + 1/(1260n⁵) − … */
export function stirlingError(n: number): number {
  const small = SMALL_ERRORS[n];
  if (small !== undefined) return small;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x ln(x/m) + m − x without the loss of digits near x = m: with v = (x−m)/(x+m), (x−m)·v + 2x Σ v^(2j+1)/(2j+1). */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let power = 2 * x * v;
  for (let j = 3; j < 1000; j += 2) {
    power *= v * v;
    const next = sum + power / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/**
 * Chance of k successes in n trials, C(n,k) p^k (1−p)^(n−k), to about 1e-14 relative for any n. Source: C. Loader 2000,
 * Fast and Accurate Computation of Binomial Probabilities (saddle-point form).
 */
export function binomialMass(k: number, { n, p }: { readonly n: number; readonly p: number }): number {
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const logRatio = stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(logRatio) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}
