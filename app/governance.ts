import { type Clock, type EpochMs, type EventLog, type LogPosition, messageOf, parseDuration, ThroughlineError } from '#core';
import {
  type GovernedModel,
  type Governor,
  gateSettings,
  type RollbackOrder,
  type RolledBack,
  retrainingSettings,
  rollBack,
} from '#drift';
import type { Barrier, ModelCatalog, PipelineDefinition } from '#runtime';
import type { ModelFile } from './config/index.ts';

export interface GovernanceDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly models: ModelCatalog;
  readonly definition: PipelineDefinition;
  readonly governor: Governor;
  /** The slowest partition's, epoch ms. */
  readonly watermarkMs: () => EpochMs;
  /** Tells people what just happened. */
  readonly announce: (sentence: string) => void;
}

interface WaitingOrder {
  readonly order: RollbackOrder;
  readonly resolve: (rolledBack: RolledBack) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * When the pipeline stops for a decision about its model: at the reviews of the governor, which a replayed history always meets at
 * the same positions, and at once where a person orders a roll-back.
 */
export class Governance {
  readonly #deps: GovernanceDeps;
  readonly #orders: WaitingOrder[] = [];

  constructor(deps: GovernanceDeps) {
    this.#deps = deps;
  }

  /** The next barrier of the pipeline. */
  next(): Barrier | undefined {
    if (this.#orders.length > 0) {
      return { atMs: Number.NEGATIVE_INFINITY, answer: (positions) => this.#carryOut(positions) };
    }
    const atMs = this.#deps.governor.nextMs(this.#deps.watermarkMs());
    if (atMs === undefined) return undefined;
    return {
      atMs,
      answer: async (positions, signal) => {
        await this.#deps.governor.review({ atMs, positions }, signal);
        await this.#deps.models.catchUp();
      },
    };
  }

  /** Resolves when the earlier version decides. Throws DRIFT_MODEL_UNKNOWN, DRIFT_ROLLBACK_REFUSED, BROKER_*. */
  rollBack(order: RollbackOrder): Promise<RolledBack> {
    return new Promise((resolve, reject) => {
      this.#orders.push({ order, resolve, reject });
    });
  }

  async #carryOut(positions: readonly LogPosition[]): Promise<void> {
    const { log, clock, models, definition, watermarkMs, announce } = this.#deps;
    for (let waiting = this.#orders.shift(); waiting !== undefined; waiting = this.#orders.shift()) {
      try {
        const parts = { log, clock, pipeline: definition.name, model: definition.model };
        const rolledBack = await rollBack(parts, waiting.order, { atMs: watermarkMs(), positions });
        await models.catchUp();
        announce(`${rolledBack.name} v${rolledBack.version} decides. ${rolledBack.reason} (${rolledBack.actor})`);
        waiting.resolve(rolledBack);
      } catch (error) {
        waiting.reject(error);
        // What a person asked for wrongly is theirs to know; a broken log is the pipeline's.
        if (!(error instanceof ThroughlineError) || error.status >= 500) throw error;
        announce(`roll-back refused: ${messageOf(error)}`);
      }
    }
  }
}

/** A model as its reviews see it, from its file and its pipeline's. */
export function governedModelOf(file: ModelFile, definition: PipelineDefinition, computeBudgetMs: number): GovernedModel {
  const fromMs = Date.parse(`${file.firstTraining.from}T00:00:00Z`);
  return {
    name: file.model,
    pipeline: definition.name,
    inputs: file.inputs,
    trainer: file.trainer,
    firstWindow: { fromMs, toMs: fromMs + parseDuration(file.firstTraining.for) },
    horizonMs: definition.outcome.horizonMs,
    retraining: file.retraining === undefined ? undefined : retrainingSettings(file.retraining),
    gate: gateSettings(file.gate),
    computeBudgetUs: computeBudgetMs * 1000,
  };
}
