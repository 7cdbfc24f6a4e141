import { type ContractRef, HEADERS, traceIdOf } from '#core';
import type { FeatureRow } from '../features/feature-state.ts';
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

const NO_FEATURES: FeatureRow = { values: [], eventTimesMs: [], statuses: [] };
const NO_CONTRACT: ContractRef = { subject: 'unknown', version: 0 };

/** A list of numbers and nulls; what JSON cannot hold becomes null, as JSON.stringify has it. */
function numbersJson(list: readonly (number | null)[]): string {
  let json = '';
  for (const item of list) json += `,${item === null || !Number.isFinite(item) ? 'null' : item}`;
  return `[${json.slice(1)}]`;
}

/** The JSON of an event's DecisionRecord, put together from its parts: JSON.stringify of the whole costs twice as much. */
export function decisionJson(
  event: EventInFlight,
  context: { readonly batch: Batch; readonly fate: 'scored' | 'collecting'; readonly definition: PipelineDefinition },
): string {
  const { record, lane } = event;
  const recorded = recordedEvent(event);
  const { values, eventTimesMs, statuses } = event.features ?? NO_FEATURES;
  const isReplay = record.headers[HEADERS.replay] !== undefined;
  const features = `"features":{"names":${once(lane.features.names)},"values":${numbersJson(values)},"eventTimesMs":${numbersJson(eventTimesMs)},"statuses":${JSON.stringify(statuses)}}`;
  const names = `"fate":"${context.fate}","predictionId":"${event.predictionId ?? ''}","traceId":"${traceIdOf(recorded)}","pipeline":"${context.definition.name}"`;
  const refs = `"event":${JSON.stringify(recorded)},"position":${JSON.stringify(positionOf(event))},"contract":${once(event.contract ?? NO_CONTRACT)},"entity":${JSON.stringify(event.entity ?? '')}`;
  const times = `"replay":${isReplay},"appendedMs":${record.timestampMs},"marks":${once(context.batch.marks)}`;
  return `{${names},${refs},${features},${times}${scoringMembers(event)}}`;
}

/** Absent while collecting. */
function scoringMembers({ model, score, decision }: EventInFlight): string {
  if (model === undefined || score === undefined || decision === undefined) return '';
  const { name, version } = model;
  return `,"model":{"name":"${name}","version":${version},"role":"live"},"score":${score},"decision":"${decision}"`;
}
