import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type ReceiptRecord, systemClock, TABLES } from '#core';
import { loadWorkspace } from '../../app/config/index.ts';
import { createContractGate } from '../../app/contract-gate.ts';
import { openHistory } from '../../runtime/replay/history.ts';
import { alertFile, allRules, firing, sloFile } from '../runbooks/rule-fixture.ts';
import { MADE } from '../support/made-history.ts';
import { ROOT } from '../support/repository.ts';
import { storeRecords, telemetryForFile } from '../support/telemetry.ts';

/** The bundled year with all its bursts of refused events, played as drills play it: an hour in fifteen seconds, 400 events a second. */
const RATE = 400;
const SCALE = 1 / 240;
const EVENTS = 558_521;
const SECONDS = Math.ceil(EVENTS / RATE);
const CHUNK = 40_000;
/** Until there is something to compare with. */
const WARM_UP_SECONDS = 130;
const STEP_SECONDS = 5;
const PATIENCE_MS = 180_000;
const BEGIN_MS = Math.floor(systemClock.now() / 1000) * 1000 - SECONDS * 1000;
const store = telemetryForFile();

/** When an event is stored, by its place in the year. */
const storedMs = (record: object): number => BEGIN_MS + Math.floor(((record as ReceiptRecord).position.offset / RATE) * 1000);

beforeAll(async () => {
  const folder = path.join(ROOT, 'examples/retail');
  const gate = createContractGate((await loadWorkspace(folder)).contracts);
  const [file, module] = [path.join(folder, 'data/online-retail.parquet'), path.join(folder, 'replay.mjs')];
  let receipts: ReceiptRecord[] = [];
  const flush = async (): Promise<void> => {
    await storeRecords(store.database(), { table: TABLES.receipts, records: receipts, ingestedMs: storedMs });
    receipts = [];
  };
  let offset = 0;
  for (const { source, id, type, timeMs, data } of (await openHistory({ file, module })).events()) {
    const verdict = gate.judge({ type }, data);
    receipts.push({
      fate: verdict.ok ? 'used_by_features' : 'quarantined',
      pipeline: MADE.pipeline,
      event: { source, id, type, timeMs },
      position: { topic: MADE.topic, partition: 0, offset },
      ...(verdict.ok ? {} : { reason: verdict.reason }),
    });
    offset += 1;
    if (receipts.length >= CHUNK) await flush();
  }
  await flush();
  expect(offset).toBe(EVENTS);
}, PATIENCE_MS);

it(
  'no rule about contracts and views fires in a usual year',
  async () => {
    const slos = [sloFile('contract', { minimumEvents: 100 })];
    const alerts = [alertFile('QuarantineGrowing'), alertFile('FeatureViewStale')];
    const fired: string[] = [];
    for (let second = WARM_UP_SECONDS; second < SECONDS; second += STEP_SECONDS) {
      for (const rule of allRules({ slos, alerts, scale: SCALE })) {
        const series = await firing(store.database(), rule, BEGIN_MS + second * 1000);
        fired.push(...series.map((one) => `${rule.id} at ${second} s: ${JSON.stringify(one)}`));
      }
    }
    expect(fired).toEqual([]);
  },
  PATIENCE_MS,
);
