import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy } from '#drift';
import { scoredLabels, valueOf } from './scored-labels.ts';

describe('accuracy', () => {
  it('counts a score of exactly 0.5 as positive', () => {
    expect(accuracy({ labels: [1, 0, 1, 0], scores: [0.5, 0.5, 0.9, 0.1] })).toEqual({ status: 'ok', value: 0.75 });
  });

  it('is the complement of the accuracy against the opposite labels', () => {
    fc.assert(
      fc.property(scoredLabels, ({ labels, scores }) => {
        const opposite = Array.from(labels, (label) => 1 - label);
        expect(valueOf(accuracy({ labels, scores })) + valueOf(accuracy({ labels: opposite, scores }))).toBeCloseTo(1, 12);
      }),
    );
  });

  it('says that nothing comes of no rows', () => {
    expect(accuracy({ labels: [], scores: [] })).toEqual({ status: 'not_computable', reason: 'no_rows' });
  });
});
