import { describe, expect, it } from 'vitest';
import { type ModelInput, prepareMatrix, prepareValue } from '../../../drift/retraining/preprocessing.ts';

const plain: ModelInput = { feature: 'v.a', transform: 'none', missing: -1 };
const logged: ModelInput = { feature: 'v.b', transform: 'log1p', missing: 3 };

describe('prepareValue', () => {
  it.each([
    { name: 'a value as it is', input: plain, value: 2.5, prepared: 2.5 },
    { name: 'a missing value', input: plain, value: Number.NaN, prepared: -1 },
    { name: 'the logarithm of a value', input: logged, value: Math.E - 1, prepared: 1 },
    { name: 'a missing value before its logarithm', input: logged, value: Number.NaN, prepared: Math.log(4) },
    { name: 'a negative value as zero under the logarithm', input: logged, value: -7, prepared: 0 },
  ])('gives $name', ({ input, value, prepared }) => {
    expect(prepareValue(input, value)).toBeCloseTo(prepared, 12);
  });

  it('keeps columns apart', () => {
    const values = Float32Array.from([1, 0, Number.NaN, Number.NaN]);
    expect([...prepareMatrix([plain, logged], { values, rowCount: 2, columnCount: 2 })]).toEqual([1, 0, -1, Math.log(4)]);
  });

  it('throws on rows of another width', () => {
    const matrix = { values: new Float32Array(4), rowCount: 2, columnCount: 2 };
    expect(() => prepareMatrix([plain], matrix)).toThrow(expect.objectContaining({ code: 'DRIFT_MODEL_SHAPE' }));
  });
});
