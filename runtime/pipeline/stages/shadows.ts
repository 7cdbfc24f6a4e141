import type { ModelRunner } from '#core';
import type { ModelCatalog, ScoringModel } from '../../models/model-catalog.ts';
import type { ShadowFaults } from '../../models/shadow-faults.ts';
import type { Batch, EventInFlight, StageFunction } from '../batch.ts';
import { rowsOf } from './model.ts';

export interface ShadowScoringDeps {
  readonly models: ModelCatalog;
  readonly runner: ModelRunner;
  readonly faults: ShadowFaults;
}

/** Shadows of a batch: handed to the worker right behind the live version, and waited for by a stage of their own. */
export interface ShadowScoring {
  readonly begin: (batch: Batch, events: readonly EventInFlight[]) => void;
  readonly end: StageFunction;
}

/**
 * Scores of the versions that decide nothing, one micro-batch a version over the events that it shadows. The worker computes them
 * behind the live scores, while the main thread makes decisions of those; `end` waits for what is left of that before the records
 * are written. Neither counts for a stage: no mark of model or decide holds a shadow's computation, and what `end` waits is
 * unattributed. A shadow that fails leaves its score out, and changes nothing else.
 */
export function createShadowScoring(deps: ShadowScoringDeps): ShadowScoring {
  const scoring = new WeakMap<Batch, Promise<unknown>>();
  return {
    begin: (batch, events) => {
      const byModel = assign(events, deps);
      if (byModel.size === 0) return;
      const scored = [...byModel].map(([model, shadowed]) => scoreShadow(model, shadowed, deps));
      scoring.set(batch, Promise.all(scored));
    },
    end: async (batch) => {
      await scoring.get(batch);
    },
  };
}

function assign(
  events: readonly EventInFlight[],
  { models, faults }: ShadowScoringDeps,
): ReadonlyMap<ScoringModel, readonly EventInFlight[]> {
  const byModel = new Map<ScoringModel, EventInFlight[]>();
  for (const event of events) {
    for (const model of models.shadowsAt(event.record)) {
      if (faults.isGivenUp(model)) continue;
      const shadowed = byModel.get(model);
      if (shadowed === undefined) byModel.set(model, [event]);
      else shadowed.push(event);
    }
  }
  return byModel;
}

/** Never rejects. */
async function scoreShadow(
  model: ScoringModel,
  events: readonly EventInFlight[],
  { runner, faults }: ShadowScoringDeps,
): Promise<void> {
  const { name, version } = model;
  try {
    const { scores } = await runner.score({ name, version, rows: rowsOf(events, model), rowCount: events.length });
    const without = events.filter((event, index) => !addScore(event, version, scores[index])).length;
    if (without > 0) faults.partly(model, without);
    faults.recovered(model);
  } catch (error) {
    faults.failed(model, { events: events.length, error });
  }
}

/** In the order of the versions, whichever came back first. False where the score is no number. */
function addScore(event: EventInFlight, version: number, score: number | undefined): boolean {
  if (score === undefined || !Number.isFinite(score)) return false;
  const others = event.shadows ?? [];
  event.shadows = [...others, { version, score }].toSorted((left, right) => left.version - right.version);
  return true;
}
