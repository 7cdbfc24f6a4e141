import type { ModelLineage, ModelRef, Result, TrainingRequested } from '#core';
import type { TrainerSettings } from '../config.ts';
import type { ExpectedScores } from './parity.ts';
import type { ModelInput } from './preprocessing.ts';
import type { FitRefusal } from './training-rows.ts';
import type { TrainingSet } from './training-set.ts';

/** All that a fit needs, as plain data: it can be handed to another thread. */
export interface FittingTask {
  /** Name and version that the file will carry. */
  readonly model: ModelRef;
  readonly request: Pick<TrainingRequested, 'requestId' | 'window'>;
  readonly inputs: readonly ModelInput[];
  readonly settings: TrainerSettings;
  readonly trainedBy: string;
  /** Whoever fits takes its columns over: they may be gone from the caller's thread afterwards. */
  readonly set: TrainingSet;
}

/** Everything about a training but its parity, which is measured on the file that carries this. */
export type LineageOfFile = Omit<ModelLineage, 'parity'>;

/** A model with its file; `expected` hands the rows back, with the probabilities that direct computation gives them. */
export interface FittedModel {
  readonly lineage: LineageOfFile;
  readonly onnx: Uint8Array;
  readonly expected: ExpectedScores;
}

export type FittingAnswer = Result<FittedModel, FitRefusal>;

/** Fits models, here or in another thread; the same task gives the same answer, bit for bit. */
export interface ModelFitter {
  /** Throws DRIFT_MODEL_SHAPE; DRIFT_TRAINING_ENDED also when the signal ends it. */
  fit(task: FittingTask, signal?: AbortSignal): Promise<FittingAnswer>;
  /** Ends what is under way: it throws DRIFT_TRAINING_ENDED. */
  close(): Promise<void>;
}
