import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ATTRIBUTES, type BatchRecord, type CompletedEvent, type MarkPair, type StageName } from '#core';

/** A journey whose trace is kept: the event, its batch, where it came from and where its prediction went. */
export interface JourneyContext {
  readonly event: CompletedEvent;
  readonly batch: BatchRecord;
  readonly topic: string;
  readonly predictionTopic: string;
}

/** A child of the `process` span. */
export interface JourneyStep {
  readonly step: StageName;
  readonly name: string;
  readonly kind: SpanKind;
  /** µs after the poll returned; time in the log is negative. */
  readonly marks: MarkPair;
  readonly attributes: Attributes;
}

/** Microseconds that the event waited in the log; negative where the clocks of log and pipeline are skewed. */
export function brokerWaitUsOf({ event, batch }: JourneyContext): number {
  return (batch.polledMs - event.appendedMs) * 1000;
}

/**
 * The stages that an event went through, in order, without gaps where the marks have none: from append to acknowledgement they add
 * up to end to end. An event that did not enter scoring shows only those that it took part in, and the commit that made it durable.
 */
export function stepsOf(journey: JourneyContext): readonly JourneyStep[] {
  const { event, batch } = journey;
  const steps = [...waitSteps(journey), contractStep(event, batch)];
  const isDecision = event.fate === 'scored' || event.fate === 'collecting';
  if (isDecision || event.fate === 'used_by_features') steps.push(featureStep(event, batch));
  if (isDecision) steps.push(...modelSteps(event, batch), internal('decide', 'decide', batch.marks.decide));
  steps.push(publishStep(journey));
  return steps;
}

function waitSteps(journey: JourneyContext): readonly JourneyStep[] {
  const brokerWaitUs = brokerWaitUsOf(journey);
  const inBatch = internal('batch_wait', 'wait in batch', journey.batch.marks.batchWait);
  if (brokerWaitUs < 0) return [inBatch];
  return [internal('broker_wait', `wait in ${journey.topic}`, [-brokerWaitUs, 0]), inBatch];
}

/** Named after the contract that was found, never after the event's own type: anyone may send any type, and span names stay few. */
function contractStep(event: CompletedEvent, batch: BatchRecord): JourneyStep {
  const { contract } = event;
  if (contract === undefined) return internal('contract', 'contract', batch.marks.contract);
  const step = internal('contract', `contract ${contract.subject}`, batch.marks.contract);
  return { ...step, attributes: contractAttributes(event) };
}

function featureStep(event: CompletedEvent, { marks }: BatchRecord): JourneyStep {
  const attributes = event.views === undefined ? {} : { [ATTRIBUTES.featureView]: [...event.views] };
  return { ...internal('feature_read', 'features', marks.featureRead), attributes };
}

function modelSteps(event: CompletedEvent, { marks }: BatchRecord): readonly JourneyStep[] {
  const { model } = event;
  if (model === undefined) return [];
  const name = `${model.name} v${model.version}`;
  const attributes = modelAttributes(event);
  return [
    { ...internal('model_queue', `queue for ${name}`, marks.modelQueue), attributes },
    { ...internal('model_compute', `model ${name}`, marks.modelCompute), attributes },
  ];
}

/** A scored event's prediction is sent; every other event is only made durable. Both take as long as the batch's transaction. */
function publishStep({ event, batch, topic, predictionTopic }: JourneyContext): JourneyStep {
  const isSent = event.fate === 'scored';
  const [operation, type, destination] = isSent ? ['send', 'send', predictionTopic] : ['commit', 'settle', topic];
  return {
    step: 'publish',
    name: `${operation} ${destination}`,
    kind: isSent ? SpanKind.PRODUCER : SpanKind.CLIENT,
    marks: batch.publish,
    attributes: {
      [ATTRIBUTES.messagingOperationName]: operation,
      [ATTRIBUTES.messagingOperationType]: type,
      [ATTRIBUTES.messagingDestination]: destination,
      ...(isSent && event.predictionId !== undefined ? { [ATTRIBUTES.messagingMessageId]: event.predictionId } : {}),
    },
  };
}

/** A stage within the process, most of them without attributes of their own. */
function internal(step: StageName, name: string, marks: MarkPair): JourneyStep {
  return { step, name, kind: SpanKind.INTERNAL, marks, attributes: {} };
}

/** Contract's name and version, where one was found. */
export function contractAttributes({ contract }: CompletedEvent): Attributes {
  if (contract === undefined) return {};
  return { [ATTRIBUTES.contractName]: contract.subject, [ATTRIBUTES.contractVersion]: contract.version };
}

/** Name, version and role of the model that scored, where one did. */
export function modelAttributes({ model }: CompletedEvent): Attributes {
  if (model === undefined) return {};
  return {
    [ATTRIBUTES.modelName]: model.name,
    [ATTRIBUTES.modelVersion]: model.version,
    [ATTRIBUTES.modelRole]: model.role,
  };
}
