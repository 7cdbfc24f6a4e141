import { type Comparison, compared, emptySide, notCompared } from './comparison.ts';
import { normalUpperTail } from './normal-law.ts';

/** How many of some rows have a property. */
export interface Proportion {
  readonly hits: number;
  readonly rows: number;
}

/** (current − reference) / √(P(1 − P)(1/n + 1/m)), P the share of both together; 0 where all rows agree. */
function pooledZ(reference: Proportion, current: Proportion): number {
  const pooled = (reference.hits + current.hits) / (reference.rows + current.rows);
  const variance = pooled * (1 - pooled) * (1 / reference.rows + 1 / current.rows);
  return variance === 0 ? 0 : (current.hits / current.rows - reference.hits / reference.rows) / Math.sqrt(variance);
}

/**
 * Difference of two shares, current − reference, −1 to 1, with the two-sided p-value of the pooled z-test. Not computable with an
 * empty side. Source: Fleiss 1981, Statistical Methods for Rates and Proportions, ch. 2 (without continuity correction).
 */
export function proportionDifference(reference: Proportion, current: Proportion): Comparison {
  const reason = emptySide({ reference: reference.rows, current: current.rows });
  if (reason !== undefined) return notCompared(reason);
  const difference = current.hits / current.rows - reference.hits / reference.rows;
  return compared(difference, Math.min(1, 2 * normalUpperTail(Math.abs(pooledZ(reference, current)))));
}

/** A reference’s categories: its rows, and how many of its values came only once. */
export interface ReferenceCategories {
  readonly rows: number;
  readonly singletons: number;
}

/**
 * Share of rows whose value the reference does not have, 0 to 1, with the one-sided p-value of the pooled z-test against what a
 * reference of this size must miss: (singletons + 1) / (rows + 1), Good and Turing’s estimate, never 0. Source: Good 1953 (Biometrika 40).
 */
export function newCategoryShare(reference: ReferenceCategories, current: Proportion): Comparison {
  const reason = emptySide({ reference: reference.rows, current: current.rows });
  if (reason !== undefined) return notCompared(reason);
  const unseen = { hits: reference.singletons + 1, rows: reference.rows + 1 };
  return compared(current.hits / current.rows, normalUpperTail(pooledZ(unseen, current)));
}
