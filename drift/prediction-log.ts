import Type from 'typebox';
import { Compile } from 'typebox/compile';
import {
  type DecisionRecord,
  type EpochMs,
  type EventLog,
  type LogRecord,
  type ModelRef,
  type OutcomeRecord,
  TOPICS,
} from '#core';
import { driftError } from './errors.ts';
import { parsePayload } from './record-payload.ts';

/** What drift reads of a DecisionRecord: the served vector, and the score where a model was there. */
const ServedDecisionSchema = Type.Object({
  fate: Type.Enum(['scored', 'collecting']),
  predictionId: Type.String({ minLength: 1 }),
  pipeline: Type.String({ minLength: 1 }),
  event: Type.Object({ timeMs: Type.Number() }),
  position: Type.Object({
    topic: Type.String(),
    partition: Type.Integer({ minimum: 0 }),
    offset: Type.Integer({ minimum: 0 }),
  }),
  features: Type.Object({
    names: Type.Array(Type.String()),
    values: Type.Array(Type.Union([Type.Number(), Type.Null()])),
  }),
  model: Type.Optional(Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) })),
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  shadows: Type.Optional(
    Type.Array(Type.Object({ version: Type.Integer({ minimum: 1 }), score: Type.Number({ minimum: 0, maximum: 1 }) })),
  ),
});
/** The part of a DecisionRecord that drift reads; any DecisionRecord is one. */
export type ServedDecision = Pick<DecisionRecord, 'fate' | 'predictionId' | 'pipeline' | 'position' | 'score' | 'shadows'> & {
  readonly event: Pick<DecisionRecord['event'], 'timeMs'>;
  readonly features: Pick<DecisionRecord['features'], 'names' | 'values'>;
  readonly model?: ModelRef;
};

/** What drift reads of an OutcomeRecord: the label by prediction. */
const MaturedOutcomeSchema = Type.Object({
  predictionId: Type.String({ minLength: 1 }),
  pipeline: Type.String({ minLength: 1 }),
  label: Type.Enum([0, 1]),
});
/** The part of an OutcomeRecord that drift reads; any OutcomeRecord is one. */
export type MaturedOutcome = Pick<OutcomeRecord, 'predictionId' | 'pipeline' | 'label'>;

const decisionSchema = Compile(ServedDecisionSchema);
const outcomeSchema = Compile(MaturedOutcomeSchema);

/** A record of TOPICS.decisions. Throws DRIFT_RECORD_INVALID, also where names and values differ in length. */
export function parseDecision(record: LogRecord, share: (names: Names) => Names = (names) => names): ServedDecision {
  const decision = parsePayload(record, decisionSchema);
  if (decision.features.names.length === decision.features.values.length) return essence(decision, share);
  throw driftError(
    'DRIFT_RECORD_INVALID',
    `${record.topic}[${record.partition}]@${record.offset} has ${decision.features.names.length} feature names and ${decision.features.values.length} values`,
  );
}

type Names = readonly string[];

/** Gives equal names the same array: decisions in a row share the features that they were served. */
function createNameSharing(): (names: Names) => Names {
  let last: Names = [];
  return (names) => {
    if (names.length !== last.length || names.some((name, column) => name !== last[column])) last = names;
    return last;
  };
}

/** What is read of a decision, without the rest of its record: thousands of them are held at once. */
function essence(
  { fate, predictionId, pipeline, event, position, features, model, score, shadows }: ServedDecision,
  share: (names: Names) => Names,
): ServedDecision {
  return {
    fate,
    predictionId,
    pipeline,
    event: { timeMs: event.timeMs },
    position,
    features: { names: share(features.names), values: features.values },
    ...(model === undefined ? {} : { model }),
    ...(score === undefined ? {} : { score }),
    ...(shadows === undefined ? {} : { shadows }),
  };
}

/** A record of TOPICS.outcomes. Throws DRIFT_RECORD_INVALID. */
export function parseOutcome(record: LogRecord): MaturedOutcome {
  return parsePayload(record, outcomeSchema);
}

/** Which topic to read, how, and what of a pipeline's records to keep. */
interface Reading<T> {
  readonly topic: string;
  readonly pipeline: string;
  readonly parse: (record: LogRecord) => T;
  readonly isWanted: (value: T) => boolean;
}

/** A pipeline's retained records of a topic, partition by partition, up to the ends at the time of the call. */
async function readOfPipeline<T extends { readonly pipeline: string }>(
  log: EventLog,
  reading: Reading<T>,
): Promise<readonly T[]> {
  const { topic, pipeline, parse, isWanted } = reading;
  const spec = (await log.listTopics()).find(({ name }) => name === topic);
  if (spec === undefined) {
    throw driftError(
      'DRIFT_TOPIC_MISSING',
      `the log has no topic ${topic}: start the pipeline once, it creates the control plane’s topics`,
    );
  }
  const values: T[] = [];
  for (let partition = 0; partition < spec.partitions; partition++) {
    const { start } = await log.bounds({ topic, partition });
    for await (const record of log.read({ topic, partition, from: start })) {
      const value = parse(record);
      if (value.pipeline === pipeline && isWanted(value)) values.push(value);
    }
  }
  return values;
}

/** A pipeline's decisions and outcomes. */
export interface PredictionHistory {
  readonly decisions: readonly ServedDecision[];
  readonly outcomes: readonly MaturedOutcome[];
}

/** Event times, epoch ms; the end is not part of it. */
export interface TimeRange {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

const ALWAYS: TimeRange = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/**
 * Reads a pipeline's decisions on events of a range of event time (all of them, if none is given), and their outcomes. Reads
 * through all that the log holds, and keeps what is in the range in memory: about 3 kB a decision. Decisions are read first, so that
 * one made meanwhile does not seem to have no outcome. Throws DRIFT_RECORD_INVALID, DRIFT_TOPIC_MISSING, BROKER_*.
 */
export async function readPredictionHistory(
  log: EventLog,
  pipeline: string,
  { fromMs, toMs }: TimeRange = ALWAYS,
): Promise<PredictionHistory> {
  const share = createNameSharing();
  const decisions = await readOfPipeline(log, {
    topic: TOPICS.decisions,
    pipeline,
    parse: (record) => parseDecision(record, share),
    isWanted: ({ event }) => event.timeMs >= fromMs && event.timeMs < toMs,
  });
  const wanted = new Set(decisions.map(({ predictionId }) => predictionId));
  const outcomes = await readOfPipeline(log, {
    topic: TOPICS.outcomes,
    pipeline,
    parse: parseOutcome,
    isWanted: ({ predictionId }) => wanted.has(predictionId),
  });
  return { decisions, outcomes };
}

/** Label by prediction id; the first outcome of a prediction counts, a redelivered one changes nothing. */
export function labelsByPrediction(outcomes: Iterable<MaturedOutcome>): ReadonlyMap<string, 0 | 1> {
  const labels = new Map<string, 0 | 1>();
  for (const { predictionId, label } of outcomes) {
    if (!labels.has(predictionId)) labels.set(predictionId, label);
  }
  return labels;
}

/** The first decision of each prediction, in the order given: at-least-once delivery may write one twice. */
export function distinctDecisions(decisions: Iterable<ServedDecision>): readonly ServedDecision[] {
  const first = new Map<string, ServedDecision>();
  for (const decision of decisions) {
    if (!first.has(decision.predictionId)) first.set(decision.predictionId, decision);
  }
  return [...first.values()];
}
