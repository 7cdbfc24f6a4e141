import {
  type AlertEventRecord,
  CONTROL_TYPES,
  type Database,
  type DriftResultRecord,
  type EpochMs,
  type FailureRecord,
  type FieldProfileRecord,
  TABLES,
} from '#core';
import { MADE, storeTraffic } from '../../support/made-history.ts';
import { storeFacts, storeRecords } from '../../support/telemetry.ts';

const DAY_MS = 86_400_000;

/** A quarter of an hour in which everything happens that a panel shows: refused events, a failure, alerts, drift, a promotion. */
export async function storeShownHistory(
  database: Database,
  { fromMs, toMs }: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
) {
  let receipts = 0;
  await storeTraffic(database, {
    fromMs,
    toMs: toMs - 30_000,
    stepMs: 10_000,
    receipt: (record) => {
      receipts += 1;
      if (record.event.type !== 'basket.updated' || receipts % 7 > 0) return record;
      return {
        ...record,
        fate: 'quarantined',
        reason: 'contract: /quantity minimum',
        detail: '/quantity must be >= 0, it is -3.',
        views: [],
      };
    },
    outcome: (record) => (record.label === 1 || receipts % 3 === 0 ? record : undefined),
  });
  const at = toMs - 300_000;
  const store = (table: string, records: readonly object[]) => storeRecords(database, { table, records, ingestedMs: at });
  await store(TABLES.failures, [failure(at)]);
  await store(TABLES.alertEvents, alertEvents(at));
  await store(TABLES.driftResults, [driftResult(toMs, 'psi'), driftResult(toMs, 'ks')]);
  await store(TABLES.fieldProfiles, [fieldProfile(toMs)]);
  await storeFacts(database, facts(at), at);
}

function failure(atMs: EpochMs): FailureRecord {
  return {
    atMs,
    pipeline: MADE.pipeline,
    group: MADE.pipeline,
    stage: 'decode',
    position: { topic: MADE.topic, partition: 1, offset: 4711 },
    event: { source: MADE.sources[0], id: 'basket-4711', type: 'basket.updated' },
    errorCode: 'PIPELINE_STAGE_FAILED',
    message: 'it is no JSON',
    attempt: 1,
    isStopped: false,
  };
}

function alertEvents(atMs: EpochMs): readonly AlertEventRecord[] {
  const event = (severity: string, state: AlertEventRecord['state'], deltaMs: number): AlertEventRecord => ({
    atMs: atMs + deltaMs,
    alert: 'LatencyBudgetBurn',
    ruleId: `latency-${severity}`,
    fingerprint: severity === 'page' ? 'aaaaaaaaaaaaaaaa' : 'bbbbbbbbbbbbbbbb',
    state,
    startsAtMs: atMs,
    severity,
    pipeline: MADE.pipeline,
    labels: { alertname: 'LatencyBudgetBurn', slo: 'latency', severity },
    value: 15,
    summary: 'latency burns its error budget',
  });
  return [event('page', 'firing', 0), event('ticket', 'firing', 0), event('ticket', 'resolved', 60_000)];
}

function driftResult(nowMs: EpochMs, method: DriftResultRecord['method']): DriftResultRecord {
  const toMs = nowMs - 60_000;
  return {
    job: 'repurchase-weekly',
    pipeline: MADE.pipeline,
    model: MADE.model,
    version: 1,
    window: { fromMs: toMs - 7 * DAY_MS, toMs },
    reference: { fromMs: toMs - 60 * DAY_MS, toMs: toMs - 7 * DAY_MS },
    targetKind: 'feature',
    target: MADE.features[0],
    method,
    rows: 800,
    referenceRows: 5000,
    status: 'ok',
    reason: '',
    value: 0.31,
    referenceValue: 0.1,
    pValue: 0.001,
    threshold: 0.2,
    isBreach: true,
    windowsInARow: 2,
    isAlarm: true,
  };
}

function fieldProfile(nowMs: EpochMs): FieldProfileRecord {
  const fromMs = nowMs - 600_000;
  return {
    pipeline: MADE.pipeline,
    subject: 'basket.updated',
    contractVersion: 1,
    source: MADE.sources[0],
    field: '/unitPrice',
    partition: 0,
    window: { fromMs, toMs: fromMs + DAY_MS },
    values: 90,
    missing: 10,
    sum: 270,
    min: 1,
    max: 9,
    accuracy: 0.01,
    zeros: 0,
    positive: { keys: [55], counts: [90] },
    negative: { keys: [], counts: [] },
  };
}

/** What happened on the control topic. */
function facts(atMs: EpochMs) {
  const incident = {
    fingerprint: 'aaaaaaaaaaaaaaaa',
    startsAtMs: atMs,
    alert: 'LatencyBudgetBurn',
    pipeline: MADE.pipeline,
    severity: 'page',
  };
  return [
    {
      type: CONTROL_TYPES.modelPromoted,
      fact: {
        name: MADE.model,
        version: 1,
        role: 'live',
        pipeline: MADE.pipeline,
        requestId: 'r1',
        cause: 'first_model',
        atMs,
        positions: [],
        reason: 'It is the first.',
        actor: 'gate',
      },
    },
    {
      type: CONTROL_TYPES.contractRegistered,
      fact: { subject: 'basket.updated', version: 1, fingerprint: 'f', owner: 'shop-platform' },
    },
    {
      type: CONTROL_TYPES.contractRegistered,
      fact: { subject: 'purchase.completed', version: 1, fingerprint: 'g', owner: 'shop-platform' },
    },
    {
      type: CONTROL_TYPES.changeRecorded,
      fact: {
        changeId: 'c1',
        kind: 'deploy',
        subject: '/shop/germany',
        version: '1.2',
        summary: 'Deployed the shop front',
        atMs,
        actor: 'ci',
      },
    },
    {
      type: CONTROL_TYPES.retrainingRequested,
      fact: {
        requestId: 'r2',
        model: MADE.model,
        pipeline: MADE.pipeline,
        cause: 'drift',
        window: { fromMs: atMs - DAY_MS, toMs: atMs },
        atMs,
        positions: [],
      },
    },
    {
      type: CONTROL_TYPES.incidentOpened,
      fact: { ...incident, summary: 'latency burns its error budget', actor: 'throughline' },
    },
  ];
}
