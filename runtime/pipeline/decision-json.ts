import type { ContractRef, ShadowScore } from '#core';
import type { FeatureRow } from '../features/feature-state.ts';
import { type Batch, type EventInFlight, recordedEvent } from './batch.ts';
import type { PipelineDefinition } from './definition.ts';
import { traceIdOfEvent } from './trace-context.ts';

/** What is the same in many records is serialised once: a lane's feature names, a batch's times, a contract. */
const serialised = new WeakMap<object, string>();

function once<T extends object>(value: T, write: (value: T) => string = JSON.stringify): string {
  const known = serialised.get(value);
  if (known !== undefined) return known;
  const text = write(value);
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

/** Words that need no escape. */
function wordsJson(list: readonly string[]): string {
  return list.length === 0 ? '[]' : `["${list.join('","')}"]`;
}

/** The JSON of an event's DecisionRecord, put together from its parts: JSON.stringify of the whole costs twice as much. */
export function decisionJson(
  event: EventInFlight,
  context: { readonly batch: Batch; readonly fate: 'scored' | 'collecting'; readonly definition: PipelineDefinition },
): string {
  const { record, lane } = event;
  const recorded = recordedEvent(event);
  const { values, eventTimesMs, statuses } = event.features ?? NO_FEATURES;
  const features = `"features":{"names":${once(lane.features.names)},"values":${numbersJson(values)},"eventTimesMs":${numbersJson(eventTimesMs)},"statuses":${wordsJson(statuses)}}`;
  const names = `"fate":"${context.fate}","predictionId":"${event.predictionId ?? ''}","traceId":"${traceIdOfEvent(event)}","pipeline":"${context.definition.name}"`;
  const position = `{"topic":${JSON.stringify(record.topic)},"partition":${record.partition},"offset":${record.offset}}`;
  const refs = `"event":${JSON.stringify(recorded)},"position":${position},"contract":${once(event.contract ?? NO_CONTRACT)},"entity":${JSON.stringify(event.entity ?? '')}`;
  const times = `"replay":${event.isReplay},"backlog":${event.isBacklog},"appendedMs":${record.timestampMs},${once(context.batch, batchMembers)}`;
  return `{${names},${refs},${features},${times}${scoringMembers(event)}}`;
}

function batchMembers({ id, times }: Batch): string {
  return `"polledMs":${times.polledMs},"batchId":"${id}","marks":${JSON.stringify(times.stageMarks())}`;
}

/** Absent while collecting. */
function scoringMembers({ model, score, decision, shadows }: EventInFlight): string {
  if (model === undefined || score === undefined || decision === undefined) return '';
  const { name, version } = model;
  const live = `"model":{"name":"${name}","version":${version},"role":"live"},"score":${score},"decision":"${decision}"`;
  return `,${live}${shadowMember(shadows)}`;
}

/** Absent where no version scored in shadow. */
function shadowMember(shadows: readonly ShadowScore[] | undefined): string {
  if (shadows === undefined) return '';
  return `,"shadows":[${shadows.map(({ version, score }) => `{"version":${version},"score":${score}}`).join(',')}]`;
}
