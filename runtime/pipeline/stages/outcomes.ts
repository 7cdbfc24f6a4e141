import type { Fate } from '#core';
import type { Batch, EventInFlight, StageFunction, WatermarkInFlight } from '../batch.ts';
import type { PipelineDefinition } from '../definition.ts';

const VALID_FATES: ReadonlySet<Fate | undefined> = new Set<Fate>(['scored', 'collecting', 'used_by_features', 'accepted']);

/** Joins later events to their predictions, and opens the new ones, at each event's place in the order. */
export function createOutcomeStage(definition: PipelineDefinition): StageFunction {
  return (batch) => {
    for (const item of batch.items) {
      if (item.kind === 'watermark') mature(batch, item);
      else if (VALID_FATES.has(item.fate)) join(batch, item, definition);
    }
  };
}

function mature(batch: Batch, { lane, watermarkMs }: WatermarkInFlight): void {
  const matured = lane.openPredictions.mature(watermarkMs);
  lane.progress.outcomes.negative += matured.length;
  batch.outcomes.push(...matured);
}

function join(batch: Batch, event: EventInFlight, definition: PipelineDefinition): void {
  const { envelope, entity, lane } = event;
  if (envelope === undefined || entity === undefined) return;
  if (envelope.type === definition.outcome.subject) {
    const settled = lane.openPredictions.settle(entity, envelope);
    lane.progress.outcomes.positive += settled.length;
    batch.outcomes.push(...settled);
  }
  if (event.predictionId === undefined) return;
  lane.openPredictions.open({
    predictionId: event.predictionId,
    offset: event.record.offset,
    event: { source: envelope.source, id: envelope.id },
    entity,
    timeMs: envelope.timeMs,
  });
}
