import {
  CONTROL_TYPES,
  type Database,
  type DecisionRecord,
  type Diagnosis,
  type FailureRecord,
  type FieldProfileRecord,
  type GroupSampleRecord,
  type ReceiptRecord,
  STAGES,
  type StageName,
  systemClock,
  TABLES,
} from '#core';
import type { Pathway } from '#runbooks';
import { QuantileSketch } from '../../../drift/fields/quantile-sketch.ts';
import { diagnose } from '../../../runbooks/diagnosis/diagnose.ts';
import { MADE, type MadeTraffic, storeTraffic } from '../../support/made-history.ts';
import { clearTables, storeFacts, storeRecords } from '../../support/telemetry.ts';

const team = (name: string) => ({ name, contact: `${name}@example.com` });
const DAY_MS = 86_400_000;

/** What storeTraffic's pipeline consists of. */
export const PATHWAY: Pathway = {
  pipeline: MADE.pipeline,
  owner: team('growth'),
  topic: MADE.topic,
  group: MADE.pipeline,
  scoredSubject: 'purchase.completed',
  contracts: ['purchase.completed', 'basket.updated', 'purchase.cancelled'].map((subject) => ({ subject, owner: team('shop') })),
  views: [
    {
      view: 'basket_lines',
      subject: 'basket.updated',
      owner: team('baskets'),
      fields: ['/unitPrice', '/quantity'],
      features: ['basket_lines.lines_60d', 'basket_lines.unit_price_mean_60d'],
    },
    {
      view: 'purchase_history',
      subject: 'purchase.completed',
      owner: team('growth'),
      fields: ['/amount'],
      features: ['purchase_history.purchases_60d', 'purchase_history.amount_60d'],
    },
    {
      view: 'latest_purchase',
      subject: 'purchase.completed',
      owner: team('growth'),
      fields: ['/amount'],
      features: ['latest_purchase.amount'],
    },
  ],
  model: { name: MADE.model, owner: team('models') },
  horizonMs: 30 * DAY_MS,
  outcome: 'repurchase_30d',
  outcomeSubject: 'purchase.completed',
  latencyBudget: {
    totalP99Ms: 400,
    stages: Object.fromEntries(STAGES.map((stage) => [stage, { meanMs: 10, p99Ms: 50 }])) as Record<
      StageName,
      { meanMs: number; p99Ms: number }
    >,
  },
  throughput: { eventsPerSecond: 5, burstFactor: 3 },
};

/** Tables are kept by the machine's clock: histories end about now. */
const endMs = Math.floor(systemClock.now() / 1000) * 1000 - 10_000;

/** Of all made incidents: traffic for 100 s, then the fault, 15 s later the alert, and the question 25 s after that. */
export const TIMES = { fromMs: endMs - 140_000, faultMs: endMs - 40_000, startsAtMs: endMs - 25_000, nowMs: endMs } as const;
const SCALE = 1 / 240;

export interface MadeIncident {
  readonly traffic?: Partial<MadeTraffic>;
  readonly failures?: readonly FailureRecord[];
  readonly profiles?: readonly FieldProfileRecord[];
  /** Default: days pass every five seconds, and the last one ended just now. */
  readonly profilesStoredMs?: number;
}

/** Stores an incident in place of whatever was there; customers come again every few seconds. */
export async function storeIncident(
  database: Database,
  { traffic = {}, failures = [], profiles = [], profilesStoredMs }: MadeIncident,
): Promise<void> {
  await clearTables(database);
  const { decision = (record: DecisionRecord) => record, ...rest } = traffic;
  await storeTraffic(database, {
    fromMs: TIMES.fromMs,
    toMs: TIMES.nowMs,
    receipts: 8,
    speed: 600,
    eventMs: TIMES.fromMs - 10 * DAY_MS,
    decision: (record, atMs) => decision({ ...record, entity: customerOf(record) }, atMs),
    group: groupOf,
    ...rest,
  });
  await storeRecords(database, { table: TABLES.failures, records: failures, ingestedMs: TIMES.nowMs });
  await storeRecords(database, { table: TABLES.fieldProfiles, records: profiles, ingestedMs: profilesStoredMs ?? storedMs });
}

function customerOf({ position }: DecisionRecord): string {
  return `customer-${position.offset % 60}`;
}

const perPartition = 5;

/** Each partition gets five records a second, and they are read at once. */
export function groupOf(record: GroupSampleRecord, atMs: number): GroupSampleRecord {
  const end = Math.round(((atMs - TIMES.fromMs) / 1000) * perPartition) + 1000;
  return { ...record, committed: end - 2, end, lagRecords: 2, lagMs: 20 };
}

/** A partition in which nothing is read any more since the fault. */
export function stalledGroup(record: GroupSampleRecord, atMs: number): GroupSampleRecord {
  const going = groupOf(record, atMs);
  if (atMs < TIMES.faultMs) return going;
  const committed = groupOf(record, TIMES.faultMs).committed ?? 0;
  return { ...going, committed, lagRecords: going.end - committed, lagMs: atMs - TIMES.faultMs };
}

export const isSince = (atMs: number): boolean => atMs >= TIMES.faultMs;

/** A stage takes as long as given since the fault; the others as ever. */
export function slowStage(slow: StageName, us: number): (stage: StageName, atMs: number) => number {
  const usual: Readonly<Record<StageName, number>> = {
    broker_wait: 3000,
    batch_wait: 100,
    contract: 400,
    feature_read: 300,
    model_queue: 500,
    model_compute: 400,
    decide: 200,
    publish: 4000,
  };
  return (stage, atMs) => {
    if (!isSince(atMs)) return usual[stage];
    if (stage === slow) return us;
    return stage === 'broker_wait' ? us * 3 : usual[stage];
  };
}

export function quarantinedFor(record: ReceiptRecord, reason: string, detail: string): ReceiptRecord {
  const { views: _views, ...rest } = record;
  return { ...rest, fate: 'quarantined', reason, detail };
}

/** Days of event time of one field: the last `changed` of them times the factor. A day is stored when it is over. */
export function profilesOf(place: {
  readonly source: string;
  readonly field: string;
  readonly factor: number;
  readonly changed: number;
  /** Of the first changed day, only the later half of the values is. Default: all. */
  readonly isMixed?: boolean;
}): FieldProfileRecord[] {
  const days = 20;
  const firstMs = Math.floor(TIMES.fromMs / DAY_MS) * DAY_MS - days * DAY_MS;
  return Array.from({ length: days }, (_, day) => {
    const factor = day >= days - place.changed ? place.factor : 1;
    const sketch = new QuantileSketch();
    const isHalf = place.isMixed === true && day === days - place.changed;
    for (let value = 1; value <= 60; value++) {
      sketch.add((1 + value / 7 + (day % 3) / 5) * (isHalf && value % 2 === 0 ? 1 : factor));
    }
    return {
      pipeline: MADE.pipeline,
      subject: 'basket.updated',
      contractVersion: 1,
      source: place.source,
      field: place.field,
      partition: 0,
      window: { fromMs: firstMs + day * DAY_MS, toMs: firstMs + (day + 1) * DAY_MS },
      missing: 0,
      ...sketch.parts(),
    };
  });
}

/** Days pass every five seconds, and the last one ended just now. */
function storedMs(record: object): number {
  const profile = record as FieldProfileRecord;
  const lastMs = Math.floor(TIMES.fromMs / DAY_MS) * DAY_MS - DAY_MS;
  return TIMES.nowMs - 5000 * (1 + (lastMs - profile.window.fromMs) / DAY_MS);
}

export interface MadeChange {
  readonly subject: string;
  /** ms after the fault. */
  readonly afterMs: number;
}

export async function storeDeploy(database: Database, { subject, afterMs }: MadeChange): Promise<void> {
  const atMs = TIMES.faultMs + afterMs;
  const fact = {
    changeId: subject,
    kind: 'deploy',
    subject,
    version: '2.0.0',
    summary: `${subject} deployed`,
    atMs,
    actor: 'ci',
  };
  await storeFacts(database, [{ type: CONTROL_TYPES.changeRecorded, fact }], atMs);
}

export async function diagnosed(
  database: Database,
  alert: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  let us = 0;
  const elapsedMs = (): number => ++us;
  const { startsAtMs, nowMs } = TIMES;
  const question = { pathway: PATHWAY, alert, labels: { alertname: alert, ...labels }, startsAtMs, nowMs, scale: SCALE };
  return diagnose(database, question, elapsedMs);
}
