import { checkScores, computed, notComputable, rowAt, type ScoredLabels, type Statistic } from './statistic.ts';

function splitByLabel(rows: ScoredLabels): { readonly positives: Float64Array; readonly negatives: Float64Array } {
  const byLabel: [number[], number[]] = [[], []];
  for (let row = 0; row < rows.labels.length; row++) {
    const { label, score } = rowAt(rows, row);
    byLabel[label === 1 ? 1 : 0].push(score);
  }
  return { negatives: Float64Array.from(byLabel[0]).sort(), positives: Float64Array.from(byLabel[1]).sort() };
}

/** From `start`, the first index whose value is not under (or, with `throughTies`, above) the bound. */
function advance(sorted: Float64Array, start: number, bound: { readonly value: number; readonly throughTies: boolean }): number {
  let index = start;
  for (; index < sorted.length; index++) {
    const value = sorted[index] ?? Number.POSITIVE_INFINITY;
    if (value > bound.value || (value === bound.value && !bound.throughTies)) break;
  }
  return index;
}

/**
 * Area under the ROC curve: the share of (positive, negative) pairs that the score puts in order, tied scores at half;
 * AUC = (Σ over positives of (negatives under it + ½ · negatives tied with it)) / (positives · negatives). O(n log n).
 * Not computable without both classes. Source: Hanley & McNeil 1982 (Radiology 143), the Mann–Whitney U statistic.
 */
export function auc(rows: ScoredLabels): Statistic {
  checkScores(rows);
  if (rows.labels.length === 0) return notComputable('no_rows');
  const { positives, negatives } = splitByLabel(rows);
  if (positives.length === 0 || negatives.length === 0) return notComputable('one_class');
  let under = 0;
  let upTo = 0;
  let orderedPairsTwice = 0;
  for (const value of positives) {
    under = advance(negatives, under, { value, throughTies: false });
    upTo = advance(negatives, Math.max(upTo, under), { value, throughTies: true });
    orderedPairsTwice += under + upTo;
  }
  return computed(orderedPairsTwice / 2 / (positives.length * negatives.length));
}
