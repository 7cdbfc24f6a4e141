/** The workload of the benchmark: payments of accounts, a view of eight features, contracts, a logistic model. */
import {
  CONTROL_TYPES,
  type EventLog,
  envelopeHeaders,
  type ModelPromoted,
  type ModelRegistered,
  type NewRecord,
  STORES,
  TOPICS,
} from '#core';
import { ContractCatalog, createContract } from '#registry';
import { type PipelineDefinition, parseFeatureView } from '#runtime';
import { writeLogisticModel } from '../../drift/retraining/onnx/logistic-graph.ts';

const ENTITIES = 20_000;
const CONTROL_SOURCE = '/bench';

export const VIEW = parseFeatureView({
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
export const NAMES = VIEW.features.map(({ name }) => name);

export const DEFINITION: PipelineDefinition = {
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
  onError: 'quarantine',
  maxBatchEvents: 1024,
  maxBatchWaitMs: 1000,
};

const governance = { version: 1, owner: 'bench', description: 'bench', compatibility: 'NONE' } as const;
export const CONTRACTS = new ContractCatalog([
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

export function payment(index: number): NewRecord {
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

export async function promoteModel(log: EventLog): Promise<void> {
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
    atMs: 0,
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
