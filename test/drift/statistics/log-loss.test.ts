import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLoss } from '#drift';
import { scoredLabels, valueOf } from './scored-labels.ts';

describe('logLoss', () => {
  it.each([
    { name: 'a coin', labels: [0, 1], scores: [0.5, 0.5], value: Math.LN2 },
    { name: "scikit-learn's example", labels: [1, 0, 0, 1], scores: [0.9, 0.1, 0.2, 0.65], value: 0.21616187468057912 },
    { name: 'a certain mistake costs −ln 1e-15', labels: [1], scores: [0], value: 34.538776394910684 },
    { name: 'certainty that was right costs nothing', labels: [1, 0], scores: [1, 0], value: 1e-15 },
  ])('gives the known value: $name', ({ labels, scores, value }) => {
    expect(valueOf(logLoss({ labels, scores }))).toBeCloseTo(value, 12);
  });

  it('is never under the entropy of the base rate for a constant score, and least at the base rate', () => {
    fc.assert(
      fc.property(scoredLabels, fc.double({ min: 0, max: 1, noNaN: true }), ({ labels }, score) => {
        const rate = Array.from(labels).reduce((sum, label) => sum + label, 0) / labels.length;
        const constant = (value: number) => valueOf(logLoss({ labels, scores: Array.from(labels, () => value) }));
        expect(constant(score)).toBeGreaterThanOrEqual(constant(rate) - 1e-12);
      }),
    );
  });

  it('says that nothing comes of no rows, and refuses scores that are no probabilities', () => {
    expect(logLoss({ labels: [], scores: [] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
    expect(() => logLoss({ labels: [1], scores: [1.5] })).toThrow(expect.objectContaining({ code: 'DRIFT_STATISTIC_INPUT' }));
  });
});
