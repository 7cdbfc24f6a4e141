import { parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { messageOf, type ScoreRequest, type ScoreResult, systemClock } from '#core';
import type { InferenceAnswer, InferenceEnd, InferenceRequest } from './inference-protocol.ts';

/**
 * The thread that owns ONNX sessions: `run()` and `create()` block whoever calls them. One session a model version, released
 * when the version is unloaded. It marks when it computed on the machine's clock: no other can be passed to a thread.
 */

const INPUT = 'features';
const OUTPUT = 'probabilities';

interface LoadedModel {
  readonly session: ort.InferenceSession;
  readonly inputs: number;
}

type Scored = Pick<ScoreRequest, 'rows' | 'rowCount'>;

/** A model that does not fit is told apart from a failure: the first is the model's fault. */
class UnfitModel extends Error {}
class NotLoaded extends Error {}

const models = new Map<string, LoadedModel>();
const keyOf = (model: { readonly name: string; readonly version: number }): string => `${model.name}@${model.version}`;

async function handle(request: InferenceRequest): Promise<ScoreResult | undefined> {
  switch (request.kind) {
    case 'load':
      await load(request);
      return undefined;
    case 'unload':
      await models.get(keyOf(request.model))?.session.release();
      models.delete(keyOf(request.model));
      return undefined;
    case 'score': {
      const { request: scoring } = request;
      const model = models.get(keyOf(scoring));
      if (model === undefined) throw new NotLoaded(`${keyOf(scoring)} is not loaded`);
      return measuredScore(model, scoring);
    }
  }
}

async function load({ model }: Extract<InferenceRequest, { kind: 'load' }>): Promise<void> {
  const key = keyOf(model);
  if (models.has(key)) return;
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model.onnx, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  } catch (error) {
    throw new UnfitModel(`${key} is not an ONNX model that can run here: ${messageOf(error)}`);
  }
  const loaded = { session, inputs: model.inputs };
  try {
    checkSignature(key, session);
    await score(loaded, { rows: new Float32Array(model.inputs), rowCount: 1 });
  } catch (error) {
    await session.release();
    throw error instanceof UnfitModel
      ? error
      : new UnfitModel(`${key} fails on a row of ${model.inputs} zeros: ${messageOf(error)}`);
  }
  models.set(key, loaded);
}

function checkSignature(key: string, session: ort.InferenceSession): void {
  const { inputNames, outputNames } = session;
  if (inputNames.length === 1 && inputNames[0] === INPUT && outputNames.includes(OUTPUT)) return;
  throw new UnfitModel(
    `${key} has inputs [${inputNames.join(', ')}] and outputs [${outputNames.join(', ')}]; expected one input '${INPUT}' ` +
      `(float, rows × columns) and an output '${OUTPUT}' (float, rows × 2, exported without ZipMap)`,
  );
}

async function measuredScore(model: LoadedModel, request: Scored): Promise<ScoreResult> {
  const computeFromUs = systemClock.monotonicUs();
  const scores = await score(model, request);
  return { scores, computeFromUs, computeToUs: systemClock.monotonicUs() };
}

async function score(model: LoadedModel, { rows, rowCount }: Scored): Promise<Float32Array> {
  const input = new ort.Tensor('float32', rows, [rowCount, model.inputs]);
  const results = await model.session.run({ [INPUT]: input }, [OUTPUT]);
  const probabilities = probabilitiesOf(results[OUTPUT], rowCount);
  const positive = new Float32Array(rowCount);
  for (let row = 0; row < rowCount; row++) positive[row] = probabilities[row * 2 + 1] ?? Number.NaN;
  return positive;
}

function probabilitiesOf(output: ort.Tensor | undefined, rowCount: number): Float32Array {
  const shape = output === undefined ? 'missing' : `${output.type} [${output.dims.join(', ')}]`;
  if (shape === `float32 [${rowCount}, 2]` && output?.data instanceof Float32Array) return output.data;
  throw new UnfitModel(`output '${OUTPUT}' is ${shape}; expected float32 [${rowCount}, 2]`);
}

/** Requests that are not answered yet. */
const running = new Set<Promise<void>>();

parentPort?.on('message', (request: InferenceRequest | InferenceEnd) => {
  if (request.kind === 'end') {
    end().catch(() => parentPort?.close());
    return;
  }
  const answered = handle(request).then(
    (result) => answer({ id: request.id, ok: true, ...(result === undefined ? {} : { result }) }),
    (error: unknown) => answer({ id: request.id, ok: false, unfit: error instanceof UnfitModel, message: messageOf(error) }),
  );
  running.add(answered);
  const forget = (): boolean => running.delete(answered);
  answered.then(forget, forget);
});

/** The thread ends when nothing keeps it any more. */
async function end(): Promise<void> {
  await Promise.allSettled(running);
  for (const { session } of models.values()) await session.release();
  models.clear();
  parentPort?.close();
}

function answer(message: InferenceAnswer): void {
  parentPort?.postMessage(
    message,
    'result' in message && message.result !== undefined ? [message.result.scores.buffer as ArrayBuffer] : [],
  );
}
