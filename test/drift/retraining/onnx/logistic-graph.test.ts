import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type LogisticModel, predictProbabilities } from '../../../../drift/retraining/logistic-model.ts';
import { writeLogisticModel } from '../../../../drift/retraining/onnx/logistic-graph.ts';
import { OnnxRunner } from '../../onnx-runner.ts';
import { messagesOf, metadataPropsOf, numbersOf, readMessage, textsOf } from './protobuf-reader.ts';

const MODEL: LogisticModel = {
  inputs: [
    { feature: 'v.a', transform: 'log1p', missing: 3 },
    { feature: 'v.b', transform: 'none', missing: -1 },
  ],
  intercept: -0.3,
  coefficients: [0.7, -1.2],
};
const OPTIONS = { name: 'repurchase', version: 2, metadata: { rows: '10', model: 'repurchase – café' } };

const runner = new OnnxRunner();
afterEach(async () => runner.close());

async function outputsOf(model: LogisticModel, values: Float32Array) {
  const onnx = writeLogisticModel(model, OPTIONS);
  await runner.load({ ...OPTIONS, onnx, inputs: model.inputs.length });
  return runner.run({ ...OPTIONS, rows: values, rowCount: values.length / model.inputs.length });
}

describe('writeLogisticModel', () => {
  it('scores in onnxruntime as direct computation does, for any model and any rows', async () => {
    const value = fc.oneof({ weight: 4, arbitrary: fc.float({ min: -100, max: 1000, noNaN: true }) }, fc.constant(Number.NaN));
    const input = fc.record({
      feature: fc.constant('v.x'),
      transform: fc.constantFrom('none' as const, 'log1p' as const),
      missing: fc.float({ min: -5, max: 5, noNaN: true }),
    });
    const coefficient = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    const cases = fc.integer({ min: 1, max: 6 }).chain((width) =>
      fc.record({
        inputs: fc.array(input, { minLength: width, maxLength: width }),
        coefficients: fc.array(coefficient, { minLength: width, maxLength: width }),
        intercept: fc.double({ min: -3, max: 3, noNaN: true }),
        values: fc.array(value, { minLength: 5 * width, maxLength: 5 * width }).map((row) => Float32Array.from(row)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ values, ...model }) => {
        const { labels, probabilities } = await outputsOf(model, values);
        const direct = predictProbabilities(model, { values, rowCount: 5, columnCount: model.inputs.length });
        for (const [row, p] of direct.entries()) {
          expect(Math.abs(p - (probabilities[2 * row + 1] ?? Number.NaN))).toBeLessThan(1e-5);
          expect((probabilities[2 * row] ?? 0) + (probabilities[2 * row + 1] ?? 0)).toBeCloseTo(1, 5);
          if (Math.abs(p - 0.5) > 1e-5) expect(labels[row]).toBe(Number(p > 0.5));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes the same bytes for the same model, whatever the order of the metadata', () => {
    const turned = { ...OPTIONS, metadata: { model: 'repurchase – café', rows: '10' } };
    expect(writeLogisticModel(MODEL, turned)).toEqual(writeLogisticModel(MODEL, OPTIONS));
  });

  it('carries its metadata, its versions and its operators', () => {
    const onnx = writeLogisticModel(MODEL, OPTIONS);
    const file = readMessage(onnx);
    expect(metadataPropsOf(onnx)).toEqual(OPTIONS.metadata);
    expect({ ir: numbersOf(file, 1), producer: textsOf(file, 2), version: numbersOf(file, 5) }).toEqual({
      ir: [8],
      producer: ['throughline'],
      version: [2],
    });
    expect(messagesOf(file, 8).map((opset) => [textsOf(opset, 1), numbersOf(opset, 2)])).toEqual([
      [[''], [17]],
      [['ai.onnx.ml'], [3]],
    ]);
    const [graph = []] = messagesOf(file, 7);
    expect(messagesOf(graph, 1).flatMap((node) => textsOf(node, 4))).toEqual([
      'IsNaN',
      'Where',
      'Max',
      'Add',
      'Log',
      'Where',
      'LinearClassifier',
    ]);
  });

  it('leaves the logarithm out where no input asks for it', () => {
    const inputs = MODEL.inputs.map((input) => ({ ...input, transform: 'none' as const }));
    const [graph = []] = messagesOf(readMessage(writeLogisticModel({ ...MODEL, inputs }, OPTIONS)), 7);
    expect(messagesOf(graph, 1).flatMap((node) => textsOf(node, 4))).toEqual(['IsNaN', 'Where', 'LinearClassifier']);
  });
});
