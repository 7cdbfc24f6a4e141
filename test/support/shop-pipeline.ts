import { onTestFinished } from 'vitest';
import {
  type Clock,
  CONTROL_TYPES,
  type EventLog,
  envelopeHeaders,
  HEADERS,
  type JourneyObserver,
  type LogRecord,
  ManualClock,
  type ModelPromoted,
  type ModelRegistered,
  type ModelRunner,
  type ModelShadowed,
  type NewRecord,
  STORES,
  TOPICS,
} from '#core';
import { ContractCatalog, createContract } from '#registry';
import {
  type Barrier,
  type ContractGate,
  createPipelineTopics,
  createStages,
  InferenceClient,
  ModelCatalog,
  openEmbeddedLog,
  type PipelineDefinition,
  type PipelineFailure,
  PipelineRunner,
  parseFeatureView,
  ShadowFaults,
  type Stage,
} from '#runtime';
import { createContractGate } from '../../app/contract-gate.ts';
import { writeLogisticModel } from '../../drift/retraining/onnx/logistic-graph.ts';
import { type Assembled, type AssemblyOptions, assembleBatch } from '../../runtime/pipeline/batch-assembly.ts';
import { Lane } from '../../runtime/pipeline/lane.ts';

/** A small shop for tests of the pipeline: two subjects, one view, a logistic model, two partitions. */

export const DAY_MS = 86_400_000;

export const SHOP_DEFINITION: PipelineDefinition = {
  name: 'shop',
  topic: 'shop.events',
  partitions: 2,
  retentionMs: 400 * DAY_MS,
  scoredSubject: 'bought',
  entityProperty: 'customer',
  model: 'again',
  decision: { threshold: 0.5, below: 'write', otherwise: 'none' },
  predictionTopic: 'shop.predictions',
  predictionSubject: 'predicted',
  outcome: { name: 'again_3d', subject: 'bought', horizonMs: 3 * DAY_MS },
  deduplicationWindowMs: DAY_MS,
  onError: 'quarantine',
  maxBatchEvents: 16,
  maxBatchWaitMs: 1000,
};

/** The shop with decisions under the threshold as events of their own. */
export const EMITTING_DECISION: PipelineDefinition['decision'] = {
  ...SHOP_DEFINITION.decision,
  emits: { topic: 'shop.letters', subject: 'written' },
};

export const SHOP_VIEWS = [
  parseFeatureView({
    view: 'buys',
    version: 1,
    owner: 'team',
    description: 'purchases before this one',
    subject: 'bought',
    entity: 'customer',
    granularity: '1d',
    ownEvent: 'excluded',
    features: [
      { name: 'count_5d', aggregate: 'count', window: '5d' },
      { name: 'amount_5d', aggregate: 'sum', of: 'amount', window: '5d' },
    ],
  }),
  parseFeatureView({
    view: 'looks',
    version: 1,
    owner: 'team',
    description: 'looks up to this purchase',
    subject: 'looked',
    entity: 'customer',
    granularity: '1d',
    ownEvent: 'included',
    features: [{ name: 'count_5d', aggregate: 'count', window: '5d' }],
  }),
];
export const SHOP_FEATURES = SHOP_VIEWS.flatMap((view) => view.features.map(({ name }) => name));

const governance = { version: 1, owner: 'team', description: 'test', compatibility: 'NONE' } as const;
const customer = { type: 'string' } as const;
export const SHOP_CONTRACTS = new ContractCatalog([
  createContract({
    ...governance,
    subject: 'bought',
    schema: {
      type: 'object',
      required: ['amount'],
      properties: { customer, amount: { type: 'number', exclusiveMinimum: 0 } },
    },
  }),
  createContract({ ...governance, subject: 'looked', schema: { type: 'object', properties: { customer } } }),
  createContract({ ...governance, subject: 'left', schema: { type: 'object', properties: { customer } } }),
  createContract({
    ...governance,
    subject: 'predicted',
    schema: { type: 'object', required: ['score'], properties: { score: { type: 'number', minimum: 0, maximum: 1 } } },
  }),
  createContract({
    ...governance,
    subject: 'written',
    schema: { type: 'object', required: ['expiresAt'], properties: { expiresAt: { type: 'string', format: 'date-time' } } },
  }),
]);

export interface ShopEvent {
  readonly id: string;
  readonly type: string;
  readonly timeMs: number;
  readonly customer?: string;
  readonly amount?: number;
}

export function shopRecord({ id, type, timeMs, customer: of, amount }: ShopEvent): NewRecord {
  return {
    topic: SHOP_DEFINITION.topic,
    key: of ?? id,
    headers: envelopeHeaders({ id, source: '/shop', type, timeMs }),
    value: JSON.stringify({ ...(of === undefined ? {} : { customer: of }), ...(amount === undefined ? {} : { amount }) }),
  };
}

export function watermarkRecords(timeMs: number): NewRecord[] {
  const headers = { [HEADERS.watermark]: new Date(timeMs).toISOString() };
  return Array.from({ length: SHOP_DEFINITION.partitions }, (_, partition) => ({
    topic: SHOP_DEFINITION.topic,
    partition,
    headers,
    value: '',
  }));
}

/** The ONNX file of a version of the shop's model. */
export function shopModelOnnx(version: number): Uint8Array {
  return writeLogisticModel(
    {
      inputs: SHOP_FEATURES.map((feature) => ({ feature, transform: 'none', missing: 0 })),
      coefficients: SHOP_FEATURES.map((_, column) => (column + version) / 10),
      intercept: -version,
    },
    { name: SHOP_DEFINITION.model, version, metadata: {} },
  );
}

function shopControl(type: string, version: number, value: object): NewRecord {
  return {
    topic: TOPICS.control,
    headers: envelopeHeaders({ id: `${type}/${version}`, source: '/test', type, timeMs: 0 }),
    value: JSON.stringify(value),
  };
}

/** Registers a version of the shop's model, and adds these facts about it. */
async function registerShopModel(log: EventLog, version: number, facts: readonly NewRecord[]): Promise<void> {
  const ref = { name: SHOP_DEFINITION.model, version };
  const registered: ModelRegistered = { ...ref, requestId: `r${version}`, inputs: SHOP_FEATURES, onnxSha256: '' };
  await log.commit({
    records: [shopControl(CONTROL_TYPES.modelRegistered, version, registered), ...facts],
    state: [{ store: STORES.artifacts, partition: 0, key: `${ref.name}@${version}`, value: shopModelOnnx(version) }],
  });
}

function shopFact(version: number, offsets: readonly number[]) {
  return {
    name: SHOP_DEFINITION.model,
    version,
    requestId: `r${version}`,
    pipeline: SHOP_DEFINITION.name,
    atMs: 0,
    positions: offsets.map((offset, partition) => ({ topic: SHOP_DEFINITION.topic, partition, offset })),
  };
}

/** Registers and promotes a version of the shop's model from these offsets on. */
export async function promoteShopModel(log: EventLog, version: number, offsets: readonly number[]): Promise<void> {
  const promoted: ModelPromoted = { ...shopFact(version, offsets), role: 'live', reason: 'test', actor: 'test' };
  await registerShopModel(log, version, [shopControl(CONTROL_TYPES.modelPromoted, version, promoted)]);
}

/** Registers a version of the shop's model, and puts it in shadow from these offsets on. */
export async function shadowShopModel(
  log: EventLog,
  { version, purpose }: Pick<ModelShadowed, 'version' | 'purpose'>,
  offsets: readonly number[],
): Promise<void> {
  const shadowed: ModelShadowed = { ...shopFact(version, offsets), purpose };
  await registerShopModel(log, version, [shopControl(CONTROL_TYPES.modelShadowed, version, shadowed)]);
}

/** A batch of these records of one partition, polled at 0 by a runner that began then. */
export function assembleShopBatch(records: readonly LogRecord[], more: Partial<AssemblyOptions> = {}): Assembled {
  const partition = records[0]?.partition ?? 0;
  const lanes = new Map([[partition, new Lane(partition, SHOP_DEFINITION, SHOP_VIEWS)]]);
  const { name, onError } = SHOP_DEFINITION;
  const options = { name, onError, lanes, polledMs: 0, polledUs: 0, startedMs: 0, barrierMs: undefined };
  return assembleBatch([{ topic: SHOP_DEFINITION.topic, partition, records }], { ...options, ...more });
}

/** Real inference that takes no time on the test's clock: the worker measures on the machine's. */
function onClock(inference: InferenceClient, clock: Clock): ModelRunner {
  return {
    load: (model) => inference.load(model),
    unload: (model) => inference.unload(model),
    close: () => inference.close(),
    score: async (request) => {
      const { scores } = await inference.score(request);
      return { scores, computeFromUs: clock.monotonicUs(), computeToUs: clock.monotonicUs() };
    },
  };
}

export interface Shop {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly models: ModelCatalog;
  readonly inference: ModelRunner;
  readonly runner: PipelineRunner;
  /** Runs until this many events are durable in all, then stops. */
  runUntil(events: number): Promise<void>;
  close(): Promise<void>;
}

export interface ShopOptions {
  readonly folder: string;
  readonly nextBarrier?: () => Barrier | undefined;
  /** Default: one that stands still. */
  readonly clock?: Clock;
  readonly observer?: JourneyObserver;
  /** Told of each try that failed. */
  readonly onFailure?: (failure: PipelineFailure) => void;
  /** Wraps the log, to make commits fail. */
  readonly wrapLog?: (log: EventLog) => EventLog;
  readonly definition?: Partial<PipelineDefinition>;
  /** Wraps inference and contracts, to make them slow. */
  readonly wrapInference?: (runner: ModelRunner) => ModelRunner;
  readonly wrapGate?: (gate: ContractGate) => ContractGate;
  /** Gets what failures in shadow are told with. */
  readonly tellShadowFault?: (sentence: string) => void;
  /** Changes the stages, to make one fail. */
  readonly wrapStages?: (stages: readonly Stage[]) => readonly Stage[];
}

type ShopParts = Pick<Shop, 'log' | 'clock' | 'models' | 'inference'> & { readonly shadowFaults?: ShadowFaults };

/** A log's methods as an object of its own, to be spread and changed. */
export function boundLog(log: EventLog): EventLog {
  return {
    createTopic: (spec) => log.createTopic(spec),
    listTopics: () => log.listTopics(),
    bounds: (at) => log.bounds(at),
    commit: (commit) => log.commit(commit),
    join: (options) => log.join(options),
    committed: (group, topic) => log.committed(group, topic),
    lag: (group, topic) => log.lag(group, topic),
    describeGroup: (group) => log.describeGroup(group),
    read: (options) => log.read(options),
    readState: (store, partition) => log.readState(store, partition),
    sweep: (nowMs) => log.sweep(nowMs),
    close: () => log.close(),
  };
}

/** A runner of the pipeline, on what a shop has opened. */
export function createShopRunner(
  { log, clock, models, inference, shadowFaults = new ShadowFaults() }: ShopParts,
  onCommitted: () => void,
  options: Pick<ShopOptions, 'definition' | 'nextBarrier' | 'wrapStages' | 'wrapGate' | 'observer' | 'onFailure'> = {},
): PipelineRunner {
  const definition = { ...SHOP_DEFINITION, ...options.definition };
  const contracts = createContractGate(SHOP_CONTRACTS);
  const gate = options.wrapGate?.(contracts) ?? contracts;
  const stages = createStages({ clock, definition, gate, models, runner: inference, shadowFaults });
  return new PipelineRunner({
    log,
    clock,
    definition,
    views: SHOP_VIEWS,
    stages: options.wrapStages?.(stages) ?? stages,
    nextBarrier: options.nextBarrier ?? (() => undefined),
    onCommitted,
    ...(options.observer === undefined ? {} : { observer: options.observer }),
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
}

/** Opens the shop's pipeline on a real embedded log in a folder, with real inference. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const clock = options.clock ?? new ManualClock(Date.UTC(2026, 0, 1));
  const definition = { ...SHOP_DEFINITION, ...options.definition };
  const embedded = await openEmbeddedLog({ folder: options.folder, clock });
  const log = options.wrapLog?.(embedded) ?? embedded;
  await createPipelineTopics(log, definition);
  const worker = clock instanceof ManualClock ? onClock(new InferenceClient(), clock) : new InferenceClient();
  const inference = options.wrapInference?.(worker) ?? worker;
  const shadowFaults = new ShadowFaults(options.tellShadowFault);
  const models = new ModelCatalog({
    log,
    runner: inference,
    pipeline: definition.name,
    featureNames: SHOP_FEATURES,
    shadowFaults,
  });
  await models.catchUp();
  let committed: () => void = () => undefined;
  const runner = createShopRunner({ log, clock, models, inference, shadowFaults }, () => committed(), options);
  await runner.start();
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await runner.close();
    await inference.close();
    await embedded.close();
  };
  onTestFinished(close);
  const runUntil = async (events: number): Promise<void> => {
    const abort = new AbortController();
    committed = () => {
      if (runner.durableEvents >= events) abort.abort();
    };
    await runner.run(abort.signal);
  };
  return { log, clock, models, inference, runner, runUntil, close };
}
