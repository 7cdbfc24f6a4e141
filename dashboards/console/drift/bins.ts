import { formatValue } from '../words/numbers.ts';

/** A bin in words: under 2, 2 to under 5, 5 and more. `edges` are the inner ones; without any, all values are one bin. */
export function binName(edges: readonly number[], bin: number): string {
  const low = edges[bin - 1];
  const high = edges[bin];
  if (low === undefined) return high === undefined ? 'all values' : `under ${formatValue(high)}`;
  return high === undefined ? `${formatValue(low)} and more` : `${formatValue(low)} to under ${formatValue(high)}`;
}
