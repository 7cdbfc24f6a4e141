import { type Clock, type Envelope, HEADERS, predictionIdOf } from '#core';
import { dataschemaOf } from '#registry';
import { runtimeError } from '../../errors.ts';
import { type Batch, type EventInFlight, quarantine, type StageFunction } from '../batch.ts';
import type { PipelineDefinition } from '../definition.ts';
import type { ContractGate } from './contract.ts';

export interface DecideDeps {
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly gate: ContractGate;
}

const DAY_MS = 86_400_000;

/** Names the prediction of each event that enters scoring, and turns scores into decisions and predictions; a prediction that breaks its own contract stops the batch. */
export function createDecideStage({ clock, definition, gate }: DecideDeps): StageFunction {
  return (batch) => {
    for (const item of batch.items) {
      if (item.kind !== 'event' || item.features === undefined || item.envelope === undefined) continue;
      item.predictionId = predictionIdOf(definition.name, item.envelope);
      if (item.score === undefined) continue;
      if (Number.isFinite(item.score)) publish(batch, item, { definition, gate });
      else refuse(item, item.score);
    }
    batch.marks.decidedUs = clock.monotonicUs();
  };
}

/** A score that is no number (values beyond float32, a model gone wrong) ends its own event, and no other. */
function refuse(event: EventInFlight, score: number): void {
  const { name, version } = event.model ?? { name: 'the model', version: 0 };
  quarantine(event, 'model: score is not finite', `${name} v${version} gave ${score} for this event's features`);
  delete event.predictionId;
}

function publish(batch: Batch, event: EventInFlight, { definition, gate }: Omit<DecideDeps, 'clock'>): void {
  const { envelope, model, score, entity, predictionId } = event;
  if (envelope === undefined || model === undefined || score === undefined) return;
  if (entity === undefined || predictionId === undefined) return;
  const { below, otherwise, threshold } = definition.decision;
  event.decision = score < threshold ? below : otherwise;
  event.fate = 'scored';
  const data = {
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
  batch.records.push({
    topic: definition.predictionTopic,
    partition: event.record.partition,
    key: entity,
    headers: {
      [HEADERS.specversion]: '1.0',
      [HEADERS.id]: predictionId,
      [HEADERS.source]: `/throughline/pipelines/${definition.name}`,
      [HEADERS.type]: definition.predictionSubject,
      [HEADERS.time]: event.record.headers[HEADERS.time] ?? new Date(envelope.timeMs).toISOString(),
      [HEADERS.dataschema]: dataschemaOf(verdict.contract),
      [HEADERS.contentType]: 'application/json',
    },
    value: JSON.stringify(data),
  });
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
