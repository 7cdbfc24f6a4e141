import {
  CONTROL_TYPES,
  type ControlFact,
  controlRecord,
  type EpochMs,
  type ModelShadowed,
  type TrainingEvidence,
  type TrainingRequested,
} from '#core';
import { FIRST_MONDAY_MS } from '../jobs/windows.ts';
import { answerTrainingRequest, promoteFirstModel, type TrainerDeps } from '../retraining/trainer.ts';
import { causesOf } from './causes.ts';
import { GOVERNOR_SOURCE, judgeTrial, type ReviewPlace } from './gate-step.ts';
import type { GovernedModel, ReviewStore } from './governed-model.ts';
import { type LineOfModels, liveOf, newcomerOf, pendingRequest, readLineOfModels, trialOf } from './line-of-models.ts';
import { loadReviewState, reviewedWrite } from './review-state.ts';
import { reviewWindows, standingEvidence } from './window-step.ts';

export interface GovernorDeps extends TrainerDeps {
  readonly model: GovernedModel;
  /** undefined: telemetry is off; no drift job runs, and only the schedule is a cause. */
  readonly store: ReviewStore | undefined;
  /** Tells people what just happened. */
  readonly announce: (sentence: string) => void;
}

const MAX_EVIDENCE = 50;
const NO_STORE = 'the telemetry store is away: drift is not measured in this review, and will be in a later one';

/**
 * Decides a model's line of versions, review by review: drift windows, causes of a training, the training, the candidate's trial
 * and its gate. Each step is a commit of its own that a later call finds done: killed anywhere and called again with the same
 * place, it comes to the same line. One call at a time.
 */
export class Governor {
  readonly #deps: GovernorDeps;
  #reviewedMs: EpochMs | undefined;

  constructor(deps: GovernorDeps) {
    this.#deps = deps;
  }

  /** Reads how far an earlier run came. */
  async load(): Promise<void> {
    const { log, model } = this.#deps;
    this.#reviewedMs = (await loadReviewState(log, model.pipeline)).reviewedMs;
  }

  /**
   * Event time of the next review: the first training, then the grid; undefined where there is none. Of several that the watermark
   * has passed already (nothing came for weeks), the last.
   */
  nextMs(watermarkMs: EpochMs): EpochMs | undefined {
    const { model } = this.#deps;
    const firstMs = model.firstWindow.toMs + model.horizonMs;
    if (this.#reviewedMs === undefined) return firstMs;
    if (model.retraining === undefined) return undefined;
    const { reviewMs } = model.retraining;
    const stepsTo = (ms: EpochMs): number => Math.floor((ms - FIRST_MONDAY_MS) / reviewMs);
    return FIRST_MONDAY_MS + Math.max(stepsTo(this.#reviewedMs) + 1, stepsTo(watermarkMs)) * reviewMs;
  }

  /** The review of this place: everything before `positions` is durable. Throws DRIFT_*, CLICKHOUSE_*, MODEL_*, BROKER_*; called again, it goes on. */
  async review(place: ReviewPlace, signal: AbortSignal): Promise<void> {
    const { log, model } = this.#deps;
    const isFirst = place.atMs === model.firstWindow.toMs + model.horizonMs;
    if (isFirst) await this.#requestFirst(place);
    else await this.#reviewDrift(place, signal);
    if (signal.aborted) return;
    await this.#train(signal);
    await this.#receiveNewcomer(place);
    await judgeTrial(this.#deps, await this.#line(), place);
    await log.commit({ state: [reviewedWrite(model.pipeline, place.atMs)] });
    this.#reviewedMs = place.atMs;
  }

  #line(): Promise<LineOfModels> {
    const { log, model } = this.#deps;
    return readLineOfModels(log, { pipeline: model.pipeline, model: model.name });
  }

  async #requestFirst(place: ReviewPlace): Promise<void> {
    const { model } = this.#deps;
    const requestId = `${model.pipeline}/${model.name}/first`;
    const { requested } = await this.#line();
    if (requested.some((request) => request.requestId === requestId)) return;
    const request = { requestId, model: model.name, pipeline: model.pipeline, cause: 'first_model' as const };
    await this.#raise({ ...request, window: model.firstWindow, ...place }, CONTROL_TYPES.trainingRequested);
  }

  async #reviewDrift(place: ReviewPlace, signal: AbortSignal): Promise<void> {
    const { store, announce } = this.#deps;
    const isStored = (await store?.stored(place.positions, signal)) ?? false;
    if (signal.aborted) return;
    if (store !== undefined && !isStored) announce(NO_STORE);
    if (store !== undefined && isStored) await reviewWindows(this.#deps, store, { line: await this.#line(), atMs: place.atMs });
    await this.#requestRetraining(place, isStored ? store : undefined);
  }

  async #requestRetraining(place: ReviewPlace, store: ReviewStore | undefined): Promise<void> {
    const { model } = this.#deps;
    if (model.retraining === undefined) return;
    const line = await this.#line();
    const requestId = `${model.pipeline}/${model.name}/${new Date(place.atMs).toISOString()}`;
    if (line.requested.some((request) => request.requestId === requestId)) return;
    const lastRequest = line.requested.at(-1);
    const sinceMs = lastRequest?.atMs ?? place.atMs;
    const causes = causesOf(
      {
        atMs: place.atMs,
        evidence: await standingEvidence(this.#deps),
        lastRequest,
        isUnderWay: trialOf(line) !== undefined || pendingRequest(line) !== undefined,
        newOutcomes: await this.#countOutcomes(store, { fromMs: sinceMs, toMs: place.atMs }),
      },
      model.retraining,
    );
    if (causes[0] === undefined) return;
    await this.#raise(
      this.#requestOf(requestId, [causes[0], ...causes.slice(1, MAX_EVIDENCE)], place),
      CONTROL_TYPES.retrainingRequested,
    );
  }

  async #countOutcomes(store: ReviewStore | undefined, window: { fromMs: EpochMs; toMs: EpochMs }): Promise<number | undefined> {
    if (store === undefined || this.#deps.model.retraining?.newOutcomes === undefined) return undefined;
    return store.countOutcomes(window);
  }

  #requestOf(
    requestId: string,
    evidence: readonly [TrainingEvidence, ...TrainingEvidence[]],
    place: ReviewPlace,
  ): TrainingRequested {
    const { model } = this.#deps;
    return {
      requestId,
      model: model.name,
      pipeline: model.pipeline,
      cause: evidence[0].cause,
      evidence,
      coolDownUntilMs: place.atMs + (model.retraining?.coolDownMs ?? 0),
      window: { fromMs: model.firstWindow.fromMs, toMs: place.atMs - model.horizonMs },
      ...place,
    };
  }

  async #raise(request: TrainingRequested, type: ControlFact['type']): Promise<void> {
    const source = `/throughline/pipelines/${request.pipeline}`;
    await this.#commit([{ type, id: request.requestId, source, key: request.model, fact: request }]);
    const why = request.evidence?.[0]?.summary;
    this.#deps.announce(`training of ${request.model} requested: ${why ?? 'its first model'}`);
  }

  async #train(signal: AbortSignal): Promise<void> {
    const { model, announce } = this.#deps;
    const request = pendingRequest(await this.#line());
    if (request === undefined) return;
    const answer = await answerTrainingRequest({ ...this.#deps, signal }, request, model);
    if (answer.status === 'refused') announce(`training of ${model.name} refused: ${answer.refusal.message}`);
    else announce(`${model.name} v${answer.registered.version} trained`);
  }

  /** A new model begins its trial; where nothing decides yet, it decides. */
  async #receiveNewcomer(place: ReviewPlace): Promise<void> {
    const { announce } = this.#deps;
    const line = await this.#line();
    const newcomer = newcomerOf(line);
    const request = line.requested.find(({ requestId }) => requestId === newcomer?.requestId);
    if (newcomer === undefined || request === undefined) return;
    const { name, version, requestId } = newcomer;
    if (liveOf(line) === undefined) {
      const trained = line.trained.find((fact) => fact.requestId === requestId);
      const answer = {
        status: 'registered',
        registered: newcomer,
        already: true,
        ...(trained === undefined ? {} : { trained }),
      } as const;
      await promoteFirstModel(this.#deps, { ...request, ...place }, answer);
      announce(`${name} v${version} trained and promoted`);
      return;
    }
    const { pipeline } = request;
    const shadowed: ModelShadowed = { name, version, requestId, pipeline, purpose: 'candidate', ...place };
    await this.#commit([
      { type: CONTROL_TYPES.modelShadowed, id: `${requestId}:shadowed`, source: GOVERNOR_SOURCE, key: name, fact: shadowed },
    ]);
    announce(`${name} v${version} scores in shadow`);
  }

  async #commit(facts: readonly ControlFact[]): Promise<void> {
    const { log, clock } = this.#deps;
    await log.commit({ records: facts.map((fact) => controlRecord(fact, clock)) });
  }
}
