import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationError, type ScoredLabels } from '#drift';
import { scoredLabels, valueOf } from './scored-labels.ts';

/** Word for word from the definition: weight of the bin times |accuracy − confidence|. */
function byDefinition({ labels, scores }: ScoredLabels): number {
  const rows = Array.from(labels, (label, row) => ({ label, score: scores[row] ?? 0 }));
  let total = 0;
  for (let bin = 0; bin < 10; bin++) {
    const inBin = rows.filter(({ score }) => score * 10 >= bin && (score * 10 < bin + 1 || bin === 9));
    if (inBin.length === 0) continue;
    const mean = (of: 'label' | 'score') => inBin.reduce((sum, row) => sum + row[of], 0) / inBin.length;
    total += (inBin.length / rows.length) * Math.abs(mean('label') - mean('score'));
  }
  return total;
}

describe('calibrationError', () => {
  it('is what the definition says', () => {
    fc.assert(
      fc.property(scoredLabels, (rows) => {
        expect(valueOf(calibrationError(rows))).toBeCloseTo(byDefinition(rows), 12);
      }),
    );
  });

  it.each([
    { name: 'shares equal to the scores', labels: [1, 0, 0, 0], scores: [0.25, 0.25, 0.25, 0.25], value: 0 },
    { name: 'certainty that was wrong', labels: [0, 1], scores: [1, 0], value: 1 },
    { name: 'opposite errors in two bins do not cancel', labels: [1, 0], scores: [0.55, 0.45], value: 0.45 },
  ])('gives the known value: $name', ({ labels, scores, value }) => {
    expect(valueOf(calibrationError({ labels, scores }))).toBeCloseTo(value, 12);
  });

  it('says that nothing comes of no rows', () => {
    expect(calibrationError({ labels: [], scores: [] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
  });
});
