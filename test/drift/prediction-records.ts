import {
  type DecisionRecord,
  type EventLog,
  type NewRecord,
  type OutcomeRecord,
  predictionIdOf,
  type ShadowScore,
  type StageMarks,
  TOPICS,
  type TrainingRequested,
  traceIdOf,
} from '#core';
import { seededRandom } from './synthetic-rows.ts';

export const PIPELINE = 'winback';
export const TOPIC = 'retail.events';
export const PARTITIONS = 3;
export const FROM_MS = Date.UTC(2011, 0, 1);
export const DAY_MS = 86_400_000;
export const FEATURES = ['buyer.recency', 'buyer.spend', 'buyer.visits'] as const;

/** What a test says about one prediction; the rest of the records follows from it. */
export interface Prediction {
  readonly index: number;
  readonly timeMs: number;
  readonly values: readonly (number | null)[];
  /** Absent: the outcome is open. */
  readonly label?: 0 | 1 | undefined;
  /** Absent: collecting. */
  readonly scored?: ShadowScore & { readonly shadows?: readonly ShadowScore[] };
}

const NO_MARKS: StageMarks = {
  batchWait: [0, 0],
  contract: [0, 0],
  featureRead: [0, 0],
  modelQueue: [0, 0],
  modelCompute: [0, 0],
  decide: [0, 0],
};

const eventOf = (index: number) => ({ source: '/shop', id: `invoice-${index}` });

/** A decision as the pipeline would have recorded it; events go round the partitions. */
export function decisionOf({ index, timeMs, values, scored }: Prediction): DecisionRecord {
  const event = eventOf(index);
  return {
    fate: scored === undefined ? 'collecting' : 'scored',
    predictionId: predictionIdOf(PIPELINE, event),
    traceId: traceIdOf(event),
    pipeline: PIPELINE,
    event: { ...event, type: 'purchase.completed', timeMs },
    position: { topic: TOPIC, partition: index % PARTITIONS, offset: Math.floor(index / PARTITIONS) },
    contract: { subject: 'purchase.completed', version: 1 },
    entity: `customer-${index % 97}`,
    features: {
      names: FEATURES,
      values,
      eventTimesMs: values.map(() => timeMs),
      statuses: values.map((value) => (value === null ? 'not_found' : 'present')),
    },
    ...(scored === undefined
      ? {}
      : {
          model: { name: 'repurchase', version: scored.version, role: 'live' as const },
          score: scored.score,
          ...(scored.shadows === undefined ? {} : { shadows: scored.shadows }),
          decision: scored.score < 0.5 ? 'winback.suggested' : 'none',
        }),
    replay: true,
    backlog: true,
    appendedMs: timeMs,
    polledMs: timeMs,
    batchId: '00000000000000ff',
    marks: NO_MARKS,
  };
}

/** The outcome of a prediction, or undefined while it is open. */
export function outcomeOf({ index, timeMs, label }: Prediction): OutcomeRecord | undefined {
  if (label === undefined) return undefined;
  const event = eventOf(index);
  return {
    outcome: 'repurchase',
    predictionId: predictionIdOf(PIPELINE, event),
    pipeline: PIPELINE,
    event,
    entity: `customer-${index % 97}`,
    label,
    predictedAtMs: timeMs,
    maturedAtMs: timeMs + 30 * DAY_MS,
  };
}

/** Predictions over `days` days whose labels follow from recency and spend. */
export function predictions(count: number, days = 90): readonly Prediction[] {
  const random = seededRandom(42);
  return Array.from({ length: count }, (_, index) => {
    const [recency, spend] = [random() * 60, random() ** 3 * 1000];
    const z = 1.5 - recency / 12 + Math.log1p(spend) / 4 - 0.2;
    return {
      index,
      timeMs: FROM_MS + Math.floor((index / count) * days * DAY_MS),
      values: [random() < 0.1 ? null : recency, spend, Math.floor(random() * 9)],
      label: random() < 1 / (1 + Math.exp(-z)) ? 1 : 0,
    };
  });
}

/** The request of a first model for a window of `days` days, at the end of what `count` predictions wrote. */
export function requestFor(count: number, days = 90): TrainingRequested {
  return {
    requestId: `${PIPELINE}:first_model`,
    model: 'repurchase',
    pipeline: PIPELINE,
    cause: 'first_model',
    window: { fromMs: FROM_MS, toMs: FROM_MS + days * DAY_MS },
    atMs: FROM_MS + (days + 30) * DAY_MS,
    positions: Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic: TOPIC,
      partition,
      offset: Math.ceil(count / PARTITIONS),
    })),
  };
}

/** Creates the control plane's topics. */
export async function createControlTopics(log: EventLog): Promise<void> {
  await log.createTopic({ name: TOPICS.control, partitions: 1, retention: {} });
  await log.createTopic({ name: TOPICS.decisions, partitions: PARTITIONS, retention: {} });
  await log.createTopic({ name: TOPICS.outcomes, partitions: PARTITIONS, retention: {} });
}

/** Writes decisions and the outcomes that are known to the outbox, in commits of 500. */
export async function writePredictions(log: EventLog, rows: readonly Prediction[]): Promise<void> {
  const records = rows.flatMap((row): NewRecord[] => {
    const decision = decisionOf(row);
    const outcome = outcomeOf(row);
    const at = { partition: decision.position.partition, headers: {} };
    return [
      { topic: TOPICS.decisions, ...at, value: JSON.stringify(decision) },
      ...(outcome === undefined ? [] : [{ topic: TOPICS.outcomes, ...at, value: JSON.stringify(outcome) }]),
    ];
  });
  for (let from = 0; from < records.length; from += 500) await log.commit({ records: records.slice(from, from + 500) });
}
