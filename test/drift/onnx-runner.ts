import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelArtifact, ModelRef, ModelRunner, ScoreRequest, ScoreResult } from '#core';

const keyOf = ({ name, version }: ModelRef) => `${name}@${version}`;

/** A ModelRunner in the test's own thread; `loaded` tells what it holds. */
export class OnnxRunner implements ModelRunner {
  readonly #sessions = new Map<string, { readonly session: InferenceSession; readonly inputs: number }>();

  get loaded(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  async load(model: ModelArtifact): Promise<void> {
    const session = await InferenceSession.create(model.onnx, { logSeverityLevel: 3, intraOpNumThreads: 1 });
    this.#sessions.set(keyOf(model), { session, inputs: model.inputs });
  }

  /** Takes no time: no test looks at it. */
  async score(request: ScoreRequest): Promise<ScoreResult> {
    const { probabilities } = await this.run(request);
    return { scores: probabilities.filter((_, index) => index % 2 === 1), computeFromUs: 0, computeToUs: 0 };
  }

  /** Both outputs as they are: labels, and probabilities row-major [N, 2]. */
  async run(request: ScoreRequest): Promise<{ readonly labels: readonly number[]; readonly probabilities: Float32Array }> {
    const model = this.#sessions.get(keyOf(request));
    if (model === undefined) throw new Error(`${keyOf(request)} is not loaded`);
    const features = new Tensor('float32', request.rows, [request.rowCount, model.inputs]);
    const outputs = await model.session.run({ features });
    const labels = outputs['label']?.data;
    const probabilities = outputs['probabilities']?.data;
    if (!(labels instanceof BigInt64Array) || !(probabilities instanceof Float32Array)) throw new Error('outputs of other types');
    return { labels: Array.from(labels, Number), probabilities };
  }

  async unload(model: ModelRef): Promise<void> {
    await this.#sessions.get(keyOf(model))?.session.release();
    this.#sessions.delete(keyOf(model));
  }

  async close(): Promise<void> {
    for (const { session } of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }
}
