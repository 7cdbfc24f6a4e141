import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core';
import { InferenceClient } from '#runtime';
import { type LogisticModel, predictProbabilities } from '../../../drift/retraining/logistic-model.ts';
import { writeLogisticModel } from '../../../drift/retraining/onnx/logistic-graph.ts';

const MODEL: LogisticModel = {
  inputs: [
    { feature: 'v.a', transform: 'log1p', missing: 3 },
    { feature: 'v.b', transform: 'none', missing: 0 },
  ],
  intercept: -0.25,
  coefficients: [0.5, -1.5],
};

function artifact(version: number, inputs = 2): { name: string; version: number; onnx: Uint8Array; inputs: number } {
  const ref = { name: 'm', version };
  return { ...ref, onnx: writeLogisticModel(MODEL, { ...ref, metadata: {} }), inputs };
}

const rowsOf = (...values: number[]): Float32Array => Float32Array.from(values);

let client: InferenceClient;
beforeEach(() => {
  client = new InferenceClient();
});
afterEach(() => client.close());

describe('inference', () => {
  test('scores rows as the direct computation does, missing values included, whatever the batch', async () => {
    await client.load(artifact(1));
    const values = [1, 2, Number.NaN, 0.5, -4, Number.NaN, 1e6, 1];
    const { scores } = await client.score({ name: 'm', version: 1, rows: rowsOf(...values), rowCount: 4 });
    const direct = predictProbabilities(MODEL, { values: Float32Array.from(values), rowCount: 4, columnCount: 2 });
    scores.forEach((score, row) => expect(score).toBeCloseTo(direct[row] ?? Number.NaN, 6));
    const single = await client.score({ name: 'm', version: 1, rows: rowsOf(...values.slice(2, 4)), rowCount: 1 });
    expect(single.scores[0]).toBeCloseTo(scores[1] ?? Number.NaN, 6);
  });

  test('says when the worker computed, on the same clock as the main thread’s', async () => {
    await client.load(artifact(1));
    for (let round = 0; round < 5; round++) {
      const beforeUs = systemClock.monotonicUs();
      const { computeFromUs, computeToUs } = await client.score({ name: 'm', version: 1, rows: rowsOf(1, 1), rowCount: 1 });
      const marks = [beforeUs, computeFromUs, computeToUs, systemClock.monotonicUs()];
      expect(marks).toEqual(marks.toSorted((left, right) => left - right));
    }
  });

  test('answers many requests at once, each with its own rows', async () => {
    await client.load(artifact(1));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => client.score({ name: 'm', version: 1, rows: rowsOf(index, 0), rowCount: 1 })),
    );
    const direct = predictProbabilities(MODEL, {
      values: Float32Array.from(answers.flatMap((_, index) => [index, 0])),
      rowCount: answers.length,
      columnCount: 2,
    });
    answers.forEach(({ scores: [score] }, index) => expect(score).toBeCloseTo(direct[index] ?? Number.NaN, 6));
  });

  test.each([
    ['bytes that are no model', { ...artifact(1), onnx: Uint8Array.of(1, 2, 3) }, /m@1 is not an ONNX model that can run here/u],
    ['a model with other inputs', artifact(1, 5), /m@1 fails on a row of 5 zeros/u],
  ])('refuses %s with a sentence', async (_case, model, message) => {
    await expect(client.load(model)).rejects.toMatchObject({
      code: 'RUNTIME_MODEL_UNFIT',
      message: expect.stringMatching(message),
    });
  });

  test('fails what waited when the worker ends, and serves the same models from a new one', async () => {
    await client.load(artifact(1));
    await client.load(artifact(2));
    const waiting = client.score({ name: 'm', version: 1, rows: rowsOf(1, 1), rowCount: 1 });
    const closed = client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'RUNTIME_INFERENCE_FAILED', retryable: true });
    await closed;
    const { scores } = await client.score({ name: 'm', version: 2, rows: rowsOf(1, 1), rowCount: 1 });
    expect(scores).toHaveLength(1);
  });

  test('no longer scores with what was unloaded', async () => {
    await client.load(artifact(1));
    await client.unload({ name: 'm', version: 1 });
    await expect(client.score({ name: 'm', version: 1, rows: rowsOf(1, 1), rowCount: 1 })).rejects.toThrow('m@1 is not loaded');
  });
});
