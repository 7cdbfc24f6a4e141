import { type ContractRef, type Envelope, HEADERS, predictionIdOf } from '#core';
import { dataschemaOf } from '#registry';
import { runtimeError } from '../../errors.ts';
import { type Batch, type EventInFlight, quarantine, type StageFunction } from '../batch.ts';
import type { PipelineDefinition } from '../definition.ts';
import { type IsSampled, publishedContext } from '../trace-context.ts';
import type { ContractGate } from './contract.ts';

export interface DecideDeps {
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
  /** Whether a trace is kept by ratio, whatever it holds. Default: none is. */
  readonly isSampled?: IsSampled;
}

const DAY_MS = 86_400_000;

/** Names the prediction of each event that enters scoring, and turns scores into decisions and predictions; a prediction that breaks its own contract stops the batch. */
export function createDecideStage({ definition, gate, isSampled = () => false }: DecideDeps): StageFunction {
  const source = `/throughline/pipelines/${definition.name}`;
  const publisher = { definition, gate, isSampled, source, dataschemas: new WeakMap<ContractRef, string>() };
  return (batch) => {
    for (const item of batch.items) {
      if (item.kind !== 'event' || item.features === undefined || item.envelope === undefined) continue;
      item.predictionId = predictionIdOf(definition.name, item.envelope);
      if (item.score === undefined) continue;
      if (Number.isFinite(item.score)) publish(batch, item, publisher);
      else refuse(item, item.score);
    }
  };
}

/** A score that is no number (values beyond float32, a model gone wrong) ends its own event, and no other. */
function refuse(event: EventInFlight, score: number): void {
  const { name, version } = event.model ?? { name: 'the model', version: 0 };
  quarantine(event, 'model: score is not finite', `${name} v${version} gave ${score} for this event's features`);
  delete event.predictionId;
}

/** What predictions have in common is made once. */
interface Publisher extends Required<DecideDeps> {
  readonly source: string;
  readonly dataschemas: WeakMap<ContractRef, string>;
}

function publish(batch: Batch, event: EventInFlight, publisher: Publisher): void {
  const { definition, gate, isSampled, source } = publisher;
  const { envelope, model, score, entity, predictionId } = event;
  if (envelope === undefined || model === undefined || score === undefined) return;
  if (entity === undefined || predictionId === undefined) return;
  const { below, otherwise, threshold } = definition.decision;
  event.decision = score < threshold ? below : otherwise;
  event.fate = 'scored';
  const data: Prediction = {
    predictionId,
    entity,
    model: model.name,
    modelVersion: model.version,
    score,
    decision: event.decision,
    scoredEvent: { source: envelope.source, id: envelope.id },
    horizonDays: definition.outcome.horizonMs / DAY_MS,
  };
  const verdict = gate.judge({ type: definition.predictionSubject }, data);
  if (!verdict.ok) {
    throw runtimeError('RUNTIME_PREDICTION_INVALID', predictionSentence(definition, { envelope, message: verdict.message }));
  }
  const context = publishedContext(event, isSampled);
  batch.records.push({
    topic: definition.predictionTopic,
    partition: event.record.partition,
    key: entity,
    headers: {
      [HEADERS.specversion]: '1.0',
      [HEADERS.id]: predictionId,
      [HEADERS.source]: source,
      [HEADERS.type]: definition.predictionSubject,
      [HEADERS.time]: event.record.headers[HEADERS.time] ?? new Date(envelope.timeMs).toISOString(),
      [HEADERS.dataschema]: knownDataschema(publisher, verdict.contract),
      [HEADERS.contentType]: 'application/json',
      [HEADERS.traceparent]: context.origin,
      [HEADERS.hopTraceparent]: context.hop,
    },
    value: predictionJson(data),
  });
}

interface Prediction {
  readonly predictionId: string;
  readonly entity: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly score: number;
  readonly decision: string;
  readonly scoredEvent: { readonly source: string; readonly id: string };
  readonly horizonDays: number;
}

/** As JSON.stringify has it, at half the cost; names of models and decisions need no escape. */
function predictionJson(data: Prediction): string {
  const { scoredEvent } = data;
  const names = `"predictionId":"${data.predictionId}","entity":${JSON.stringify(data.entity)},"model":"${data.model}"`;
  const outcome = `"modelVersion":${data.modelVersion},"score":${data.score},"decision":"${data.decision}"`;
  const of = `{"source":${JSON.stringify(scoredEvent.source)},"id":${JSON.stringify(scoredEvent.id)}}`;
  return `{${names},${outcome},"scoredEvent":${of},"horizonDays":${data.horizonDays}}`;
}

function knownDataschema({ dataschemas }: Publisher, contract: ContractRef): string {
  const known = dataschemas.get(contract);
  if (known !== undefined) return known;
  const dataschema = dataschemaOf(contract);
  dataschemas.set(contract, dataschema);
  return dataschema;
}

function predictionSentence(
  definition: PipelineDefinition,
  failure: { readonly envelope: Envelope; readonly message: string },
): string {
  return (
    `the prediction for event ${failure.envelope.id} of ${failure.envelope.source} breaks its contract ${definition.predictionSubject}: ` +
    `${failure.message}; correct the contract or the model of pipeline ${definition.name}, then start again: nothing was published`
  );
}
