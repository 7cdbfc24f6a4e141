import { type DecisionRecord, HEADERS, traceIdOf } from '#core';
import { type Batch, type EventInFlight, positionOf, recordedEvent } from './batch.ts';
import type { PipelineDefinition } from './definition.ts';

type Varying = Omit<DecisionRecord, 'features' | 'marks'>;

/** Names are the same in every record of a lane, marks in every record of a batch: each is serialised once. */
const namesJson = new WeakMap<readonly string[], string>();
const marksJson = new WeakMap<Batch['marks'], string>();

function once<K extends object>(cache: WeakMap<K, string>, value: K): string {
  const known = cache.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  cache.set(value, text);
  return text;
}

/** The JSON of an event's DecisionRecord. */
export function decisionJson(
  event: EventInFlight,
  context: { readonly batch: Batch; readonly fate: 'scored' | 'collecting'; readonly definition: PipelineDefinition },
): string {
  const varying = JSON.stringify(varyingPart(event, context));
  const columns = JSON.stringify(event.features ?? NO_FEATURES);
  const names = once(namesJson, event.lane.features.names);
  const marks = once(marksJson, context.batch.marks);
  return `${varying.slice(0, -1)},"features":{"names":${names},${columns.slice(1)},"marks":${marks}}`;
}

const NO_FEATURES = { values: [], eventTimesMs: [], statuses: [] };

function varyingPart(
  event: EventInFlight,
  { fate, definition }: { readonly fate: 'scored' | 'collecting'; readonly definition: PipelineDefinition },
): Varying {
  const { record, score, decision } = event;
  const recorded = recordedEvent(event);
  return {
    fate,
    predictionId: event.predictionId ?? '',
    traceId: traceIdOf(recorded),
    pipeline: definition.name,
    event: recorded,
    position: positionOf(event),
    contract: event.contract ?? { subject: recorded.type, version: 0 },
    entity: event.entity ?? '',
    ...(event.model === undefined ? {} : { model: { ...event.model, role: 'live' } }),
    ...(score === undefined ? {} : { score }),
    ...(decision === undefined ? {} : { decision }),
    replay: record.headers[HEADERS.replay] !== undefined,
    appendedMs: record.timestampMs,
  };
}
