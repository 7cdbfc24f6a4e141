import { Worker } from 'node:worker_threads';
import type { ModelArtifact, ModelRef, ModelRunner, ScoreRequest, ScoreResult, ThroughlineError } from '#core';
import { runtimeError } from '../errors.ts';
import type { InferenceAnswer, InferenceEnd, InferenceRequest } from './inference-protocol.ts';

type Unnumbered<T> = T extends InferenceRequest ? Omit<T, 'id'> : never;

interface Waiting {
  readonly resolve: (result: ScoreResult | undefined) => void;
  readonly reject: (error: ThroughlineError) => void;
}

/** Starts the worker: compiled beside this file, or TypeScript through the bootstrap in development. */
function startWorker(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './inference-worker.ts' : './inference-worker.js', import.meta.url);
  return isSource
    ? new Worker(new URL('./worker-bootstrap.mjs', import.meta.url), { workerData: { entry: entry.href } })
    : new Worker(entry);
}

/** A thread that is torn down while native code computes in it may take the process with it: it is asked to end, and only then made to. */
const GENTLE_MS = 5000;
const END: InferenceEnd = { kind: 'end' };

async function endGently(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  worker.postMessage(END);
  const patience = setTimeout(() => void worker.terminate(), GENTLE_MS);
  await ended;
  clearTimeout(patience);
}

/**
 * Inference in a worker thread, behind the ModelRunner port. A worker that ends fails what was waiting for it
 * (RUNTIME_INFERENCE_FAILED) and is started again, with the same models, by the next call.
 */
export class InferenceClient implements ModelRunner {
  readonly #loaded = new Map<string, ModelArtifact>();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;

  async load(model: ModelArtifact): Promise<void> {
    await this.#ask({ kind: 'load', model });
    this.#loaded.set(`${model.name}@${model.version}`, model);
  }

  async score(request: ScoreRequest): Promise<ScoreResult> {
    const result = await this.#ask({ kind: 'score', request });
    if (result?.scores.length !== request.rowCount) {
      throw runtimeError(
        'RUNTIME_INFERENCE_FAILED',
        `inference answered ${result?.scores.length ?? 0} scores for ${request.rowCount} rows`,
      );
    }
    return result;
  }

  async unload(model: ModelRef): Promise<void> {
    this.#loaded.delete(`${model.name}@${model.version}`);
    await this.#ask({ kind: 'unload', model: { name: model.name, version: model.version } });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll('the inference worker was stopped');
    if (worker !== undefined) await endGently(worker);
  }

  async #ask(request: Unnumbered<InferenceRequest>): Promise<ScoreResult | undefined> {
    const worker = this.#worker ?? (await this.#start());
    return this.#send(worker, request);
  }

  #send(worker: Worker, request: Unnumbered<InferenceRequest>): Promise<ScoreResult | undefined> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const transfer = request.kind === 'score' ? [request.request.rows.buffer as ArrayBuffer] : [];
      worker.postMessage({ ...request, id }, transfer);
    });
  }

  async #start(): Promise<Worker> {
    const worker = startWorker();
    this.#worker = worker;
    worker.on('message', (answer: InferenceAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#ended(worker, error.message));
    worker.on('exit', (code) => this.#ended(worker, `it exited with code ${code}`));
    for (const model of this.#loaded.values()) await this.#send(worker, { kind: 'load', model });
    return worker;
  }

  #settle(answer: InferenceAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.result);
    else waiting?.reject(runtimeError(answer.unfit ? 'RUNTIME_MODEL_UNFIT' : 'RUNTIME_INFERENCE_FAILED', answer.message));
  }

  #ended(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll(`the inference worker ended: ${why}`);
  }

  #failAll(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(runtimeError('RUNTIME_INFERENCE_FAILED', message));
    this.#waiting.clear();
  }
}
