import {
  type BatchRecord,
  createRandom,
  type Database,
  type DecisionRecord,
  type GroupSampleRecord,
  type MarkPair,
  type OutcomeRecord,
  predictionIdOf,
  type ReceiptRecord,
  STAGES,
  type StageName,
  TABLES,
  traceIdOf,
} from '#core';
import { storeRecords } from './telemetry.ts';

/** Traffic of a pipeline on the processing clock, as its tables hold it; what happens in it is in the hooks. All times epoch ms. */
export interface MadeTraffic {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a batch: one every so often, with so many decisions and so many receipts a view. Default 1000, 4, 20. */
  readonly stepMs?: number;
  readonly decisions?: number;
  readonly receipts?: number;
  /** Event time at fromMs, and how fast it goes. Default: fromMs, 1. */
  readonly eventMs?: number;
  readonly speed?: number;
  readonly seed?: number;
  /** Mean time of a stage, µs; default: what a healthy pipeline has. Each batch has its own, around it. */
  readonly stageUs?: (stage: StageName, atMs: number) => number;
  /** Changes a decision; undefined leaves it out. */
  readonly decision?: (record: DecisionRecord, atMs: number) => DecisionRecord | undefined;
  /** Changes a receipt; undefined leaves it out. */
  readonly receipt?: (record: ReceiptRecord, atMs: number) => ReceiptRecord | undefined;
  /** Changes an outcome; undefined leaves it out. */
  readonly outcome?: (record: OutcomeRecord, atMs: number) => OutcomeRecord | undefined;
  readonly group?: (record: GroupSampleRecord, atMs: number) => GroupSampleRecord | undefined;
}

export const MADE = {
  pipeline: 'repurchase',
  topic: 'shop.events',
  partitions: 4,
  sources: ['/shop/united-kingdom', '/shop/germany', '/shop/france'],
  features: [
    'purchase_history.purchases_60d',
    'purchase_history.amount_60d',
    'latest_purchase.amount',
    'basket_lines.lines_60d',
    'basket_lines.unit_price_mean_60d',
  ],
  views: ['basket_lines', 'purchase_history'],
  model: 'repurchase',
} as const;

const HEALTHY_US: Readonly<Record<StageName, number>> = {
  broker_wait: 3000,
  batch_wait: 100,
  contract: 400,
  feature_read: 300,
  model_queue: 500,
  model_compute: 400,
  decide: 200,
  publish: 4000,
};
const DAY_MS = 86_400_000;

/** Makes and stores it. Event ids count from the start time on: two histories that do not overlap have none in common. */
export async function storeTraffic(database: Database, traffic: MadeTraffic): Promise<void> {
  const random = createRandom(traffic.seed ?? 1);
  const { fromMs, toMs, stepMs = 1000 } = traffic;
  const made = { decisions: [] as DecisionRecord[], receipts: [] as ReceiptRecord[], outcomes: [] as OutcomeRecord[] };
  const batches: BatchRecord[] = [];
  const groups: GroupSampleRecord[] = [];
  const at = new Map<object, number>();
  const add = <T extends object>(list: T[], record: T | undefined, atMs: number): void => {
    if (record === undefined) return;
    list.push(record);
    at.set(record, atMs);
  };
  let offset = fromMs;
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const step = makeStep(traffic, { atMs, offset, random });
    offset += step.decisions.length + step.receipts.length;
    for (const record of step.decisions) add(made.decisions, changed(record, traffic.decision, atMs), atMs);
    for (const record of step.receipts) add(made.receipts, changed(record, traffic.receipt, atMs), atMs);
    for (const record of step.outcomes) add(made.outcomes, changed(record, traffic.outcome, atMs), atMs);
    for (const record of step.groups) add(groups, changed(record, traffic.group, atMs), atMs);
    add(batches, step.batch, atMs);
  }
  const ingestedMs = (record: object): number => at.get(record) ?? fromMs;
  await storeRecords(database, { table: TABLES.decisions, records: made.decisions, ingestedMs });
  await storeRecords(database, { table: TABLES.receipts, records: made.receipts, ingestedMs });
  await storeRecords(database, { table: TABLES.outcomes, records: made.outcomes, ingestedMs });
  await storeRecords(database, { table: TABLES.batches, records: batches, ingestedMs });
  await storeRecords(database, { table: TABLES.groupSamples, records: groups, ingestedMs });
}

function changed<T>(record: T, hook: ((record: T, atMs: number) => T | undefined) | undefined, atMs: number): T | undefined {
  return hook === undefined ? record : hook(record, atMs);
}

interface Step {
  readonly atMs: number;
  readonly offset: number;
  readonly random: ReturnType<typeof createRandom>;
}

function makeStep(traffic: MadeTraffic, { atMs, offset, random }: Step) {
  const { fromMs, eventMs = fromMs, speed = 1, decisions: decisionCount = 4, receipts: receiptCount = 20 } = traffic;
  const timeMs = Math.round(eventMs + (atMs - fromMs) * speed);
  const meanUs = traffic.stageUs ?? ((stage: StageName) => HEALTHY_US[stage]);
  const us = Object.fromEntries(STAGES.map((stage) => [stage, meanUs(stage, atMs) * (0.8 + 0.4 * random())])) as Record<
    StageName,
    number
  >;
  const marks = marksOf(us);
  const brokerWaitUs = us.broker_wait;
  const appendedMs = Math.round(atMs - brokerWaitUs / 1000);
  const batchId = BigInt(atMs).toString(16).padStart(16, '0');
  const decisions = Array.from({ length: decisionCount }, (_, index) =>
    madeDecision({ number: offset + index, timeMs: timeMs + index, atMs, appendedMs, batchId, marks, random }),
  );
  const receipts = MADE.views.flatMap((view, viewIndex) =>
    Array.from({ length: receiptCount }, (_, index) =>
      madeReceipt({ number: offset + decisionCount + viewIndex * receiptCount + index, timeMs: timeMs + index, view }),
    ),
  );
  const outcomes = decisions.map((decision) => madeOutcome(decision, random() < 0.5 ? 1 : 0));
  const publishUs = us.publish;
  const doneUs = marks.decide[1];
  const batch: BatchRecord = {
    batchId,
    pipeline: MADE.pipeline,
    polledMs: atMs,
    publishedMs: Math.round(atMs + (doneUs + publishUs) / 1000),
    marks,
    publish: [doneUs, doneUs + publishUs],
    events: decisions.length + receipts.length,
    decisions: decisions.length,
    brokerWaitUs: decisions.map(() => brokerWaitUs),
    endToEndUs: decisions.map(() => brokerWaitUs + doneUs + publishUs),
    skewed: 0,
  };
  const groups: GroupSampleRecord[] = Array.from({ length: MADE.partitions }, (_, partition) => ({
    atMs,
    group: MADE.pipeline,
    topic: MADE.topic,
    partition,
    members: 1,
    committed: offset,
    end: offset + 2,
    lagRecords: 2,
    lagMs: 20,
  }));
  return { decisions, receipts, outcomes, batch, groups };
}

function marksOf(us: Readonly<Record<StageName, number>>): DecisionRecord['marks'] {
  let at = 0;
  const pair = (stage: StageName): MarkPair => {
    const from = at;
    at += us[stage];
    return [from, at];
  };
  return {
    batchWait: pair('batch_wait'),
    contract: pair('contract'),
    featureRead: pair('feature_read'),
    modelQueue: pair('model_queue'),
    modelCompute: pair('model_compute'),
    decide: pair('decide'),
  };
}

interface DecisionParts {
  readonly number: number;
  readonly timeMs: number;
  readonly atMs: number;
  readonly appendedMs: number;
  readonly batchId: string;
  readonly marks: DecisionRecord['marks'];
  readonly random: ReturnType<typeof createRandom>;
}

function madeDecision({ number, timeMs, atMs, appendedMs, batchId, marks, random }: DecisionParts): DecisionRecord {
  const source = MADE.sources[number % MADE.sources.length] ?? MADE.sources[0];
  const id = `purchase-${number}`;
  const values = [3 + 2 * random(), 200 + 50 * random(), 60 + 20 * random(), 80 + 10 * random(), 3 + random()];
  const score = 0.3 + 0.4 * random();
  return {
    fate: 'scored',
    predictionId: predictionIdOf(MADE.pipeline, { source, id }),
    traceId: traceIdOf({ source, id }),
    pipeline: MADE.pipeline,
    event: { source, id, type: 'purchase.completed', timeMs },
    position: { topic: MADE.topic, partition: number % MADE.partitions, offset: number },
    contract: { subject: 'purchase.completed', version: 1 },
    entity: `customer-${number % 500}`,
    features: {
      names: MADE.features,
      values,
      eventTimesMs: [timeMs - 5 * DAY_MS, timeMs - 5 * DAY_MS, timeMs, timeMs - 60_000, timeMs - 60_000],
      statuses: ['present', 'present', 'present', 'present', 'present'],
    },
    model: { name: MADE.model, version: 1, role: 'live' },
    shadows: [{ version: 2, score: Math.min(1, score + 0.02 * (random() - 0.5)) }],
    score,
    decision: score < 0.35 ? 'suggest_winback' : 'none',
    replay: false,
    backlog: false,
    appendedMs,
    polledMs: atMs,
    batchId,
    marks,
  };
}

function madeReceipt({
  number,
  timeMs,
  view,
}: {
  readonly number: number;
  readonly timeMs: number;
  readonly view: string;
}): ReceiptRecord {
  const source = MADE.sources[number % MADE.sources.length] ?? MADE.sources[0];
  const type = view === 'basket_lines' ? 'basket.updated' : 'purchase.cancelled';
  return {
    fate: 'used_by_features',
    pipeline: MADE.pipeline,
    event: { source, id: `${type}-${number}`, type, timeMs },
    position: { topic: MADE.topic, partition: number % MADE.partitions, offset: number },
    entity: `customer-${number % 500}`,
    contract: { subject: type, version: 1 },
    views: [view],
  };
}

function madeOutcome(decision: DecisionRecord, label: 0 | 1): OutcomeRecord {
  const { predictionId, pipeline, event, entity } = decision;
  const settledBy = { source: event.source, id: `${event.id}-next` };
  return {
    outcome: 'repurchase_30d',
    predictionId,
    pipeline,
    event: { source: event.source, id: event.id },
    entity,
    label,
    predictedAtMs: event.timeMs,
    maturedAtMs: event.timeMs + (label === 1 ? 3 * DAY_MS : 30 * DAY_MS),
    ...(label === 1 ? { settledBy } : {}),
  };
}
