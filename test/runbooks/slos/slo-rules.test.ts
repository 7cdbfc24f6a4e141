import { beforeAll, describe, expect, it } from 'vitest';
import { type AlertRule, CONTROL_TYPES, systemClock } from '#core';
import { createAlertRules, readSlo, type SloFile } from '#runbooks';
import { MADE, type MadeTraffic, storeTraffic } from '../../support/made-history.ts';
import { clearTables, type NewFact, storeFacts, telemetryForFile } from '../../support/telemetry.ts';
import { evaluated, PIPELINE, sloFile } from '../rule-fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Math.floor(systemClock.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
const STEP_MS = 30_000;
/** Two decisions and a receipt a view in a step: an entity comes back after so many. */
const REVISIT_MS = 125 * STEP_MS;
const BEGIN_MS = NOW_MS - 10 * HOUR_MS;
const FAULT = { fromMs: NOW_MS - 3 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
const store = telemetryForFile();

/** A history in which everything is bad between two times. */
function badBetween({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Partial<MadeTraffic> {
  const isBad = (atMs: number): boolean => atMs >= fromMs && atMs < toMs;
  return {
    stageUs: (stage, atMs) => (stage === 'publish' && isBad(atMs) ? 600_000 : 1000),
    decision: (record, atMs) =>
      isBad(atMs)
        ? { ...record, features: { ...record.features, statuses: record.features.statuses.map(() => 'stale') } }
        : record,
    receipt: (record, atMs) => (isBad(atMs) ? { ...record, fate: 'quarantined', reason: 'contract: x / required' } : record),
    outcome: (record, atMs) => (isBad(atMs + REVISIT_MS) ? undefined : { ...record, label: 1 }),
  };
}

const TRAFFIC: MadeTraffic = { fromMs: BEGIN_MS, toMs: NOW_MS, stepMs: STEP_MS, decisions: 2, receipts: 1 };

function ruleOf(sli: SloFile['sli'], severity: string, parts: Partial<SloFile> = {}): AlertRule {
  const rules = createAlertRules({ slos: [sloFile(sli, parts)], alerts: [], pipelines: [PIPELINE] });
  const rule = rules.find((candidate) => candidate.severity === severity);
  if (rule === undefined) throw new Error(`no rule of ${sli} is a ${severity}`);
  return rule;
}

async function valueOf(rule: AlertRule, atMs: number): Promise<number> {
  const rows = await evaluated(store.database(), rule, atMs);
  expect(rows).toHaveLength(1);
  return rows[0]?.value ?? Number.NaN;
}

describe('the rules of SLOs, on a history with two hours in which all is bad', () => {
  beforeAll(async () => {
    await clearTables(store.database());
    await storeTraffic(store.database(), { ...TRAFFIC, ...badBetween(FAULT) });
  });

  /** A share of events cannot be bad of contracts: decisions are sound. */
  const SHARES = { latency: 1, freshness: 1, contract: 0.5, outcomes: 1 } as const;

  it.each(['latency', 'freshness', 'contract', 'outcomes'] as const)(
    'page for %s once both windows burn, and no longer',
    async (sli) => {
      // At 14.4 times 5 % the hour must hold 72 % of bad events, or 6 hours 30 %; by half as many bad events, it is the second.
      const rule = ruleOf(sli, 'page', { minimumEvents: 40 });
      const firstMs = FAULT.fromMs + (SHARES[sli] === 1 ? 0.72 : 0.6 * 6) * HOUR_MS;
      const waitsMs = sli === 'outcomes' ? MINUTE_MS : 0;
      expect(await valueOf(rule, FAULT.fromMs - MINUTE_MS)).toBe(0);
      if (SHARES[sli] === 1) {
        expect(await valueOf(rule, firstMs + waitsMs - 2 * MINUTE_MS)).toBeLessThan(1);
        expect(await valueOf(rule, firstMs + waitsMs + 2 * MINUTE_MS)).toBeGreaterThan(1);
        expect(await valueOf(rule, FAULT.toMs + waitsMs + 20 * MINUTE_MS)).toBeGreaterThan(1);
      } else {
        expect(await valueOf(rule, FAULT.toMs)).toBeCloseTo(0.5 / 0.05 / 14.4, 1);
      }
      expect(await valueOf(rule, FAULT.toMs + waitsMs + 23 * MINUTE_MS)).toBeLessThan(1);
      expect(await valueOf(rule, FAULT.toMs + waitsMs + 32 * MINUTE_MS)).toBe(0);
    },
  );

  it('make a ticket of what burns more slowly, for as long as the short window sees it', async () => {
    const rule = ruleOf('contract', 'ticket');
    // Of the history's first seven hours and the fault's first, an eighth times a half; a factor of 1 asks for a twentieth.
    expect(await valueOf(rule, FAULT.fromMs - MINUTE_MS)).toBe(0);
    expect(await valueOf(rule, FAULT.fromMs + HOUR_MS)).toBeGreaterThan(1);
  });

  it('say nothing of too little traffic, nor of none', async () => {
    const inAnHour = 240;
    const page = ruleOf('latency', 'page', { minimumEvents: 6 * inAnHour + 1 });
    expect(await valueOf(page, FAULT.toMs)).toBe(0);
    expect(await valueOf(ruleOf('latency', 'page', { minimumEvents: inAnHour }), FAULT.toMs)).toBeGreaterThan(1);
    expect(await valueOf(ruleOf('latency', 'page'), NOW_MS - 300 * DAY_MS)).toBe(0);
  });

  it('show the events that were bad, the worst first', async () => {
    const slos = (['latency', 'freshness', 'contract', 'outcomes'] as const).map((sli) => sloFile(sli));
    for (const { alert, exemplarSql = '' } of createAlertRules({ slos, alerts: [], pipelines: [PIPELINE] })) {
      const rows = await store.database().query<{ source: string; event_id: string; note: string }>(exemplarSql, {
        params: { nowMs: FAULT.toMs, sinceMs: FAULT.fromMs },
      });
      expect(rows, alert).toHaveLength(5);
      for (const row of rows) expect(Object.values(row).every((cell) => cell.length > 3)).toBe(true);
    }
  });

  it('tell how the budget stands, and since when', async () => {
    const figures = await readSlo(
      store.database(),
      { slo: sloFile('latency', { period: '10d' }), pipelines: [PIPELINE] },
      NOW_MS,
    );
    const [steps, bad] = [10 * 120, 2 * 120];
    expect(figures.events).toBeGreaterThanOrEqual(2 * (steps - 1));
    expect(figures.bad).toBe(2 * bad);
    expect(figures.budgetLeft).toBeCloseTo(1 - 0.2 / 0.05, 1);
    expect(figures.burnRates.map(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds])).toEqual([
      [3600, 300],
      [21_600, 1800],
      [86_400, 7200],
      [259_200, 21_600],
    ]);
    // The last hour is sound, the two before are not.
    expect(figures.burnRates.map(({ long, short }) => [long === 0, short === 0])).toEqual([
      [true, true],
      [false, true],
      [false, false],
      [false, false],
    ]);
    expect(figures.burnRates.map(({ isFiring }) => isFiring)).toEqual([false, false, true, true]);
    expect(figures.history).toHaveLength(3);
    expect(figures.history.reduce((sum, { events }) => sum + events, 0)).toBe(figures.events);
    expect(figures.alert).toBe('LatencyBudgetBurn');
  });

  it('tell nothing of a time without events', async () => {
    const figures = await readSlo(store.database(), { slo: sloFile('outcomes'), pipelines: [PIPELINE] }, NOW_MS - 300 * DAY_MS);
    expect(figures).toMatchObject({ events: 0, bad: 0, budgetLeft: null, history: [] });
    expect(figures.burnRates.map(({ long, short }) => [long, short])).toEqual([1, 2, 3, 4].map(() => [null, null]));
  });
});

describe('the rule of retraining', () => {
  const eventMs = NOW_MS;
  const request = (requestId: string, atMs: number): NewFact => ({
    type: CONTROL_TYPES.retrainingRequested,
    fact: {
      requestId,
      model: MADE.model,
      pipeline: MADE.pipeline,
      cause: 'schedule',
      window: { fromMs: 0, toMs: 1 },
      atMs,
      positions: [],
    },
  });
  const promotion = (requestId: string, atMs: number): NewFact => ({
    type: CONTROL_TYPES.modelPromoted,
    fact: { name: MADE.model, version: 2, requestId, role: 'live', atMs, positions: [], reason: 'Better.', actor: 'gate' },
  });
  const refusal = (requestId: string): NewFact => ({
    type: CONTROL_TYPES.trainingRefused,
    fact: { requestId, model: MADE.model, reason: 'rows', message: 'Too few.' },
  });

  it.each([
    ['one that ended within its target', [request('a', eventMs - 36 * DAY_MS), promotion('a', eventMs - 2 * DAY_MS)], 0],
    ['one that ended late', [request('a', eventMs - 38 * DAY_MS), promotion('a', eventMs - 2 * DAY_MS)], 20],
    ['one that is open', [request('a', eventMs - 34 * DAY_MS)], 0],
    ['one that is open for too long', [request('a', eventMs - 36 * DAY_MS)], 20],
    ['one that was refused at once, years after its events', [request('a', eventMs - 900 * DAY_MS), refusal('a')], 0],
    [
      'one of two that was late',
      ['a', 'b'].flatMap((id, index) => [request(id, eventMs - (38 - 4 * index) * DAY_MS), promotion(id, eventMs)]),
      10,
    ],
  ] as const)('judges %s', async (_name, facts, burn) => {
    await clearTables(store.database());
    await storeTraffic(store.database(), { fromMs: NOW_MS - 60_000, toMs: NOW_MS, decisions: 1, receipts: 0 });
    await storeFacts(store.database(), facts, NOW_MS - HOUR_MS);
    const rule = ruleOf('retraining', 'ticket');
    expect(await valueOf(rule, NOW_MS)).toBeCloseTo(burn, 6);
    expect(await valueOf(rule, NOW_MS - 2 * HOUR_MS)).toBe(0);
  });
});

describe('createAlertRules', () => {
  it('gives each severity of an SLO a name that Grafana takes, however long the SLO’s is', () => {
    const slos = [sloFile('latency', { slo: 'a'.repeat(40) }), sloFile('contract', { slo: `${'a'.repeat(39)}b` })];
    const ids = createAlertRules({ slos, alerts: [], pipelines: [PIPELINE] }).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]{1,40}$/u);
  });

  it('writes the same windows, factors and minimum for Prometheus', () => {
    expect(ruleOf('latency', 'ticket').promql).toBe(
      (
        [
          ['86400s', '7200s', 0.15],
          ['259200s', '21600s', 0.05],
        ] as const
      )
        .map(([long, short, limit]) => {
          const of = (what: string, metric: string, window: string): string =>
            `sum by (slo, pipeline) (${what}(throughline_slo_${metric}_total{slo="made-latency",pipeline="repurchase"}[${window}]))`;
          const over = (window: string): string =>
            `${of('rate', 'bad_events', window)} / ${of('rate', 'events', window)} / ${limit} > 1`;
          return `(${over(long)} and ${over(short)} and ${of('increase', 'events', long)} >= 20 and ${of('increase', 'events', short)} >= 2)`;
        })
        .join(' or '),
    );
  });

  it('refuses an SLO of a pipeline that there is not', () => {
    const slos = [sloFile('latency', { pipeline: 'nowhere' })];
    expect(() => createAlertRules({ slos, alerts: [], pipelines: [PIPELINE] })).toThrow(
      'nowhere is no pipeline of the workspace',
    );
  });
});
