import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTROL_TYPES, HEADERS, type LogPosition, type ModelPromoted, type ModelShadowed, type ModelTrained } from '#core';
import { loadWorkspace } from '../../app/config/index.ts';
import { OrderAudit } from '../support/order-audit.ts';
import { controlFacts, fatesOf, RetailRuns } from '../support/retail-runs.ts';
import { ServedHistory } from '../support/served-history.ts';
import { decisionsOf, receiptsOf, recordsOf } from '../support/topic-contents.ts';

/** The bundled year, replayed by a real process; slow (about a minute), and what the product stands on. */

const YEAR_EVENTS = 558_521;
const WORKSPACE = path.join(import.meta.dirname, '../../examples/retail');
const MINUTES = 60_000;

let folder: string;
let runs: RetailRuns;
let output: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'throughline-year-'));
  runs = new RetailRuns(folder, WORKSPACE);
  const run = await runs.start('undisturbed', ['--once']).ended;
  expect(run, run.output).toMatchObject({ code: 0 });
  ({ output } = run);
}, 4 * MINUTES);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the year', { timeout: MINUTES }, () => {
  test('holds 532,621 baskets, 22,064 purchases and 3,836 cancellations, each under a name of its own', async () => {
    const counts = new Map<string, number>();
    const names = new Set<string>();
    const records = await runs.withLog('undisturbed', (log) => recordsOf(log, 'shop.events'));
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
    for (const record of await runs.withLog('undisturbed', (log) => recordsOf(log, 'shop.events'))) audit.take(record);
    expect(audit.wrong).toEqual([]);
  });

  test('gives each event exactly one fate, and prints fates that add up to what was read', async () => {
    const [decisions, receipts] = await runs.withLog(
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
    const [decisions, history] = await runs.withLog(
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

  test('decides its line of models at positions of the log, and each event by the version that its position names', async () => {
    const [facts, decisions] = await runs.withLog(
      'undisturbed',
      async (log) => [await controlFacts(log), await decisionsOf(log)] as const,
    );
    expect(facts.slice(0, 4).map(({ type }) => type)).toEqual([
      CONTROL_TYPES.trainingRequested,
      CONTROL_TYPES.modelTrained,
      CONTROL_TYPES.modelRegistered,
      CONTROL_TYPES.modelPromoted,
    ]);
    const ofType = <T>(type: string): readonly T[] => facts.filter((fact) => fact.type === type).map(({ fact }) => fact as T);
    const trained = ofType<ModelTrained>(CONTROL_TYPES.modelTrained);
    expect(trained[0]?.lineage.rows).toBe(1400);
    for (const { lineage } of trained) expect(lineage.parity).toBeLessThan(1e-5);
    const promoted = ofType<ModelPromoted>(CONTROL_TYPES.modelPromoted);
    expect(promoted.filter(({ cause }) => cause === 'gate').length).toBeGreaterThan(1);
    expect(ofType(CONTROL_TYPES.modelRefused).length).toBeGreaterThan(0);
    for (const { position, fate, model } of decisions) {
      const live = promoted.findLast(({ positions }) => stands(position, positions));
      expect([fate, model?.version]).toEqual(live === undefined ? ['collecting', undefined] : ['scored', live.version]);
    }
    const scoredInShadow = new Set(decisions.flatMap(({ shadows = [] }) => shadows.map(({ version }) => version)));
    const shadowed = ofType<ModelShadowed>(CONTROL_TYPES.modelShadowed);
    expect([...scoredInShadow].toSorted((a, b) => a - b)).toEqual(
      [...new Set(shadowed.map(({ version }) => version))].toSorted((a, b) => a - b),
    );
  });

  test('a second start goes on from where it was: nothing is replayed again, and Ctrl-C stops it cleanly', async () => {
    const second = runs.start('undisturbed');
    await second.until(/The line stays up/u);
    expect(await second.get('/api/health')).toMatchObject({
      replay: { state: 'done', published: YEAR_EVENTS },
      eventsRead: YEAR_EVENTS,
    });
    const ended = await second.interrupt();
    expect(ended, ended.output).toMatchObject({ code: 0 });
    expect(fatesOf(ended.output)).toEqual(fatesOf(output));
  });
});

/** Whether a position is at or behind those of a decision. */
function stands(position: LogPosition, positions: readonly LogPosition[]): boolean {
  return positions.some(({ partition, offset }) => partition === position.partition && position.offset >= offset);
}
