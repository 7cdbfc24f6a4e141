import { expect, onTestFinished } from 'vitest';
import { type Clock, type Database, type FiredAlert, type ReceiptRecord, systemClock, TOPICS } from '#core';
import { AlertEvaluator, createAlertRules, createInvestigation, createSloCounts, IncidentBook } from '#runbooks';
import { openEmbeddedLog } from '#runtime';
import type { Workspace } from '../../../app/config/index.ts';
import { pathwaysOf } from '../../../app/operations/pathways.ts';
import { rulePipelinesOf } from '../../../app/operations/rule-pipelines.ts';
import type { Operations } from '../../../app/operations/wire-operations.ts';
import { storeTraffic } from '../../support/made-history.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveNothing } from './api-server.ts';

const MINUTE_MS = 60_000;

/** Germany’s baskets are refused for the last ten minutes of half an hour. */
export const MADE_END_MS = Math.floor(systemClock.now() / MINUTE_MS) * MINUTE_MS;
export const BAD_MS = MADE_END_MS - 10 * MINUTE_MS;
const REFUSAL = { fate: 'quarantined', reason: 'contract: /price unknown', detail: 'price is not a property here' } as const;

export async function storeRefusals(database: Database): Promise<void> {
  const refused = (record: ReceiptRecord): ReceiptRecord =>
    record.event.source === '/shop/germany' && record.event.type === 'basket.updated' ? { ...record, ...REFUSAL } : record;
  const step = { stepMs: 10_000, receipts: 10 } as const;
  await storeTraffic(database, { ...step, fromMs: BAD_MS - 20 * MINUTE_MS, toMs: BAD_MS });
  await storeTraffic(database, { ...step, fromMs: BAD_MS, toMs: MADE_END_MS, seed: 2, receipt: refused });
}

export const FINGERPRINT = '00000000000000aa';

export const refusalAlert = (change: Partial<FiredAlert> = {}): FiredAlert => ({
  fingerprint: FINGERPRINT,
  status: 'firing',
  startsAtMs: BAD_MS + MINUTE_MS,
  endsAtMs: null,
  labels: {
    alertname: 'QuarantineGrowing',
    severity: 'ticket',
    pipeline: 'repurchase',
    team: 'shop-platform',
    subject: 'basket.updated',
    source: '/shop/germany',
  },
  annotations: { summary: 'repurchase quarantines more basket.updated from /shop/germany.', description: 'd' },
  value: 1,
  origin: 'throughline',
  ...change,
});

/** The real server over the real book, whose incidents are investigated in this store; no round of rules is made. */
export async function serveOperations(workspace: Workspace, database: Database | undefined, clock: Clock = systemClock) {
  const log = await openEmbeddedLog({ folder: await temporaryFolder(), clock });
  for (const name of [TOPICS.control, TOPICS.alerts]) await log.createTopic({ name, partitions: 1, retention: {} });
  const { slos, alerts, runbooks } = workspace;
  const rules = createAlertRules({ slos, alerts, pipelines: rulePipelinesOf(workspace), scale: 1 });
  const wait = async (): Promise<void> => undefined;
  const pathways = pathwaysOf(workspace);
  const investigate = createInvestigation({
    database: () => database,
    clock,
    wait,
    scale: 1,
    settleMs: 0,
    pathways,
    rules,
    runbooks,
  });
  const incidents = new IncidentBook({ log, clock, investigate });
  await incidents.start();
  onTestFinished(async () => {
    await incidents.stop();
    await log.close();
  });
  const evaluator = new AlertEvaluator({
    database: database ?? { query: () => expect.fail(), insert: () => expect.fail(), command: () => expect.fail() },
    log,
    clock,
    wait,
    rules,
    everyMs: 1000,
    publicUrl: () => 'http://localhost',
    onRound: (told) => incidents.take(told),
    ...(database === undefined
      ? {}
      : { countSlos: createSloCounts({ database, slos, pipelines: rulePipelinesOf(workspace), scale: 1 }) }),
  });
  const operations: Operations = { evaluator, incidents, notifications: () => [] };
  const telemetry = {
    database: () => database,
    status: () => ({ status: 'ok', engine: 'embedded', lagRecords: 0, problem: null }) as const,
  };
  const served = await serveNothing({ workspace, clock, log, telemetry, operations: () => operations });
  const post = async (url: string, payload: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const { statusCode, body } = await served.server.inject({ method: 'POST', url, headers, payload: JSON.stringify(payload) });
    return { status: statusCode, answer: JSON.parse(body) as Record<string, unknown> };
  };
  return { ...served, incidents, evaluator, log, post };
}
