import { parentPort } from 'node:worker_threads';
import { messageOf, ThroughlineError } from '#core';
import { fitModel } from './fitting.ts';
import type { FittingAnswer, FittingTask } from './model-fitter.ts';
import type { TrainingReply } from './training-protocol.ts';

/** The thread in which a model is fitted, so that scoring goes on meanwhile: one task, one reply; whoever started it ends it. */

function replyTo(task: FittingTask): TrainingReply {
  try {
    return { kind: 'answered', answer: fitModel(task) };
  } catch (error) {
    return { kind: 'failed', code: error instanceof ThroughlineError ? error.code : undefined, message: messageOf(error) };
  }
}

/** What goes over instead of being copied. */
function buffersOf(answer: FittingAnswer): readonly ArrayBufferLike[] {
  if (!answer.ok) return [];
  const { onnx, expected } = answer.value;
  return [onnx.buffer, expected.matrix.values.buffer, expected.probabilities.buffer];
}

parentPort?.once('message', (task: FittingTask) => {
  const reply = replyTo(task);
  parentPort?.postMessage(reply, reply.kind === 'answered' ? (buffersOf(reply.answer) as ArrayBuffer[]) : []);
});
