import { type EventInFlight, forEachOpen, quarantine, type StageFunction } from '../batch.ts';
import type { PipelineDefinition } from '../definition.ts';

/** Entities become keys in the store; what cannot be one must not stop the events behind it. */
const MAX_ENTITY_LENGTH = 256;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Applies events to the feature views in offset order, and reads the vector of each scored event at its place in that order:
 * views that exclude the event's own purchase see it only afterwards.
 */
export function createFeatureStage(definition: PipelineDefinition): StageFunction {
  return (batch) => {
    forEachOpen(batch, 'features', (event) => takeEvent(event, definition));
  };
}

function takeEvent(event: EventInFlight, { entityProperty, scoredSubject }: PipelineDefinition): void {
  const { envelope, data, lane } = event;
  if (envelope === undefined || data === undefined) return;
  const entity = data[entityProperty];
  if (typeof entity !== 'string' || entity === '') {
    event.fate = 'without_entity';
    return;
  }
  if (entity.length > MAX_ENTITY_LENGTH || LONE_SURROGATE.test(entity)) {
    quarantine(
      event,
      'entity: unusable',
      `'${entityProperty}' must be well-formed text of at most ${MAX_ENTITY_LENGTH} characters`,
    );
    return;
  }
  event.entity = entity;
  event.views = lane.features.viewsOf(envelope.type);
  const featureEvent = { subject: envelope.type, entity, timeMs: envelope.timeMs, data };
  lane.features.apply(featureEvent, 'included');
  if (envelope.type === scoredSubject) event.features = lane.features.read(entity, envelope.timeMs);
  lane.features.apply(featureEvent, 'excluded');
  if (event.features === undefined) event.fate = event.views.length > 0 ? 'used_by_features' : 'accepted';
}
