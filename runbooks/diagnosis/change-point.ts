/** A bucket of a series: a mean (or a share) and how much it rests on. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
  readonly weight: number;
}

/** Where a series steps, and its weighted means on both sides. */
export interface Step {
  /** Index of the first point after it. */
  readonly index: number;
  readonly atMs: number;
  readonly before: number;
  readonly after: number;
  readonly beforeWeight: number;
  readonly afterWeight: number;
}

export interface StepSearch {
  readonly direction: 'up' | 'down';
  /** Less weight on a side is no side. */
  readonly minimumWeight: number;
}

/**
 * The one step that explains most of a series' variance: of all places where it can be cut in two, the one with the largest sum of
 * squares between the sides (least squares, one change; Hinkley, Biometrika 57, 1970). undefined where no cut goes the wanted way.
 */
export function findStep(points: readonly Point[], { direction, minimumWeight }: StepSearch): Step | undefined {
  const weight = points.reduce((sum, point) => sum + point.weight, 0);
  const total = points.reduce((sum, point) => sum + point.weight * point.value, 0);
  let [beforeWeight, beforeTotal, gain] = [0, 0, 0];
  let best: Step | undefined;
  for (const [index, point] of points.entries()) {
    const afterWeight = weight - beforeWeight;
    if (beforeWeight >= minimumWeight && afterWeight >= minimumWeight && point.weight > 0) {
      const before = beforeTotal / beforeWeight;
      const after = (total - beforeTotal) / afterWeight;
      const isWanted = direction === 'up' ? after > before : after < before;
      const between = ((beforeWeight * afterWeight) / weight) * (after - before) ** 2;
      if (isWanted && between > gain) {
        gain = between;
        best = { index, atMs: point.atMs, before, after, beforeWeight, afterWeight };
      }
    }
    beforeWeight += point.weight;
    beforeTotal += point.weight * point.value;
  }
  return best;
}

/** How many standard errors two shares are apart (pooled, two-sided z). */
export function shareDistance({ before, after, beforeWeight, afterWeight }: Omit<Step, 'index' | 'atMs'>): number {
  const pooled = (before * beforeWeight + after * afterWeight) / (beforeWeight + afterWeight);
  const variance = Math.max(pooled * (1 - pooled), 1e-6) * (1 / beforeWeight + 1 / afterWeight);
  return Math.abs(after - before) / Math.sqrt(variance);
}

/** 0 up to `from`, 1 from `to` on, straight between. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
