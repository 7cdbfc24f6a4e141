import type { Clock, ModelRunner } from '#core';
import type { LiveModel, ModelCatalog, ScoringModel } from '../../models/model-catalog.ts';
import { type Batch, type EventInFlight, openEvents, type StageFunction } from '../batch.ts';

export interface ModelStageDeps {
  readonly clock: Clock;
  readonly models: ModelCatalog;
  readonly runner: ModelRunner;
  /** Called with the events that a version decides, once all of them are on their way to the worker. Must not throw. */
  readonly handedOver?: (batch: Batch, events: readonly EventInFlight[]) => void;
}

/**
 * Scores each event with the version that is live at its offset, as one micro-batch a version; before the first: collecting.
 * Queue is all that the worker did not compute, the answer's way back with it: main thread and worker wait for each other there.
 * Where a batch holds several versions, queue and computation are as long as theirs together, one behind the other.
 */
export function createModelStage({ clock, models, runner, handedOver }: ModelStageDeps): StageFunction {
  return async (batch) => {
    const byModel = assign(batch, models);
    let fromUs: number | undefined;
    let [queueUs, computeUs, left] = [0, 0, byModel.size];
    for (const [model, events] of byModel) {
      const request = { name: model.name, version: model.version, rows: rowsOf(events, model), rowCount: events.length };
      const handedOverUs = clock.monotonicUs();
      fromUs ??= handedOverUs;
      const scoring = runner.score(request);
      left -= 1;
      if (left === 0) handedOver?.(batch, [...byModel.values()].flat());
      const { scores, computeFromUs, computeToUs } = await scoring;
      computeUs += computeToUs - computeFromUs;
      queueUs += computeFromUs - handedOverUs + (clock.monotonicUs() - computeToUs);
      for (const [index, event] of events.entries()) {
        event.model = { name: model.name, version: model.version };
        event.score = scores[index] ?? Number.NaN;
      }
    }
    markModel(batch, { fromUs: fromUs ?? clock.monotonicUs(), queueUs, computeUs });
  };
}

function markModel(
  { times }: Batch,
  took: { readonly fromUs: number; readonly queueUs: number; readonly computeUs: number },
): void {
  const computeFromUs = took.fromUs + took.queueUs;
  times.take('modelQueue', { fromUs: took.fromUs, toUs: computeFromUs });
  times.take('modelCompute', { fromUs: computeFromUs, toUs: computeFromUs + took.computeUs });
}

function assign(batch: Batch, models: ModelCatalog): Map<LiveModel, EventInFlight[]> {
  const byModel = new Map<LiveModel, EventInFlight[]>();
  for (const event of openEvents(batch)) {
    if (event.features === undefined) continue;
    const model = models.liveAt(event.record);
    if (model === undefined) {
      event.fate = 'collecting';
      continue;
    }
    const events = byModel.get(model);
    if (events === undefined) byModel.set(model, [event]);
    else events.push(event);
  }
  return byModel;
}

/** Row-major rows × inputs; what was not found is NaN, and the model itself fills it in. */
export function rowsOf(events: readonly EventInFlight[], model: ScoringModel): Float32Array {
  const { columns } = model;
  const rows = new Float32Array(events.length * columns.length);
  let cell = 0;
  for (const { features } of events) {
    for (const column of columns) {
      rows[cell] = features?.values[column] ?? Number.NaN;
      cell += 1;
    }
  }
  return rows;
}
