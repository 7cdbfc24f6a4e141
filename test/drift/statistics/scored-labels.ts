import fc from 'fast-check';
import type { ScoredLabels } from '#drift';

/** Rows of labels and probabilities on a coarse grid, so that ties are common. */
export const scoredLabels: fc.Arbitrary<ScoredLabels> = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: 0, max: 12 }).map((step) => step / 12) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => ({ labels: rows.map(({ label }) => label), scores: rows.map(({ score }) => score) }));

/** The value of a statistic; NaN where there is none. */
export function valueOf(statistic: { readonly status: string; readonly value?: number }): number {
  return statistic.value ?? Number.NaN;
}
