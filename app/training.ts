import {
  type Clock,
  CONTROL_TYPES,
  type EventLog,
  envelopeHeaders,
  type LogPosition,
  type ModelRunner,
  parseDuration,
  TOPICS,
  type TrainingRequested,
  VERSION,
} from '#core';
import { trainFirstModel } from '#drift';
import type { Barrier, ModelCatalog, PipelineDefinition } from '#runtime';
import type { ModelFile } from './config/index.ts';
import { readControlFacts } from './control-facts.ts';

export interface FirstTrainingDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly runner: ModelRunner;
  readonly models: ModelCatalog;
  readonly definition: PipelineDefinition;
  readonly model: ModelFile;
  /** Tells people what just happened. */
  readonly announce: (sentence: string) => void;
}

/**
 * The first model as a barrier of the pipeline: when every label of the first window has matured, all partitions stop, the
 * model is trained on what was served before, and decides from exactly there on. Every step is a record on the control topic,
 * so a crash in between goes on with the step that is missing.
 */
export class FirstTraining {
  readonly #deps: FirstTrainingDeps;
  readonly #request: Omit<TrainingRequested, 'positions'>;

  constructor(deps: FirstTrainingDeps) {
    const { model, definition } = deps;
    const fromMs = Date.parse(`${model.firstTraining.from}T00:00:00Z`);
    const toMs = fromMs + parseDuration(model.firstTraining.for);
    this.#deps = deps;
    this.#request = {
      requestId: `${definition.name}/${model.model}/first`,
      model: model.model,
      pipeline: definition.name,
      cause: 'first_model',
      window: { fromMs, toMs },
      atMs: toMs + definition.outcome.horizonMs,
    };
  }

  /** The barrier, until the request is answered by a promotion or a refusal. */
  next(): Barrier | undefined {
    if (this.#deps.models.answerOf(this.#request.requestId) !== undefined) return undefined;
    return { atMs: this.#request.atMs, answer: (positions) => this.#answer(positions) };
  }

  async #answer(positions: readonly LogPosition[]): Promise<void> {
    const { log, clock, runner, models, model, announce } = this.#deps;
    const request = await this.#raise({ ...this.#request, positions });
    announce(`training the first model of ${model.model}`);
    const answer = await trainFirstModel({ log, clock, runner, trainedBy: `throughline ${VERSION}` }, request, {
      inputs: model.inputs,
      trainer: model.trainer,
    });
    if (answer.status === 'refused') announce(`training refused: ${answer.refusal.message}`);
    else announce(`${answer.promoted.name} v${answer.promoted.version} trained and promoted`);
    await models.catchUp();
  }

  /** The request as it stands on the control topic: raised once, found again after a crash. */
  async #raise(request: TrainingRequested): Promise<TrainingRequested> {
    const { log, clock } = this.#deps;
    for await (const { id, fact } of readControlFacts<TrainingRequested>(log, CONTROL_TYPES.trainingRequested)) {
      if (id === request.requestId) return fact;
    }
    const headers = envelopeHeaders({
      id: request.requestId,
      source: `/throughline/pipelines/${request.pipeline}`,
      type: CONTROL_TYPES.trainingRequested,
      timeMs: clock.now(),
    });
    await log.commit({ records: [{ topic: TOPICS.control, key: request.model, headers, value: JSON.stringify(request) }] });
    return request;
  }
}
