import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binMatrix } from '../../../../drift/retraining/boosting/bins.ts';
import { createHistogram, fillHistogram, subtractHistogram } from '../../../../drift/retraining/boosting/histogram.ts';
import { derivedRows } from '../../derived-rows.ts';

it('a parent’s histogram less that of one child is that of the other, bit for bit', () => {
  fc.assert(
    fc.property(derivedRows, fc.func(fc.boolean()), (derived, isLeft) => {
      const binned = binMatrix(derived.matrix, 255);
      const rows = [...derived.gradients.keys()];
      const [parent, left, right] = [rows, rows.filter((row) => isLeft(row)), rows.filter((row) => !isLeft(row))].map((of) => {
        const histogram = createHistogram(binned);
        fillHistogram(histogram, { binned, rows: Int32Array.from(of), ...derived });
        return histogram;
      });
      if (parent === undefined || left === undefined || right === undefined) throw new Error('three histograms');
      subtractHistogram(parent, left);
      expect(parent).toEqual(right);
    }),
  );
});
