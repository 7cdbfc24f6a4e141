import { createHash, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTelemetryStore, type TelemetryStore } from '#collector';
import { type EventLog, systemClock, TABLES } from '#core';
import { openEmbeddedLog } from '#runtime';
import { MIGRATIONS } from '../../../app/telemetry/wire-telemetry.ts';
import { childrenOf } from '../../support/child-processes.ts';
import { createShortWorkspace, SHORT_EVENTS } from '../../support/short-workspace.ts';
import { ThroughlineProcess } from '../../support/throughline-process.ts';
import { batchesOf, decisionsOf, driftResultsOf, fieldProfilesOf, outcomesOf, receiptsOf } from '../../support/topic-contents.ts';

/** The bundled year's first months with telemetry, while its engine and the process itself are killed: every record arrives, once. */

const ENGINE_KILLS = 3;
const MINUTES = 60_000;

let folder: string;
let log: EventLog;
let store: TelemetryStore;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'throughline-telemetry-'));
  const data = path.join(folder, 'data');
  const workspace = await createShortWorkspace(path.join(folder, 'workspace'));
  const start = (flags: readonly string[] = []): ThroughlineProcess =>
    new ThroughlineProcess(['start', '--workspace', workspace, '--data', data, '--port', '0', ...flags]);

  const first = start(['--no-live']);
  for (const point of points(ENGINE_KILLS, SHORT_EVENTS / 3)) {
    await untilRead(first, point);
    for (const pid of childrenOf(first.child.pid ?? 0, /engine-worker/u)) process.kill(pid, 'SIGKILL');
  }
  await untilRead(first, SHORT_EVENTS / 3 + randomInt(15_000));
  await first.kill();
  const second = start(['--no-live']);
  await untilRead(second, (SHORT_EVENTS * 2) / 3);
  await second.kill();
  const last = await start(['--once']).ended;
  expect(last, last.output).toMatchObject({ code: 0 });

  log = await openEmbeddedLog({ folder: data, clock: systemClock });
  store = await openTelemetryStore({
    kind: 'embedded',
    folder: path.join(data, 'clickhouse'),
    clock: systemClock,
    migrations: MIGRATIONS,
  });
}, 5 * MINUTES);

afterAll(async () => {
  await store.close();
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

function points(count: number, below: number): readonly number[] {
  return Array.from({ length: count }, () => randomInt(Math.floor(below))).toSorted((a, b) => a - b);
}

async function untilRead(run: ThroughlineProcess, events: number): Promise<void> {
  for (;;) {
    const { eventsRead } = (await run.get('/api/health')) as { eventsRead: number };
    if (eventsRead >= events) return;
  }
}

/** A fingerprint of lines in any order. */
function digestOf(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines.toSorted()) hash.update(`${line}\n`);
  return `${lines.length} lines, ${hash.digest('hex')}`;
}

async function storedLines(table: string, columns: readonly string[]): Promise<string> {
  const list = columns.map((column) => `toString(${column})`).join(", ' ', ");
  const rows = await store.database.query<{ readonly line: string }>(`SELECT concat(${list}) AS line FROM ${table}`, {
    maxSeconds: 60,
  });
  return digestOf(rows.map(({ line }) => line));
}

describe('the first months with telemetry, its engine killed three times and its process twice', { timeout: MINUTES }, () => {
  test('stores every decision once, as it stands in the log', async () => {
    const decisions = await decisionsOf(log);
    expect(decisions.length).toBeGreaterThan(3500);
    const expected = decisions.map(({ event, position, fate, predictionId, decision = '' }) =>
      [event.id, position.partition, position.offset, fate, predictionId, decision].join(' '),
    );
    const columns = ['event_id', 'partition', 'offset', 'fate', 'lower(hex(prediction_id))', 'decision'];
    expect(await storedLines(TABLES.decisions, columns)).toBe(digestOf(expected));
  });

  test('stores every receipt once, with its fate and reason', async () => {
    const expected = (await receiptsOf(log)).map(({ event, position, fate, reason = '' }) =>
      [event.id, position.partition, position.offset, fate, reason].join(' '),
    );
    expect(expected.length).toBeGreaterThan(150_000);
    expect(await storedLines(TABLES.receipts, ['event_id', 'partition', 'offset', 'fate', 'reason'])).toBe(digestOf(expected));
  });

  test('stores every outcome and every batch once', async () => {
    const outcomes = (await outcomesOf(log)).map(
      ({ predictionId, label, maturedAtMs }) => `${predictionId} ${label} ${maturedAtMs}`,
    );
    const columns = ['lower(hex(prediction_id))', 'label', 'toUnixTimestamp64Milli(matured_at)'];
    expect(await storedLines(TABLES.outcomes, columns)).toBe(digestOf(outcomes));
    const batches = (await batchesOf(log)).map(({ batchId, decisions }) => `${batchId} ${decisions}`);
    expect(await storedLines(TABLES.batches, ["lower(leftPad(hex(batch_id), 16, '0'))", 'decisions'])).toBe(digestOf(batches));
  });

  test('reviews every week’s window once, and stores what was measured and what producers sent once', async () => {
    const results = (await driftResultsOf(log)).map(({ job, window, target, method, status }) =>
      [job, window.toMs, target, method, status].join(' '),
    );
    const weeks = new Set(results.map((line) => line.split(' ')[1]));
    expect(weeks.size).toBe(11);
    expect(new Set(results.map((line) => line.replace(/ \S+$/u, ''))).size).toBe(results.length);
    const columns = ['job', 'toUnixTimestamp64Milli(window_to)', 'target', 'method', 'status'];
    expect(await storedLines(TABLES.driftResults, columns)).toBe(digestOf(results));
    const profiles = (await fieldProfilesOf(log)).map(({ subject, source, field, partition, window, values }) =>
      [subject, source, field, partition, window.fromMs, values].join(' '),
    );
    expect(profiles.length).toBeGreaterThan(1000);
    const places = ['subject', 'source', 'field', 'partition', 'toUnixTimestamp64Milli(window_from)', 'value_count'];
    expect(await storedLines(TABLES.fieldProfiles, places)).toBe(digestOf(profiles));
  });

  test('joins decisions, batches and outcomes to journeys', async () => {
    const [row] = await store.database.query<{ rows: number; outcomes: number }>(
      `SELECT toFloat64(count()) AS rows, toFloat64(countIf(label IS NOT NULL)) AS outcomes FROM ${TABLES.journeys}`,
      { maxSeconds: 60 },
    );
    expect(row).toEqual({ rows: (await decisionsOf(log)).length, outcomes: (await outcomesOf(log)).length });
  });
});
