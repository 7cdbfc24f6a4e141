/**
 * Every event is scored: eight features, a logistic model, contracts, decisions and predictions, all durable. Beside it, on the
 * same log and in the same process, a bare consume → JSON → produce as the limit that the log alone sets.
 * Prints one JSON line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CONTROL_TYPES,
  type EventLog,
  envelopeHeaders,
  type ModelPromoted,
  type ModelRegistered,
  type NewRecord,
  STORES,
  systemClock,
  TOPICS,
} from '#core';
import { ContractCatalog, createContract } from '#registry';
import {
  createPipelineTopics,
  createStages,
  InferenceClient,
  ModelCatalog,
  openEmbeddedLog,
  type PipelineDefinition,
  PipelineRunner,
  parseFeatureView,
} from '#runtime';
import { createContractGate } from '../../app/contract-gate.ts';
import { writeLogisticModel } from '../../drift/retraining/onnx/logistic-graph.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const ENTITIES = 20_000;
const CHUNK = 1000;
const CONTROL_SOURCE = '/bench';

const VIEW = parseFeatureView({
  view: 'payments',
  version: 1,
  owner: 'bench',
  description: 'eight features of an account',
  subject: 'payment.made',
  entity: 'account',
  granularity: '1d',
  ownEvent: 'included',
  features: [
    { name: 'count_1d', aggregate: 'count', window: '1d' },
    { name: 'count_7d', aggregate: 'count', window: '7d' },
    { name: 'count_30d', aggregate: 'count', window: '30d' },
    { name: 'sum_7d', aggregate: 'sum', of: 'amount', window: '7d' },
    { name: 'mean_30d', aggregate: 'mean', of: 'amount', window: '30d' },
    { name: 'max_30d', aggregate: 'max', of: 'amount', window: '30d' },
    { name: 'last_30d', aggregate: 'last', of: 'amount', window: '30d' },
    { name: 'since_30d', aggregate: 'days_since', window: '30d' },
  ],
});
const NAMES = VIEW.features.map(({ name }) => name);

const DEFINITION: PipelineDefinition = {
  name: 'fraud',
  topic: 'bench.payments',
  partitions: 4,
  retentionMs: 86_400_000,
  scoredSubject: 'payment.made',
  entityProperty: 'account',
  model: 'fraud',
  decision: { threshold: 0.5, below: 'allow', otherwise: 'review' },
  predictionTopic: 'bench.predictions',
  predictionSubject: 'payment.scored',
  outcome: { name: 'charged_back', subject: 'payment.charged_back', horizonMs: 30 * 86_400_000 },
  deduplicationWindowMs: 3_600_000,
  maxBatchEvents: 1024,
  maxBatchWaitMs: 1000,
};

const governance = { version: 1, owner: 'bench', description: 'bench', compatibility: 'NONE' } as const;
const CONTRACTS = new ContractCatalog([
  createContract({
    ...governance,
    subject: 'payment.made',
    schema: {
      type: 'object',
      required: ['account', 'amount', 'currency', 'merchant', 'country', 'card'],
      additionalProperties: false,
      properties: {
        account: { type: 'string', minLength: 1, maxLength: 40 },
        amount: { type: 'number', exclusiveMinimum: 0 },
        currency: { enum: ['EUR', 'GBP', 'USD'] },
        merchant: { type: 'string', maxLength: 80 },
        country: { type: 'string', pattern: '^[A-Z]{2}$' },
        card: { type: 'string', pattern: '^[0-9]{4}$' },
      },
    },
  }),
  createContract({
    ...governance,
    subject: 'payment.scored',
    schema: {
      type: 'object',
      required: ['predictionId', 'entity', 'model', 'modelVersion', 'score', 'decision'],
      properties: { score: { type: 'number', minimum: 0, maximum: 1 }, modelVersion: { type: 'integer' } },
    },
  }),
]);

function payment(index: number): NewRecord {
  const account = `A${(index * 7919) % ENTITIES}`;
  const data = {
    account,
    amount: 1 + ((index * 104_729) % 100_000) / 100,
    currency: 'EUR',
    merchant: `merchant ${index % 997}`,
    country: 'DE',
    card: String(1000 + (index % 9000)),
  };
  const timeMs = Date.UTC(2026, 0, 1) + index * 10;
  const headers = envelopeHeaders({ id: String(index), source: '/bench/payments', type: 'payment.made', timeMs });
  return { topic: DEFINITION.topic, key: account, headers, value: JSON.stringify(data) };
}

async function promoteModel(log: EventLog): Promise<void> {
  const ref = { name: 'fraud', version: 1 };
  const onnx = writeLogisticModel(
    {
      inputs: NAMES.map((feature) => ({ feature, transform: 'log1p', missing: 0 })),
      coefficients: NAMES.map((_, column) => (column - 3.5) / 10),
      intercept: -0.5,
    },
    { ...ref, metadata: {} },
  );
  const registered: ModelRegistered = { ...ref, requestId: 'bench', inputs: NAMES, onnxSha256: '' };
  const promoted: ModelPromoted = {
    ...ref,
    requestId: 'bench',
    pipeline: DEFINITION.name,
    role: 'live',
    positions: Array.from({ length: DEFINITION.partitions }, (_, partition) => ({
      topic: DEFINITION.topic,
      partition,
      offset: 0,
    })),
    reason: 'bench',
    actor: 'bench',
  };
  const control = (type: string, value: object): NewRecord => ({
    topic: TOPICS.control,
    headers: envelopeHeaders({ id: type, source: CONTROL_SOURCE, type, timeMs: 0 }),
    value: JSON.stringify(value),
  });
  await log.commit({
    records: [control(CONTROL_TYPES.modelRegistered, registered), control(CONTROL_TYPES.modelPromoted, promoted)],
    state: [{ store: STORES.artifacts, partition: 0, key: 'fraud@1', value: onnx }],
  });
}

interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function measured(work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** The log's own limit: read, parse, serialise, write, with the offset in the same commit. */
async function bareCopy(log: EventLog): Promise<void> {
  await log.createTopic({ name: 'bench.copy', partitions: DEFINITION.partitions, retention: {} });
  const consumer = await log.join({ group: 'bare', topics: [DEFINITION.topic], from: 'start' });
  const { signal } = new AbortController();
  const commits: Promise<unknown>[] = [];
  const decoder = new TextDecoder();
  for (let read = 0; read < EVENTS; ) {
    const polled = await consumer.poll({ maxRecords: DEFINITION.maxBatchEvents, maxWaitMs: 1000, signal });
    const records: NewRecord[] = [];
    for (const batch of polled) {
      for (const { value, headers, partition } of batch.records) {
        const data: unknown = JSON.parse(decoder.decode(value));
        records.push({ topic: 'bench.copy', partition, headers, value: JSON.stringify(data) });
      }
    }
    read += records.length;
    const positions = polled.map(({ topic, partition, records: of }) => ({
      topic,
      partition,
      offset: (of.at(-1)?.offset ?? -1) + 1,
    }));
    commits.push(log.commit({ records, offsets: { consumer, positions } }));
    if (commits.length >= 4) await commits.shift();
  }
  await Promise.all(commits);
  await consumer.close();
}

async function main(folder: string): Promise<object> {
  const clock = systemClock;
  const log = await openEmbeddedLog({ folder, clock });
  await createPipelineTopics(log, DEFINITION);
  await promoteModel(log);
  const inference = new InferenceClient();
  const models = new ModelCatalog({ log, runner: inference, pipeline: DEFINITION.name, featureNames: NAMES });
  await models.catchUp();
  const produced = await measured(async () => {
    for (let from = 0; from < EVENTS; from += CHUNK) {
      await log.commit({ records: Array.from({ length: Math.min(CHUNK, EVENTS - from) }, (_, index) => payment(from + index)) });
    }
  });
  const bare = await measured(() => bareCopy(log));
  const abort = new AbortController();
  const runner = new PipelineRunner({
    log,
    clock,
    definition: DEFINITION,
    views: [VIEW],
    stages: createStages({ clock, definition: DEFINITION, gate: createContractGate(CONTRACTS), models, runner: inference }),
    nextBarrier: () => undefined,
    onCommitted: () => {
      if (runner.durableEvents >= EVENTS) abort.abort();
    },
  });
  await runner.start();
  const scored = await measured(() => runner.run(abort.signal));
  const fates = runner.lanes.map(({ progress }) => progress.fates.scored);
  const stages = Object.fromEntries([...runner.stageUs].map(([stage, us]) => [stage, us / EVENTS]));
  await runner.close();
  await inference.close();
  await log.close();
  return { events: EVENTS, scoredEvents: fates.reduce((sum, count) => sum + count, 0), produced, bare, scored, stageUs: stages };
}

const folder = await mkdtemp(path.join(tmpdir(), 'throughline-scored-'));
try {
  process.stdout.write(`${JSON.stringify(await main(path.join(folder, 'data')))}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
