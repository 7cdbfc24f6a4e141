import { type ContractRef, type Envelope, HEADERS, type ModelRef, type NewRecord, predictionIdOf } from '#core';
import { dataschemaOf } from '#registry';
import { runtimeError } from '../../errors.ts';
import { type Batch, type EventInFlight, quarantine, type StageFunction } from '../batch.ts';
import type { EmittedDecision, PipelineDefinition } from '../definition.ts';
import { type IsSampled, publishedContext, type TraceContext } from '../trace-context.ts';
import type { ContractGate } from './contract.ts';

export interface DecideDeps {
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
  /** Whether a trace is kept by ratio, whatever it holds. Default: none is. */
  readonly isSampled?: IsSampled;
}

const DAY_MS = 86_400_000;

/**
 * Names the prediction of each event that enters scoring, and turns scores into decisions, predictions, and events of the decisions
 * under the threshold where the pipeline emits them; one that breaks its own contract stops the batch.
 */
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

/** A scored event with all that its prediction is made of. */
interface Scored {
  readonly event: EventInFlight;
  readonly envelope: Envelope;
  readonly entity: string;
  readonly predictionId: string;
  readonly model: ModelRef;
  readonly score: number;
}

function publish(batch: Batch, event: EventInFlight, publisher: Publisher): void {
  const { envelope, model, score, entity, predictionId } = event;
  if (envelope === undefined || model === undefined || score === undefined) return;
  if (entity === undefined || predictionId === undefined) return;
  const { below, otherwise, threshold, emits } = publisher.definition.decision;
  const scored = { event, envelope, entity, predictionId, model, score };
  event.decision = score < threshold ? below : otherwise;
  event.fate = 'scored';
  const outputs = [predictionOf(scored, event.decision, publisher)];
  if (emits !== undefined && score < threshold) outputs.push(decisionEventOf(scored, emits, publisher));
  const context = publishedContext(event, publisher.isSampled);
  for (const output of outputs) batch.records.push(recordOf(output, { scored, context, publisher }));
}

/** An event that goes out: judged by the contract of its type first. */
interface Output {
  readonly topic: string;
  readonly type: string;
  /** CloudEvents source: with the prediction's id it names the event. */
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly json: string;
  /** Of the error where it breaks its contract, and what it is called there. */
  readonly code: 'RUNTIME_PREDICTION_INVALID' | 'RUNTIME_DECISION_INVALID';
  readonly what: string;
}

function recordOf(
  output: Output,
  { scored, context, publisher }: { readonly scored: Scored; readonly context: TraceContext; readonly publisher: Publisher },
): NewRecord {
  const { event, envelope, entity, predictionId } = scored;
  const verdict = publisher.gate.judge({ type: output.type }, output.data);
  if (!verdict.ok) throw runtimeError(output.code, breachSentence(output, publisher.definition, { envelope, verdict }));
  return {
    topic: output.topic,
    partition: event.record.partition,
    key: entity,
    headers: {
      [HEADERS.specversion]: '1.0',
      [HEADERS.id]: predictionId,
      [HEADERS.source]: output.source,
      [HEADERS.type]: output.type,
      [HEADERS.time]: event.record.headers[HEADERS.time] ?? new Date(envelope.timeMs).toISOString(),
      [HEADERS.dataschema]: knownDataschema(publisher, verdict.contract),
      [HEADERS.contentType]: 'application/json',
      [HEADERS.traceparent]: context.origin,
      [HEADERS.hopTraceparent]: context.hop,
    },
    value: output.json,
  };
}

function predictionOf(scored: Scored, decision: string, { definition, source }: Publisher): Output {
  const { predictionId, entity, model, score, envelope } = scored;
  const data = {
    predictionId,
    entity,
    model: model.name,
    modelVersion: model.version,
    score,
    decision,
    scoredEvent: { source: envelope.source, id: envelope.id },
    horizonDays: definition.outcome.horizonMs / DAY_MS,
  };
  const { predictionTopic: topic, predictionSubject: type } = definition;
  return { topic, type, source, data, json: predictionJson(data), code: 'RUNTIME_PREDICTION_INVALID', what: 'prediction' };
}

/** A source of its own: (source, id) must tell it from the prediction, whose id it shares. */
function decisionEventOf(scored: Scored, { topic, subject: type }: EmittedDecision, { definition, source }: Publisher): Output {
  const { predictionId, entity, model, score, envelope } = scored;
  const data = {
    predictionId,
    entity,
    model: model.name,
    modelVersion: model.version,
    score,
    threshold: definition.decision.threshold,
    scoredEvent: { source: envelope.source, id: envelope.id },
    expiresAt: new Date(envelope.timeMs + definition.outcome.horizonMs).toISOString(),
  };
  return {
    topic,
    type,
    source: `${source}/decisions`,
    data,
    json: JSON.stringify(data),
    code: 'RUNTIME_DECISION_INVALID',
    what: `decision ${definition.decision.below}`,
  };
}

/** As JSON.stringify has it, at half the cost; names of models and decisions need no escape. */
function predictionJson(data: Prediction): string {
  const { scoredEvent } = data;
  const names = `"predictionId":"${data.predictionId}","entity":${JSON.stringify(data.entity)},"model":"${data.model}"`;
  const outcome = `"modelVersion":${data.modelVersion},"score":${data.score},"decision":"${data.decision}"`;
  const of = `{"source":${JSON.stringify(scoredEvent.source)},"id":${JSON.stringify(scoredEvent.id)}}`;
  return `{${names},${outcome},"scoredEvent":${of},"horizonDays":${data.horizonDays}}`;
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

function knownDataschema({ dataschemas }: Publisher, contract: ContractRef): string {
  const known = dataschemas.get(contract);
  if (known !== undefined) return known;
  const dataschema = dataschemaOf(contract);
  dataschemas.set(contract, dataschema);
  return dataschema;
}

function breachSentence(
  { what, type }: Output,
  { name }: PipelineDefinition,
  { envelope, verdict }: { readonly envelope: Envelope; readonly verdict: { readonly message: string } },
): string {
  return (
    `the ${what} for event ${envelope.id} of ${envelope.source} breaks its contract ${type}: ${verdict.message}; ` +
    `correct the contract or the model of pipeline ${name}, then start again: nothing was published`
  );
}
