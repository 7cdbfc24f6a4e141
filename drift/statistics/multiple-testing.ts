/**
 * p-values adjusted for their number (Benjamini-Hochberg): with those up to a level rejected, the expected share of false ones
 * among them is at most that level. In the order given; statsmodels’ `fdr_bh`. Source: Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57).
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const descending = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => b.pValue - a.pValue);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [position, { pValue, index }] of descending.entries()) {
    least = Math.min(least, pValue * (pValues.length / (pValues.length - position)));
    adjusted[index] = least;
  }
  return adjusted;
}
