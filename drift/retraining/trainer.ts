import { createHash } from 'node:crypto';
import {
  type Clock,
  CONTROL_TYPES,
  controlRecord,
  type EventLog,
  type ModelPromoted,
  type ModelRef,
  type ModelRegistered,
  type ModelRunner,
  type ModelTrained,
  type NewRecord,
  STORES,
  type TrainingRefused,
  type TrainingRequested,
} from '#core';
import { type TrainerSection, type TrainerSettings, trainerSettings } from '../config.ts';
import { type ControlHistory, nextVersion, readControlHistory } from './control-history.ts';
import type { ModelFitter } from './model-fitter.ts';
import { measureParity, PARITY_LIMIT } from './parity.ts';
import type { ModelInput } from './preprocessing.ts';
import { buildTrainingSet } from './training-set.ts';

const SOURCE = '/throughline/trainer';
const ACTOR = 'throughline';

/** What the trainer needs. `trainedBy` names program and version for the lineage, such as `throughline 0.1.0`. */
export interface TrainerDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly runner: ModelRunner;
  /** Where models are fitted: a TrainingClient, so that the caller's thread is free meanwhile. */
  readonly fitter: ModelFitter;
  /** Ends a fit under way: DRIFT_TRAINING_ENDED. */
  readonly signal?: AbortSignal;
  readonly trainedBy: string;
}

/** The parts of a model file that a training needs. */
export interface TrainingSpec {
  readonly inputs: readonly ModelInput[];
  readonly trainer: TrainerSection;
}

/** The model that a request led to, as it stands on the control topic. */
export interface RegisteredAnswer {
  readonly status: 'registered';
  readonly registered: ModelRegistered;
  /** Absent where another trainer registered the model without saying how it was made. */
  readonly trained?: ModelTrained;
  /** It was there already: nothing was trained this time. */
  readonly already: boolean;
}

/** Why a request led to no model. Final for this request id: a later try needs a new one. */
export interface RefusedAnswer {
  readonly status: 'refused';
  readonly refusal: TrainingRefused;
  readonly already: boolean;
}

export type TrainingAnswer = RegisteredAnswer | RefusedAnswer;

/** A first model decides from the request's positions on, or the request was refused. */
export type FirstModelAnswer =
  | { readonly status: 'promoted'; readonly promoted: ModelPromoted; readonly answer: RegisteredAnswer }
  | RefusedAnswer;

type StepFact =
  | { readonly step: 'trained'; readonly fact: ModelTrained }
  | { readonly step: 'registered'; readonly fact: ModelRegistered }
  | { readonly step: 'promoted'; readonly fact: ModelPromoted }
  | { readonly step: 'refused'; readonly fact: TrainingRefused };

const TYPE_OF_STEP = {
  trained: CONTROL_TYPES.modelTrained,
  registered: CONTROL_TYPES.modelRegistered,
  promoted: CONTROL_TYPES.modelPromoted,
  refused: CONTROL_TYPES.trainingRefused,
} as const;

/** Ids are of the request and the step, so that a repeated record is recognised as the same event. */
function stepRecord(model: string, { step, fact }: StepFact, clock: Clock): NewRecord {
  return controlRecord({ type: TYPE_OF_STEP[step], id: `${fact.requestId}:${step}`, source: SOURCE, key: model, fact }, clock);
}

function earlierAnswer(history: ControlHistory, requestId: string): TrainingAnswer | undefined {
  const ofRequest = (fact: { readonly requestId: string }) => fact.requestId === requestId;
  const registered = history.registered.find(ofRequest);
  const trained = history.trained.find(ofRequest);
  if (registered !== undefined) {
    return { status: 'registered', registered, ...(trained === undefined ? {} : { trained }), already: true };
  }
  const refusal = history.refused.find(ofRequest);
  return refusal === undefined ? undefined : { status: 'refused', refusal, already: true };
}

async function refuse(
  { log, clock }: TrainerDeps,
  { requestId, model }: TrainingRequested,
  { reason, message }: { readonly reason: string; readonly message: string },
): Promise<RefusedAnswer> {
  const refusal: TrainingRefused = { requestId, model, reason, message };
  await log.commit({ records: [stepRecord(model, { step: 'refused', fact: refusal }, clock)] });
  return { status: 'refused', refusal, already: false };
}

/** The one commit of a training: both facts and the file stand together or not at all. */
async function register(deps: TrainerDeps, trained: ModelTrained, onnx: Uint8Array): Promise<RegisteredAnswer> {
  const { name, version, requestId, lineage } = trained;
  const onnxSha256 = createHash('sha256').update(onnx).digest('hex');
  const registered: ModelRegistered = { name, version, requestId, inputs: lineage.inputs, onnxSha256 };
  await deps.log.commit({
    records: [
      stepRecord(name, { step: 'trained', fact: trained }, deps.clock),
      stepRecord(name, { step: 'registered', fact: registered }, deps.clock),
    ],
    state: [{ store: STORES.artifacts, partition: 0, key: `${name}@${version}`, value: onnx }],
  });
  return { status: 'registered', registered, trained, already: false };
}

/** The request with its window cut to the trainer's: the newest part of what was asked for. */
function cutWindow(request: TrainingRequested, { windowMs = Number.POSITIVE_INFINITY }: TrainerSettings): TrainingRequested {
  const { fromMs, toMs } = request.window;
  return { ...request, window: { fromMs: Math.max(fromMs, toMs - windowMs), toMs } };
}

/**
 * Trains once for each request id and registers the model with its file, or records why not; asked again, after a crash too,
 * it answers from the control topic. One call at a time for a log: versions are numbered from what was registered before.
 * Throws DRIFT_RECORD_INVALID, DRIFT_TOPIC_MISSING, DRIFT_TRAINING_ENDED, BROKER_*, MODEL_*; nothing is recorded then, and a
 * retry starts anew.
 */
export async function answerTrainingRequest(
  deps: TrainerDeps,
  request: TrainingRequested,
  spec: TrainingSpec,
): Promise<TrainingAnswer> {
  const history = await readControlHistory(deps.log);
  const earlier = earlierAnswer(history, request.requestId);
  if (earlier !== undefined) return earlier;
  const settings = trainerSettings(spec.trainer);
  const cut = cutWindow(request, settings);
  const set = await buildTrainingSet(deps.log, { request: cut, features: spec.inputs.map(({ feature }) => feature) });
  if (!set.ok) return refuse(deps, request, set);

  const model: ModelRef = { name: request.model, version: nextVersion(history, request.model) };
  const { inputs } = spec;
  const { requestId } = request;
  const task = { model, request: { requestId, window: cut.window }, inputs, settings, trainedBy: deps.trainedBy, set: set.value };
  const fitted = await deps.fitter.fit(task, deps.signal);
  if (!fitted.ok) return refuse(deps, request, fitted);
  const { lineage, onnx, expected } = fitted.value;
  const parity = await measureParity(deps.runner, { ...model, onnx, inputs: inputs.length }, expected);
  if (!(parity < PARITY_LIMIT)) {
    const message = `the ONNX file is up to ${parity.toExponential(2)} away from direct computation, and less than ${PARITY_LIMIT} is asked`;
    return refuse(deps, request, { reason: 'parity_exceeded', message });
  }
  return register(deps, { ...model, requestId, lineage: { ...lineage, parity } }, onnx);
}

function promotionReason({ trained }: RegisteredAnswer): string {
  if (trained === undefined) return 'First model: registered by another trainer, without a lineage';
  const { rows, positives, window, metrics } = trained.lineage;
  const days = [window.fromMs, window.toMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  const auc = metrics['holdoutAuc'];
  const quality = auc === undefined ? '' : `; AUC on the newest fifth, held out: ${auc.toFixed(3)}`;
  return `First model: fitted to ${rows} matured outcomes (${positives} positive) of ${days.join(' to ')}, end exclusive${quality}`;
}

/** Lets a first model decide from the request's positions on: one `model.promoted`, once for each request id. Throws DRIFT_RECORD_INVALID, BROKER_*. */
export async function promoteFirstModel(
  deps: TrainerDeps,
  request: TrainingRequested,
  answer: RegisteredAnswer,
): Promise<ModelPromoted> {
  const history = await readControlHistory(deps.log);
  const earlier = history.promoted.find(({ requestId }) => requestId === request.requestId);
  if (earlier !== undefined) return earlier;
  const { name, version } = answer.registered;
  const promoted: ModelPromoted = {
    name,
    version,
    requestId: request.requestId,
    pipeline: request.pipeline,
    role: 'live',
    atMs: request.atMs,
    positions: request.positions,
    reason: promotionReason(answer),
    actor: ACTOR,
  };
  await deps.log.commit({ records: [stepRecord(name, { step: 'promoted', fact: promoted }, deps.clock)] });
  return promoted;
}

/** {@link answerTrainingRequest}, then {@link promoteFirstModel}: a first model has no predecessor to be compared with. */
export async function trainFirstModel(
  deps: TrainerDeps,
  request: TrainingRequested,
  spec: TrainingSpec,
): Promise<FirstModelAnswer> {
  const answer = await answerTrainingRequest(deps, request, spec);
  if (answer.status === 'refused') return answer;
  return { status: 'promoted', promoted: await promoteFirstModel(deps, request, answer), answer };
}
