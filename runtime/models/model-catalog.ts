import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  type LogRecord,
  type ModelArtifact,
  type ModelPromoted,
  type ModelRef,
  type ModelRegistered,
  type ModelRunner,
  STORES,
  TOPICS,
  type TrainingRefused,
} from '#core';
import { runtimeError } from '../errors.ts';

/** A version that decides, from a position of each partition on. */
export interface LiveModel extends ModelRef {
  /** For each input of the model, its column in the served vector. */
  readonly columns: readonly number[];
  readonly promotion: ModelPromoted;
}

export interface ModelCatalogDeps {
  readonly log: EventLog;
  readonly runner: ModelRunner;
  readonly pipeline: string;
  /** Qualified names of the served features, in the order of the vector. */
  readonly featureNames: readonly string[];
}

/**
 * Which model version decides where, as the control topic tells it: a state machine over its records, so that a restart or a
 * replay comes to the same answer at the same offset.
 */
export class ModelCatalog {
  readonly #deps: ModelCatalogDeps;
  readonly #registered = new Map<string, ModelRegistered>();
  readonly #promotions: LiveModel[] = [];
  readonly #answered = new Map<string, ModelPromoted | TrainingRefused>();
  #nextOffset = 0;

  constructor(deps: ModelCatalogDeps) {
    this.#deps = deps;
  }

  /** Reads what the control topic says since the last call, and loads what was promoted. */
  async catchUp(): Promise<void> {
    const { log } = this.#deps;
    for await (const record of log.read({ topic: TOPICS.control, partition: 0, from: this.#nextOffset })) {
      await this.#take(record);
      this.#nextOffset = record.offset + 1;
    }
  }

  /** The version that decides the event at this place; undefined before the first promotion. */
  liveAt(at: { readonly partition: number; readonly offset: number }): LiveModel | undefined {
    return this.#promotions.findLast(({ promotion }) =>
      promotion.positions.some(({ partition, offset }) => partition === at.partition && at.offset >= offset),
    );
  }

  /** The version that was promoted last; undefined before the first promotion. */
  newest(): LiveModel | undefined {
    return this.#promotions.at(-1);
  }

  /** How a training request ended: with a promotion, with a refusal, or not yet. */
  answerOf(requestId: string): ModelPromoted | TrainingRefused | undefined {
    return this.#answered.get(requestId);
  }

  async #take(record: LogRecord): Promise<void> {
    const type = record.headers[HEADERS.type];
    if (type === CONTROL_TYPES.modelRegistered) {
      const registered = parseControl<ModelRegistered>(record);
      this.#registered.set(artifactKey(registered), registered);
    } else if (type === CONTROL_TYPES.modelPromoted) {
      await this.#promote(parseControl<ModelPromoted>(record));
    } else if (type === CONTROL_TYPES.trainingRefused) {
      const refused = parseControl<TrainingRefused>(record);
      this.#answered.set(refused.requestId, refused);
    }
  }

  async #promote(promotion: ModelPromoted): Promise<void> {
    if (promotion.pipeline !== this.#deps.pipeline) return;
    const registered = this.#registered.get(artifactKey(promotion));
    const onnx = await this.#artifact(promotion);
    if (registered === undefined || onnx === undefined) {
      const sentence = `${artifactKey(promotion)} was promoted, but its file is not in the data folder: restore the folder from a copy, or start with --fresh`;
      throw runtimeError('RUNTIME_MODEL_MISSING', sentence);
    }
    const columns = columnsOf(registered, this.#deps.featureNames);
    await this.#deps.runner.load({ name: promotion.name, version: promotion.version, onnx, inputs: columns.length });
    this.#promotions.push({ name: promotion.name, version: promotion.version, columns, promotion });
    this.#answered.set(promotion.requestId, promotion);
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
