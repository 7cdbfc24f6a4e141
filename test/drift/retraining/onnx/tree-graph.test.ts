import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type BoostedTrees, predictBoosted } from '../../../../drift/retraining/boosting/boosted-trees.ts';
import { fitGradientBoosting } from '../../../../drift/retraining/boosting/gradient-boosting.ts';
import { writeBoostedModel } from '../../../../drift/retraining/onnx/tree-graph.ts';
import { OnnxRunner } from '../../onnx-runner.ts';
import { syntheticInputs, syntheticRows } from '../../synthetic-rows.ts';
import { messagesOf, metadataPropsOf, numbersOf, readMessage, textsOf } from './protobuf-reader.ts';

const OPTIONS = { name: 'repurchase', version: 2, metadata: { rows: '10', model: 'repurchase – café' } };

const runner = new OnnxRunner();
afterEach(async () => runner.close());

async function outputsOf(model: BoostedTrees, values: Float32Array) {
  const onnx = writeBoostedModel(model, OPTIONS);
  await runner.load({ ...OPTIONS, onnx, inputs: model.columnCount });
  return runner.run({ ...OPTIONS, rows: values.slice(), rowCount: values.length / model.columnCount });
}

/** A model fitted to some rows with missing values; `shift` moves its log odds, so that every leaf may have one sign. */
function modelOf({ seed, columnCount, shift }: { seed: number; columnCount: number; shift: number }): BoostedTrees {
  const rows = syntheticRows({ rowCount: 200, columnCount, seed, missing: 0.2 });
  const settings = { trees: 12, leaves: 6, learningRate: 0.3, minimumLeafRows: 3, minimumLeafHessian: 1e-3, l2: 0.1 };
  const fit = fitGradientBoosting({ ...rows, timesMs: new Float64Array(200) }, syntheticInputs(columnCount), {
    ...settings,
    maxBins: 16,
    subsample: 1,
    patience: 0,
    seed: 0,
  });
  if (!fit.ok) throw new Error(fit.message);
  return { ...fit.value, initialLogOdds: fit.value.initialLogOdds + shift };
}

/** The float32 before, at and behind a number. */
function around(value: number): readonly number[] {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  const at = bits[0] ?? 0;
  return [-1, 0, 1].map((step) => new Float32Array(Int32Array.of(at + step).buffer)[0] ?? Number.NaN);
}

describe('writeBoostedModel', () => {
  it('scores in onnxruntime as direct computation does: any model, missing values, values on thresholds and beside them', async () => {
    const models = fc.record({
      seed: fc.nat(10_000),
      columnCount: fc.integer({ min: 1, max: 4 }),
      shift: fc.constantFrom(0, 3, -3),
    });
    await fc.assert(
      fc.asyncProperty(models, fc.nat(), async (of, seed) => {
        const model = modelOf(of);
        const tricky = model.trees.flatMap(({ thresholds }) => [...thresholds].flatMap(around));
        const pool = [...tricky, Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        const values = Float32Array.from({ length: 60 * of.columnCount }, (_, at) => pool[(at * 31 + seed) % pool.length] ?? 0);
        const { labels, probabilities } = await outputsOf(model, values);
        const direct = predictBoosted(model, { values, rowCount: 60, columnCount: of.columnCount });
        for (const [row, p] of direct.entries()) {
          expect(Math.abs(p - (probabilities[2 * row + 1] ?? Number.NaN))).toBeLessThan(1e-6);
          expect((probabilities[2 * row] ?? 0) + (probabilities[2 * row + 1] ?? 0)).toBeCloseTo(1, 6);
          if (Math.abs(p - 0.5) > 1e-6) expect(labels[row]).toBe(Number(p > 0.5));
        }
        await runner.close();
      }),
      { numRuns: 60 },
    );
  });

  it.each([{ initialLogOdds: 0.3 }, { initialLogOdds: -0.3 }, { initialLogOdds: 0 }])(
    'scores a model without trees, with $initialLogOdds',
    async ({ initialLogOdds }) => {
      const model = { columnCount: 2, initialLogOdds, trees: [] };
      const { labels, probabilities } = await outputsOf(model, Float32Array.of(1, Number.NaN));
      expect(probabilities[1]).toBeCloseTo(1 / (1 + Math.exp(-initialLogOdds)), 6);
      expect(labels).toEqual([Number(initialLogOdds > 0)]);
    },
  );

  it('writes the same bytes for the same model', () => {
    const of = { seed: 1, columnCount: 3, shift: 0 };
    expect(writeBoostedModel(modelOf(of), OPTIONS)).toEqual(writeBoostedModel(modelOf(of), OPTIONS));
  });

  it('carries its metadata, and one operator', () => {
    const model = modelOf({ seed: 1, columnCount: 3, shift: 0 });
    const onnx = writeBoostedModel(model, OPTIONS);
    expect(metadataPropsOf(onnx)).toEqual(OPTIONS.metadata);
    const [graph = []] = messagesOf(readMessage(onnx), 7);
    const nodes = messagesOf(graph, 1);
    expect(nodes.map((node) => textsOf(node, 4))).toEqual([['TreeEnsembleClassifier']]);
    const attributes = messagesOf(nodes[0] ?? [], 5);
    const modes = attributes.find((attribute) => textsOf(attribute, 1)[0] === 'nodes_modes') ?? [];
    const nodeCount = model.trees.reduce((sum, { columns }) => sum + columns.length, 2);
    expect(textsOf(modes, 9)).toHaveLength(nodeCount);
    expect(numbersOf(modes, 20)).toEqual([8]);
  });
});
