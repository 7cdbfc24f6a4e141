import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  isRetryable,
  type LogRecord,
  type ModelArtifact,
  type ModelPromoted,
  type ModelRef,
  type ModelRefused,
  type ModelRegistered,
  type ModelRunner,
  type ModelShadowed,
  STORES,
  TOPICS,
  type TrainingRefused,
} from '#core';
import { runtimeError } from '../errors.ts';
import { ModelRoles, type Place } from './model-roles.ts';
import { ShadowFaults } from './shadow-faults.ts';

/** A version that is ready to score. */
export interface ScoringModel extends ModelRef {
  /** For each input of the model, its column in the served vector. */
  readonly columns: readonly number[];
}

/** A version that decides, from a position of each partition on. */
export interface LiveModel extends ScoringModel {
  readonly promotion: ModelPromoted;
}

/** How a training request ended: decided by a promotion or a gate's refusal, or refused before there was a model. */
export type TrainingAnswer = ModelPromoted | ModelRefused | TrainingRefused;

export interface ModelCatalogDeps {
  readonly log: EventLog;
  readonly runner: ModelRunner;
  readonly pipeline: string;
  /** Qualified names of the served features, in the order of the vector. */
  readonly featureNames: readonly string[];
  /** Where failures of versions in shadow are counted and told. Default: nowhere. */
  readonly shadowFaults?: ShadowFaults;
}

/**
 * Which model version decides where, and which score beside it in shadow, as the control topic tells it: a state machine over its
 * records, so that a restart or a replay comes to the same answer at the same offset. Each version is loaded once, and stays: an
 * earlier one may decide again.
 */
export class ModelCatalog {
  readonly #deps: ModelCatalogDeps;
  readonly #faults: ShadowFaults;
  readonly #roles = new ModelRoles();
  readonly #registered = new Map<string, ModelRegistered>();
  readonly #ready = new Map<string, ScoringModel>();
  /** Of each promotion that was taken. */
  readonly #live = new Map<ModelPromoted, LiveModel>();
  /** Versions in shadow that could not be loaded for a passing reason: tried again by the next call. */
  readonly #waiting = new Map<string, ModelRef>();
  readonly #answered = new Map<string, TrainingAnswer>();
  #newest: LiveModel | undefined;
  #nextOffset = 0;

  constructor(deps: ModelCatalogDeps) {
    this.#deps = deps;
    this.#faults = deps.shadowFaults ?? new ShadowFaults();
  }

  /**
   * Reads what the control topic says since the last call, and loads what scores by it. Throws where a promoted version cannot be
   * loaded; one in shadow that cannot is left out, and told.
   */
  async catchUp(): Promise<void> {
    const { log } = this.#deps;
    const waiting = [...this.#waiting.values()];
    for (const model of waiting) await this.#loadShadow(model);
    for await (const record of log.read({ topic: TOPICS.control, partition: 0, from: this.#nextOffset })) {
      await this.#take(record);
      this.#nextOffset = record.offset + 1;
    }
  }

  /** The version that decides the event at this place; undefined before the first promotion. */
  liveAt(at: Place): LiveModel | undefined {
    const promotion = this.#roles.liveAt(at);
    return promotion === undefined ? undefined : this.#live.get(promotion);
  }

  /**
   * The versions that score the event at this place beside the live one and decide nothing, lowest first: candidates from their
   * shadow's positions to those of their promotion or refusal, baselines from theirs on, the live version never. Those that could
   * not be loaded are left out.
   */
  shadowsAt(at: Place): readonly ScoringModel[] {
    return this.#roles.shadowsAt(at).flatMap((model) => this.#ready.get(artifactKey(model)) ?? []);
  }

  /** The version that was promoted last; undefined before the first promotion. */
  newest(): LiveModel | undefined {
    return this.#newest;
  }

  /** How a training request ended, a first model's or a later one's; undefined while it has not. */
  answerOf(requestId: string): TrainingAnswer | undefined {
    return this.#answered.get(requestId);
  }

  async #take(record: LogRecord): Promise<void> {
    const type = record.headers[HEADERS.type];
    if (type === CONTROL_TYPES.modelRegistered) {
      const registered = parseControl<ModelRegistered>(record);
      this.#registered.set(artifactKey(registered), registered);
    } else if (type === CONTROL_TYPES.modelShadowed) {
      await this.#shadow(parseControl<ModelShadowed>(record));
    } else if (type === CONTROL_TYPES.modelPromoted) {
      await this.#promote(parseControl<ModelPromoted>(record));
    } else if (type === CONTROL_TYPES.modelRefused) {
      this.#refuse(parseControl<ModelRefused>(record));
    } else if (type === CONTROL_TYPES.trainingRefused) {
      const refused = parseControl<TrainingRefused>(record);
      this.#answered.set(refused.requestId, refused);
    }
  }

  async #promote(promotion: ModelPromoted): Promise<void> {
    if (promotion.pipeline !== this.#deps.pipeline) return;
    const model = await this.#load(promotion, 'promoted');
    this.#newest = { ...model, promotion };
    this.#live.set(promotion, this.#newest);
    this.#roles.promote(promotion);
    this.#answered.set(promotion.requestId, promotion);
  }

  async #shadow(shadowed: ModelShadowed): Promise<void> {
    if (shadowed.pipeline !== this.#deps.pipeline) return;
    this.#roles.shadow(shadowed);
    await this.#loadShadow(shadowed);
  }

  #refuse(refused: ModelRefused): void {
    if (refused.pipeline !== this.#deps.pipeline) return;
    this.#roles.refuse(refused);
    this.#answered.set(refused.requestId, refused);
  }

  /** A version that decides nothing must stop nothing. */
  async #loadShadow(model: ModelRef): Promise<void> {
    const key = artifactKey(model);
    this.#waiting.delete(key);
    try {
      await this.#load(model, 'put in shadow');
      this.#faults.recovered(model);
    } catch (error) {
      if (isRetryable(error)) this.#waiting.set(key, model);
      this.#faults.failed(model, { events: 0, error });
    }
  }

  /** Makes a version ready, once. Throws RUNTIME_MODEL_MISSING, RUNTIME_MODEL_UNFIT, and what the runner throws. */
  async #load(model: ModelRef, what: string): Promise<ScoringModel> {
    const key = artifactKey(model);
    const known = this.#ready.get(key);
    if (known !== undefined) return known;
    const { name, version } = model;
    const registered = this.#registered.get(key);
    const onnx = await this.#artifact(model);
    if (registered === undefined || onnx === undefined) {
      const sentence = `${key} was ${what}, but its file is not in the data folder: restore the folder from a copy, or start with --fresh`;
      throw runtimeError('RUNTIME_MODEL_MISSING', sentence);
    }
    const columns = columnsOf(registered, this.#deps.featureNames);
    await this.#deps.runner.load({ name, version, onnx, inputs: columns.length });
    const ready = { name, version, columns };
    this.#ready.set(key, ready);
    return ready;
  }

  async #artifact(model: ModelRef): Promise<ModelArtifact['onnx'] | undefined> {
    for await (const entry of this.#deps.log.readState(STORES.artifacts, 0)) {
      if (entry.key === artifactKey(model)) return entry.value;
    }
    return undefined;
  }
}

/** Key of a model version's ONNX file in STORES.artifacts. */
export function artifactKey({ name, version }: ModelRef): string {
  return `${name}@${version}`;
}

/** For each input its column in the served vector; throws RUNTIME_MODEL_UNFIT for an input that no view serves. */
function columnsOf(model: ModelRegistered, featureNames: readonly string[]): number[] {
  return model.inputs.map((input) => {
    const column = featureNames.indexOf(input);
    if (column >= 0) return column;
    const sentence =
      `model ${artifactKey(model)} reads ${input}, which no feature view serves; the views serve: ${featureNames.join(', ')}. ` +
      'Bring the feature back, or start with --fresh to train on the views as they are';
    throw runtimeError('RUNTIME_MODEL_UNFIT', sentence);
  });
}

function parseControl<T>(record: LogRecord): T {
  try {
    return JSON.parse(new TextDecoder().decode(record.value)) as T;
  } catch (cause) {
    const sentence = `the record at offset ${record.offset} of ${record.topic} is not JSON: the data folder is damaged; restore it, or start with --fresh`;
    throw runtimeError('RUNTIME_CONTROL_UNREADABLE', sentence, { cause });
  }
}
