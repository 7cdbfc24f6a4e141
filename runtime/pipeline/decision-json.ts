import { type ContractRef, type DecisionRecord, HEADERS, traceIdOf } from '#core';
import { type Batch, type EventInFlight, positionOf, recordedEvent } from './batch.ts';
import type { PipelineDefinition } from './definition.ts';

/** What is the same in many records is serialised once: a lane's feature names, a batch's marks, a contract. */
const serialised = new WeakMap<object, string>();

function once(value: object): string {
  const known = serialised.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  serialised.set(value, text);
  return text;
}

const NO_FEATURES = { values: [], eventTimesMs: [], statuses: [] };
const NO_CONTRACT: ContractRef = { subject: 'unknown', version: 0 };

/** The JSON of an event's DecisionRecord, put together from its parts: this is a third of what a scored event costs. */
export function decisionJson(
  event: EventInFlight,
  context: { readonly batch: Batch; readonly fate: 'scored' | 'collecting'; readonly definition: PipelineDefinition },
): string {
  const { record, lane } = event;
  const recorded = recordedEvent(event);
  const columns = JSON.stringify(event.features ?? NO_FEATURES);
  const isReplay = record.headers[HEADERS.replay] !== undefined;
  const members: { readonly [Member in keyof Omit<DecisionRecord, 'model' | 'score' | 'decision'>]-?: string } = {
    fate: `"${context.fate}"`,
    predictionId: `"${event.predictionId ?? ''}"`,
    traceId: `"${traceIdOf(recorded)}"`,
    pipeline: `"${context.definition.name}"`,
    event: JSON.stringify(recorded),
    position: JSON.stringify(positionOf(event)),
    contract: once(event.contract ?? NO_CONTRACT),
    entity: JSON.stringify(event.entity ?? ''),
    features: `{"names":${once(lane.features.names)},${columns.slice(1)}`,
    replay: String(isReplay),
    appendedMs: String(record.timestampMs),
    marks: once(context.batch.marks),
  };
  let json = '';
  for (const [name, value] of Object.entries(members)) json += `,"${name}":${value}`;
  return `{${json.slice(1)}${scoringMembers(event)}}`;
}

/** Absent while collecting. */
function scoringMembers({ model, score, decision }: EventInFlight): string {
  if (model === undefined || score === undefined || decision === undefined) return '';
  const { name, version } = model;
  return `,"model":{"name":"${name}","version":${version},"role":"live"},"score":${score},"decision":"${decision}"`;
}
