import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  type Health,
  type LogRecord,
  type OutcomeRecord,
  type ReceiptRecord,
  systemClock,
  TOPICS,
} from '#core';
import { openEmbeddedLog } from '#runtime';
import { loadWorkspace } from '../../app/config/index.ts';
import { ServedHistory } from '../support/served-history.ts';
import { ThroughlineProcess } from '../support/throughline-process.ts';
import {
  batchesOf,
  decisionsOf,
  type LastingDecision,
  lastingPart,
  outcomesOf,
  receiptsOf,
  recordsOf,
} from '../support/topic-contents.ts';

/** The bundled year, replayed by real processes; slow (about a minute), and what the product stands on. */

const YEAR_EVENTS = 558_521;
/** Of those, earlier than the last thirty days. */
const BACKLOG_EVENTS = 466_149;
const KILLS = 12;
const WORKSPACE = path.join(import.meta.dirname, '../../examples/retail');
const MINUTES = 60_000;

let folder: string;
let output: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'throughline-year-'));
  const run = await startYear('undisturbed', ['--once']).ended;
  expect(run, run.output).toMatchObject({ code: 0 });
  ({ output } = run);
}, 4 * MINUTES);

afterAll(() => rm(folder, { recursive: true, force: true }));

function startYear(name: string, flags: readonly string[] = []): ThroughlineProcess {
  return new ThroughlineProcess([
    'start',
    '--workspace',
    WORKSPACE,
    '--data',
    path.join(folder, name),
    '--port',
    '0',
    '--clickhouse',
    'off',
    ...flags,
  ]);
}

async function withLog<T>(name: string, work: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await openEmbeddedLog({ folder: path.join(folder, name), clock: systemClock });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

describe('the year', { timeout: MINUTES }, () => {
  test('holds 532,621 baskets, 22,064 purchases and 3,836 cancellations, each under a name of its own', async () => {
    const counts = new Map<string, number>();
    const names = new Set<string>();
    const records = await withLog('undisturbed', (log) => recordsOf(log, 'shop.events'));
    for (const { headers } of records) {
      const type = headers[HEADERS.type];
      if (type === undefined) continue;
      counts.set(type, (counts.get(type) ?? 0) + 1);
      names.add(`${headers[HEADERS.source]} ${headers[HEADERS.id]}`);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'basket.updated': 532_621,
      'purchase.completed': 22_064,
      'purchase.cancelled': 3836,
    });
    expect(names.size).toBe(YEAR_EVENTS);
  });

  test('a purchase comes after its last line, and a customer’s events are in one partition in order of time', async () => {
    const audit = new OrderAudit();
    for (const record of await withLog('undisturbed', (log) => recordsOf(log, 'shop.events'))) audit.take(record);
    expect(audit.wrong).toEqual([]);
  });

  test('gives each event exactly one fate, and prints fates that add up to what was read', async () => {
    const [decisions, receipts] = await withLog(
      'undisturbed',
      async (log) => [await decisionsOf(log), await receiptsOf(log)] as const,
    );
    const fates = [...decisions, ...receipts].map(({ position, fate }) => ({
      place: `${position.partition}/${position.offset}`,
      fate,
    }));
    expect(fates).toHaveLength(YEAR_EVENTS);
    expect(new Set(fates.map(({ place }) => place)).size).toBe(YEAR_EVENTS);
    expect(output).toMatch(/all, as many as were read\s+558,521/u);
    expect(output).toMatch(/quarantined because/u);
    for (const { fate, reason } of receipts) if (fate === 'quarantined') expect(reason).toBeTruthy();
  });

  test('no feature sees the future: recomputed from earlier offsets only, the served values are the same', async () => {
    const workspace = await loadWorkspace(WORKSPACE);
    const [decisions, history] = await withLog(
      'undisturbed',
      async (log) => [await decisionsOf(log), await ServedHistory.read(log, 'shop.events')] as const,
    );
    const sample = decisions.filter((_, index) => index % 17 === 0);
    expect(sample.length).toBeGreaterThan(1000);
    for (const decision of sample) {
      const expected = history.features(decision, workspace.views);
      decision.features.names.forEach((name, column) => {
        const value = decision.features.values[column];
        const truth = expected.get(name);
        if (truth === null || truth === undefined) expect(value, name).toBeNull();
        else expect(value, `${name} of ${decision.event.id}`).toBeCloseTo(truth, 6);
        expect(decision.features.eventTimesMs[column] ?? 0).toBeLessThanOrEqual(decision.event.timeMs);
      });
    }
  });

  test('records request, training, registration and promotion on the control topic, with the positions they hold from', async () => {
    const [control, decisions] = await withLog(
      'undisturbed',
      async (log) => [await recordsOf(log, TOPICS.control), await decisionsOf(log)] as const,
    );
    const types = control.map(({ headers }) => headers[HEADERS.type]);
    expect(types.filter((type) => type !== CONTROL_TYPES.contractRegistered)).toEqual([
      CONTROL_TYPES.trainingRequested,
      CONTROL_TYPES.modelTrained,
      CONTROL_TYPES.modelRegistered,
      CONTROL_TYPES.modelPromoted,
    ]);
    const promoted = JSON.parse(new TextDecoder().decode(control.at(-1)?.value)) as {
      positions: { partition: number; offset: number }[];
    };
    const trained = JSON.parse(new TextDecoder().decode(control.at(-3)?.value)) as { lineage: { parity: number; rows: number } };
    expect(trained.lineage.parity).toBeLessThan(1e-5);
    expect(trained.lineage.rows).toBe(3384);
    for (const { position, fate } of decisions) {
      const from = promoted.positions.find(({ partition }) => partition === position.partition)?.offset ?? 0;
      expect(fate).toBe(position.offset < from ? 'collecting' : 'scored');
    }
  });

  test('a second start goes on from where it was: nothing is replayed again, and Ctrl-C stops it cleanly', async () => {
    const second = startYear('undisturbed');
    await second.until(/The line stays up/u);
    expect(await second.get('/api/health')).toMatchObject({
      replay: { state: 'done', published: YEAR_EVENTS },
      eventsRead: YEAR_EVENTS,
    });
    const ended = await second.interrupt();
    expect(ended, ended.output).toMatchObject({ code: 0 });
    expect(fatesOf(ended.output)).toEqual(fatesOf(output));
  });

  test(
    'by itself, plays the last thirty days live, and goes on with them after Ctrl-C',
    async () => {
      const first = startYear('live');
      await first.until(/The last 30 days now play at 300×/u);
      expect(first.output).toMatch(/all, as many as were read/u);
      const { published } = ((await first.get('/api/health')) as Health).replay;
      expect(published).toBeGreaterThanOrEqual(BACKLOG_EVENTS);
      expect(published).toBeLessThan(YEAR_EVENTS);
      await untilRead(first, BACKLOG_EVENTS + 20);
      expect(await first.interrupt()).toMatchObject({ code: 0 });
      const second = startYear('live');
      await second.until(/The last 30 days now play at 300×/u);
      await untilRead(second, BACKLOG_EVENTS + 40);
      expect(await second.interrupt()).toMatchObject({ code: 0 });
      await withLog('live', async (log) => {
        const live = (await decisionsOf(log)).filter(({ backlog }) => !backlog);
        const measured = (await batchesOf(log)).flatMap(({ endToEndUs }) => endToEndUs);
        expect(live.length).toBeGreaterThan(0);
        expect(live.every(({ replay }) => replay)).toBe(true);
        expect(measured).toHaveLength(live.length);
      });
    },
    4 * MINUTES,
  );

  test(
    `killed ${KILLS} times at random points and started again, ends with the same predictions, each exactly once`,
    async () => {
      const points = Array.from({ length: KILLS }, () => randomInt(YEAR_EVENTS)).toSorted((a, b) => a - b);
      // One of them hits the moment when the first model is trained and promoted.
      points[points.findIndex((point) => point > 140_000)] = 144_620;
      for (const point of points.toSorted((a, b) => a - b)) {
        const run = startYear('killed', ['--no-live']);
        await untilRead(run, point);
        await run.kill();
      }
      const last = await startYear('killed', ['--once']).ended;
      expect(last, `killed at ${points.join(', ')}: ${last.output}`).toMatchObject({ code: 0 });
      const disturbed = await withLog('killed', outcomeOf);
      const undisturbed = await withLog('undisturbed', outcomeOf);
      const ids = disturbed.predictions.map(({ predictionId }) => predictionId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(disturbed.predictions.map(({ score: _score, ...prediction }) => prediction)).toEqual(
        undisturbed.predictions.map(({ score: _score, ...prediction }) => prediction),
      );
      disturbed.predictions.forEach(({ score }, index) => {
        expect(Math.abs(score - (undisturbed.predictions[index]?.score ?? Number.NaN))).toBeLessThanOrEqual(1e-6);
      });
      expect(disturbed.decisions).toEqual(undisturbed.decisions);
      expect(disturbed.receipts).toEqual(undisturbed.receipts);
      expect(disturbed.outcomes).toEqual(undisturbed.outcomes);
      expect(fatesOf(last.output)).toEqual(fatesOf(output));
    },
    4 * MINUTES,
  );
});

/** What is out of order in the shop's topic. */
class OrderAudit {
  readonly wrong: string[] = [];
  readonly #completed = new Set<string>();
  readonly #last = new Map<string, { readonly partition: number; readonly time: string }>();

  take({ headers, key, partition }: LogRecord): void {
    const id = headers[HEADERS.id];
    const time = headers[HEADERS.time];
    if (id === undefined || time === undefined || key === undefined) return;
    const [invoice = '', part] = id.split(':');
    if (part === 'completed') this.#completed.add(invoice);
    else if (this.#completed.has(invoice)) this.wrong.push(`${id} comes after its purchase`);
    const last = this.#last.get(key) ?? { partition, time };
    if (last.partition !== partition) this.wrong.push(`${key} is in two partitions`);
    if (time < last.time) this.wrong.push(`${id} is earlier than the event before it`);
    this.#last.set(key, { partition, time });
  }
}

/** The closing tables. */
function fatesOf(text: string): string {
  return text.slice(text.indexOf('fate '), text.indexOf('outcomes:'));
}

async function untilRead(run: ThroughlineProcess, events: number): Promise<void> {
  for (;;) {
    const { eventsRead } = (await run.get('/api/health')) as { eventsRead: number };
    if (eventsRead >= events) return;
  }
}

interface Prediction {
  readonly predictionId: string;
  readonly modelVersion: number;
  readonly decision: string;
  readonly score: number;
}

interface YearOutcome {
  readonly predictions: readonly Prediction[];
  readonly decisions: readonly LastingDecision[];
  readonly receipts: readonly ReceiptRecord[];
  readonly outcomes: readonly OutcomeRecord[];
}

/** All that the year led to, by partition and offset, without the times of the processing clock. */
async function outcomeOf(log: EventLog): Promise<YearOutcome> {
  const predictions = (await recordsOf(log, 'shop.predictions')).map(
    ({ value }) => JSON.parse(new TextDecoder().decode(value)) as Prediction,
  );
  const decisions = (await decisionsOf(log)).map(lastingPart);
  return { predictions, decisions, receipts: await receiptsOf(log), outcomes: await outcomesOf(log) };
}
