import { ContractCatalog, createContract } from '#registry';
import type { Workspace } from '../../app/config/index.ts';
import { SHOP_DEFINITION, SHOP_FEATURES } from './shop-pipeline.ts';

/** The shop of the pipeline's tests as a whole workspace, whose customers are personal data. */

const goal = { mean: '20ms', p95: '100ms', p99: '200ms' };
const named = { version: 1, owner: 'shop-team', compatibility: 'NONE', description: 'test' } as const;
const customer = { type: 'string', 'x-pii': 'pseudonym' } as const;

const view = (name: string, subject: string, ownEvent: 'included' | 'excluded') =>
  ({
    view: name,
    version: 1,
    owner: 'shop-team',
    description: 'test',
    subject,
    entity: 'customer',
    granularity: '1d',
    ownEvent,
  }) as const;

export const SHOP_WORKSPACE: Workspace = {
  folder: '/nowhere',
  name: 'shop',
  description: 'test',
  teams: [{ name: 'shop-team', contact: 'shop@example.com' }],
  contracts: new ContractCatalog([
    createContract({
      ...named,
      subject: 'bought',
      schema: {
        type: 'object',
        required: ['amount'],
        properties: { customer, amount: { type: 'number', exclusiveMinimum: 0 } },
      },
    }),
    createContract({ ...named, subject: 'looked', schema: { type: 'object', properties: { customer } } }),
    createContract({ ...named, subject: 'left', schema: { type: 'object', properties: { customer } } }),
  ]),
  views: [
    {
      ...view('buys', 'bought', 'excluded'),
      features: [
        { name: 'count_5d', aggregate: 'count', window: '5d' },
        { name: 'amount_5d', aggregate: 'sum', of: 'amount', window: '5d' },
      ],
    },
    { ...view('looks', 'looked', 'included'), features: [{ name: 'count_5d', aggregate: 'count', window: '5d' }] },
  ],
  pipelines: [
    {
      pipeline: SHOP_DEFINITION.name,
      owner: 'growth-team',
      description: 'Who buys again.',
      topic: { name: SHOP_DEFINITION.topic, partitions: 2, retention: '400d' },
      scores: { subject: 'bought', entity: 'customer' },
      model: SHOP_DEFINITION.model,
      decision: SHOP_DEFINITION.decision,
      predictions: { topic: SHOP_DEFINITION.predictionTopic, subject: SHOP_DEFINITION.predictionSubject },
      outcome: { name: 'again_3d', subject: 'bought', horizon: '3d', description: 'test' },
      deduplication: { window: '1d' },
      delivery: { guarantee: 'exactly-once', why: 'test' },
      latencyBudget: {
        total: goal,
        stages: {
          broker_wait: goal,
          batch_wait: goal,
          contract: goal,
          feature_read: goal,
          model_queue: goal,
          model_compute: goal,
          decide: goal,
          publish: goal,
        },
      },
      throughput: { eventsPerSecond: 50, burstFactor: 3, atLimit: 'queue', why: 'test' },
      batch: { maxEvents: 16, maxWait: '1s' },
    },
  ],
  driftJobs: [],
  slos: [],
  alerts: [],
  runbooks: new Map(),
  models: [
    {
      model: SHOP_DEFINITION.model,
      owner: 'growth-team',
      description: 'test',
      inputs: SHOP_FEATURES.slice(0, 2).map((feature) => ({ feature, transform: 'none', missing: 0 }) as const),
      firstTraining: { from: '2011-01-01', for: '30d' },
      trainer: { algorithms: ['logistic-regression'], logisticRegression: { l2: 0.001, maxIterations: 10 } },
    },
  ],
  files: new Map(),
};
