/**
 * How fast the questions about journeys are answered on a big table: fills ClickHouse with live-like decisions (10 million unless
 * told otherwise), asks each question many times with other values, and prints one line of JSON. `[decisions] [folder]`: a folder
 * that was filled before is used as it is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTelemetryStore } from '#collector';
import { type Database, systemClock } from '#core';
import { findEvent } from '../../collector/journeys/event-lookup.ts';
import { findIdentifiers } from '../../collector/journeys/identifiers.ts';
import { readLatency } from '../../collector/journeys/pipeline-latency.ts';
import { searchJourneys } from '../../collector/journeys/search.ts';
import { readThroughput } from '../../collector/journeys/throughput.ts';
import { readChanges, readDays } from '../../collector/journeys/timeline.ts';
import { findUses } from '../../collector/journeys/used-by.ts';
import { MIGRATIONS } from '../collector/test-store.ts';
import { bigEntity, fillBigJourneys } from './big-journeys.ts';

const decisions = Number(process.argv[2] ?? 10_000_000);
const given = process.argv[3];
const folder = given ?? mkdtempSync(path.join(tmpdir(), 'throughline-journeys-'));
const RUNS = 40;
const DAY_MS = 86_400_000;
const YEAR_MS = Date.UTC(2025, 0, 1);
const BREACH_US = 400_000;

const store = await openTelemetryStore({ kind: 'embedded', folder, clock: systemClock, migrations: MIGRATIONS });
const database: Database = store.database;
const [held] = await database.query<{ rows: number }>('SELECT toFloat64(count()) AS rows FROM decisions');
if (held?.rows === 0) await fillBigJourneys(database, { decisions, nowMs: Date.now(), yearMs: YEAR_MS });
const [newest] = await database.query<{ ms: number }>(
  'SELECT toFloat64(toUnixTimestamp64Milli(max(ingested))) AS ms FROM decisions',
);
const nowMs = newest?.ms ?? 0;
const rowAt = (run: number): number => Math.floor(((run * 0.618_033_988_75) % 1) * decisions);
const eventAt = (run: number): number => Math.floor(YEAR_MS + (rowAt(run) / decisions) * 365 * DAY_MS);

type Question = (run: number) => Promise<unknown>;
const page = { limit: 50 } as const;
const newestOf =
  (filters: object): Question =>
  () =>
    searchJourneys(database, { ...page, order: 'newest', ...filters });
const QUESTIONS: Readonly<Record<string, Question>> = {
  'event by id': (run) => findEvent(database, `order-${rowAt(run)}`),
  'receipt by id': (run) => findEvent(database, `line-${rowAt(run)}`),
  'event that is not there': (run) => findEvent(database, `nothing-${run}`),
  'used by': async (run) => {
    const [receipt] = (await findEvent(database, `line-${rowAt(run)}`)).receipts;
    return receipt === undefined ? [] : findUses(database, { receipt, fromMs: eventAt(run), toMs: eventAt(run) + 90 * DAY_MS });
  },
  find: (run) => findIdentifiers(database, { text: `order-${rowAt(run)}`, entities: [bigEntity(run)] }),
  'search newest': newestOf({}),
  'search newest, scored': newestOf({ fate: 'scored' }),
  'search newest, by decision': newestOf({ decision: 'write' }),
  'search newest, positive': newestOf({ label: 1 }),
  'search newest, quarantined': newestOf({ fate: 'quarantined' }),
  'search newest, by reason': newestOf({ reason: 'contract: line.done /quantity minimum' }),
  'search in a week': (run) =>
    searchJourneys(database, {
      ...page,
      order: 'newest',
      fromMs: eventAt(run),
      toMs: eventAt(run) + 7 * DAY_MS,
    }),
  'search by entity': (run) => searchJourneys(database, { ...page, order: 'newest', entities: [bigEntity(run)] }),
  'search breached': newestOf({ longerThanUs: { shop: BREACH_US } }),
  'search slowest': () => searchJourneys(database, { ...page, order: 'slowest' }),
  'search slowest, by decision': () => searchJourneys(database, { ...page, order: 'slowest', decision: 'write' }),
  'search, third page': thirdPage,
  'pipelines, 15 minutes': () => overview([900]),
  'pipelines, 24 hours': () => overview([86_400]),
  timeline: () => Promise.all([readDays(database), readChanges(database)]),
};

async function thirdPage(): Promise<unknown> {
  const first = await searchJourneys(database, { ...page, order: 'newest' });
  const second = await searchJourneys(database, {
    ...page,
    order: 'newest',
    ...(first.next === undefined ? {} : { cursor: first.next }),
  });
  return searchJourneys(database, { ...page, order: 'newest', ...(second.next === undefined ? {} : { cursor: second.next }) });
}

async function overview(windowsSeconds: readonly number[]): Promise<unknown> {
  return Promise.all([
    readLatency(database, { pipeline: 'shop', nowMs, windowsSeconds, breachUs: BREACH_US }),
    readThroughput(database, { pipeline: 'shop', nowMs }),
  ]);
}

const figures: Record<string, { readonly minMs: number; readonly p50Ms: number; readonly p95Ms: number }> = {};
const only = process.argv[4];
for (const [name, ask] of Object.entries(QUESTIONS)) {
  if (only !== undefined && !name.includes(only)) continue;
  const times: number[] = [];
  await ask(0);
  for (let run = 1; run <= RUNS; run++) {
    const began = performance.now();
    await ask(run);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (level: number): number => Number((times[Math.max(1, Math.ceil(level * RUNS)) - 1] ?? 0).toFixed(1));
  figures[name] = { minMs: at(0), p50Ms: at(0.5), p95Ms: at(0.95) };
}
process.stdout.write(`${JSON.stringify({ bench: 'journeys-queries', decisions, figures })}\n`);
await store.close();
if (given === undefined) rmSync(folder, { recursive: true, force: true });
