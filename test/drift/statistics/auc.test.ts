import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, type ScoredLabels } from '#drift';
import { scoredLabels } from './scored-labels.ts';

function bruteForce({ labels, scores }: ScoredLabels): number | undefined {
  let pairs = 0;
  let ordered = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let k = 0; k < labels.length; k++) {
      if (labels[i] !== 1 || labels[k] !== 0) continue;
      pairs++;
      ordered += (Number((scores[i] ?? 0) >= (scores[k] ?? 0)) + Number((scores[i] ?? 0) > (scores[k] ?? 0))) / 2;
    }
  }
  return pairs === 0 ? undefined : ordered / pairs;
}

describe('auc', () => {
  it.each([
    { name: 'perfect order', labels: [0, 0, 1, 1], scores: [0.1, 0.2, 0.3, 0.4], value: 1 },
    { name: 'reversed order', labels: [1, 1, 0, 0], scores: [0.1, 0.2, 0.3, 0.4], value: 0 },
    { name: 'all tied', labels: [1, 0, 1, 0], scores: [0.5, 0.5, 0.5, 0.5], value: 0.5 },
    { name: "scikit-learn's example", labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8], value: 0.75 },
    { name: 'zeroes of both signs tie', labels: [0, 1], scores: [0, -0], value: 0.5 },
  ])('gives the known value: $name', ({ labels, scores, value }) => {
    expect(auc({ labels, scores })).toEqual({ status: 'ok', value });
  });

  it('equals the brute-force count of pairs, ties at half', () => {
    fc.assert(
      fc.property(scoredLabels, (rows) => {
        const expected = bruteForce(rows);
        const found = auc(rows);
        if (expected === undefined) expect(found).toEqual({ status: 'not_computable', reason: 'one_class' });
        else expect(found).toEqual({ status: 'ok', value: expect.closeTo(expected, 12) });
      }),
    );
  });

  it('does not change under strictly increasing transforms of the scores', () => {
    fc.assert(
      fc.property(scoredLabels, ({ labels, scores }) => {
        const transformed = Array.from(scores, (score) => Math.exp(3 * score) - 100);
        expect(auc({ labels, scores: transformed })).toEqual(auc({ labels, scores }));
      }),
    );
  });

  it('becomes its complement when the labels are swapped', () => {
    fc.assert(
      fc.property(scoredLabels, ({ labels, scores }) => {
        const one = auc({ labels, scores });
        const other = auc({ labels: Array.from(labels, (label) => 1 - label), scores });
        expect(other.status).toBe(one.status);
        if (one.status === 'ok' && other.status === 'ok') expect(one.value + other.value).toBeCloseTo(1, 12);
      }),
    );
  });

  it('says why there is no value', () => {
    expect(auc({ labels: [], scores: [] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
    expect(auc({ labels: [1, 1], scores: [0.1, 0.2] })).toEqual({ status: 'not_computable', reason: 'one_class' });
  });

  it('sorts a hundred thousand rows rather than comparing pairs', () => {
    const n = 100_000;
    const scores = Float64Array.from({ length: n }, (_, row) => ((row * 7919) % n) / n);
    const labels = Uint8Array.from(scores, (score, row) => Number(score > 0.5 !== (row % 10 === 0)));
    expect(auc({ labels, scores })).toMatchObject({ status: 'ok' });
  }, 2_000);

  it.each([
    { name: 'a label that is neither 0 nor 1', labels: [2], scores: [0.5] },
    { name: 'a score that is not finite', labels: [1], scores: [Number.NaN] },
    { name: 'columns of unequal length', labels: [1, 0], scores: [0.5] },
  ])('throws on $name', ({ labels, scores }) => {
    expect(() => auc({ labels, scores })).toThrow(expect.objectContaining({ code: 'DRIFT_STATISTIC_INPUT' }));
  });
});
