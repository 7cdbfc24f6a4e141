import { Worker } from 'node:worker_threads';
import { DRIFT_ERRORS, driftError } from '../errors.ts';
import type { FittingAnswer, FittingTask, ModelFitter } from './model-fitter.ts';
import type { TrainingReply } from './training-protocol.ts';

/** Starts the worker: compiled beside this file, or TypeScript through the bootstrap in development. */
function startWorker(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './training-worker.ts' : './training-worker.js', import.meta.url);
  return isSource
    ? new Worker(new URL('./worker-bootstrap.mjs', import.meta.url), { workerData: { entry: entry.href } })
    : new Worker(entry);
}

function replyOf(worker: Worker): Promise<TrainingReply> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(driftError('DRIFT_TRAINING_ENDED', `the training worker ended: ${why}`));
    worker.once('message', resolve);
    worker.once('error', (error) => fail(error.message));
    worker.once('exit', (code) => fail(`it exited with code ${code}`));
  });
}

function isDriftCode(code: string | undefined): code is keyof typeof DRIFT_ERRORS {
  return code !== undefined && Object.hasOwn(DRIFT_ERRORS, code);
}

function answerIn(reply: TrainingReply): FittingAnswer {
  if (reply.kind === 'answered') return reply.answer;
  throw driftError(isDriftCode(reply.code) ? reply.code : 'DRIFT_TRAINING_ENDED', reply.message);
}

/** What goes over instead of being copied. */
function buffersOf({ set }: FittingTask): readonly ArrayBufferLike[] {
  return [set.matrix.values.buffer, set.labels.buffer, set.timesMs.buffer];
}

/**
 * Fits each model in a worker thread of its own, which ends with the fit: trainings are rare. A worker that dies, and one that the
 * signal or `close` ends, throw DRIFT_TRAINING_ENDED; the next fit starts another.
 */
export class TrainingClient implements ModelFitter {
  readonly #running = new Set<Worker>();

  async fit(task: FittingTask, signal?: AbortSignal): Promise<FittingAnswer> {
    if (signal?.aborted === true) throw driftError('DRIFT_TRAINING_ENDED', 'the training was stopped before it began');
    const worker = startWorker();
    const stop = (): void => void worker.terminate().catch(() => undefined);
    this.#running.add(worker);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      worker.postMessage(task, buffersOf(task) as ArrayBuffer[]);
      return answerIn(await replyOf(worker));
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#running.delete(worker);
      await worker.terminate();
    }
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#running, (worker) => worker.terminate()));
  }
}
