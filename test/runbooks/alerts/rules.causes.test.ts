import { describe, expect, it } from 'vitest';
import { type DecisionRecord, type FailureRecord, type GroupSampleRecord, systemClock, TABLES } from '#core';
import type { AlertFile } from '#runbooks';
import { MADE, type MadeTraffic, storeTraffic } from '../../support/made-history.ts';
import { clearTables, storeRecords, telemetryForFile } from '../../support/telemetry.ts';
import { alertFile, allRules, CAUSES, evaluated, firing, PIPELINE, type Series } from '../rule-fixture.ts';

const SECOND_MS = 1000;
/** An hour in fifteen seconds, as drills play it. */
const SCALE = 1 / 240;
const NOW_MS = Math.floor(systemClock.now() / SECOND_MS) * SECOND_MS;
const FAULT_MS = NOW_MS - 60 * SECOND_MS;
const FAULT_END_MS = FAULT_MS + 25 * SECOND_MS;
const store = telemetryForFile();

const TRAFFIC: MadeTraffic = {
  fromMs: FAULT_MS - 150 * SECOND_MS,
  toMs: NOW_MS,
  decisions: 8,
  receipts: 20,
  outcome: (record) => ({ ...record, label: 1 }),
};
type Spoiler = Partial<MadeTraffic>;
/** Long enough for every customer to come again. */
const SETTLED: Spoiler = { fromMs: NOW_MS - 80 * SECOND_MS, receipts: 0 };
const BRIEF: Spoiler = { fromMs: FAULT_MS - 10 * SECOND_MS, receipts: 2 };

async function made(spoiler: Spoiler = {}): Promise<void> {
  await clearTables(store.database());
  await storeTraffic(store.database(), { ...TRAFFIC, ...spoiler });
}

async function firingAt(alert: AlertFile['alert'], atMs: number, scale = SCALE): Promise<readonly Series[]> {
  const rule = allRules({ slos: [], alerts: [alertFile(alert)], scale })[0];
  if (rule === undefined) throw new Error(`${alert} makes no rule`);
  return await firing(store.database(), rule, atMs);
}

const isFault = (atMs: number): boolean => atMs >= FAULT_MS && atMs < FAULT_END_MS;
/** Nothing is stored in the fault. */
const SILENT: Spoiler = {
  decision: (record, atMs) => (isFault(atMs) ? undefined : record),
  receipt: (record, atMs) => (isFault(atMs) ? undefined : record),
};
const waiting = (sample: GroupSampleRecord, atMs: number): GroupSampleRecord =>
  isFault(atMs) ? { ...sample, lagRecords: 2 + (atMs - FAULT_MS) / 50, lagMs: atMs - FAULT_MS } : sample;

const isBasket = (index: number): boolean => index > 2;

/** A third of the customers without their basket. */
function withoutBasket(record: DecisionRecord): DecisionRecord {
  if (Number(record.entity.slice('customer-'.length)) % 3 > 0) return record;
  const { features } = record;
  return {
    ...record,
    features: {
      ...features,
      values: features.values.map((value, index) => (isBasket(index) ? null : value)),
      eventTimesMs: features.eventTimesMs.map((time, index) => (isBasket(index) ? null : time)),
      statuses: features.statuses.map((status, index) => (isBasket(index) ? 'not_found' : status)),
    },
  };
}

function shadowOff(record: DecisionRecord, by: number): DecisionRecord {
  return { ...record, shadows: (record.shadows ?? []).map(({ version, score }) => ({ version, score: score + by })) };
}

/** A view's events stop, a producer breaks its contract, known customers have no values, the candidate is biased for some. */
const SPOILT: Spoiler = {
  decision: (record, atMs) => {
    if (!isFault(atMs)) return record;
    const seen = withoutBasket(record);
    return (record.features.values[1] ?? 0) > 225 ? shadowOff(seen, -0.25) : seen;
  },
  receipt: (record, atMs) => {
    if (!isFault(atMs)) return record;
    if (record.event.type === 'basket.updated') return undefined;
    const isBroken = record.event.source === '/shop/germany';
    return isBroken ? { ...record, fate: 'quarantined', reason: 'contract: purchase.cancelled / required' } : record;
  },
};

type Labels = Readonly<Record<string, string>>;
/** What happens, and which alerts tell it: with the labels of their series. */
const FAULTS: readonly (readonly [string, Spoiler, readonly (readonly [AlertFile['alert'], Labels])[]])[] = [
  [
    'a group without a member',
    { ...SILENT, group: (sample, atMs) => ({ ...waiting(sample, atMs), members: isFault(atMs) ? 0 : 1 }) },
    [
      ['PipelineSilent', {}],
      ['ConsumerGroupEmpty', { group: MADE.pipeline }],
      ['ConsumerGroupLagging', { group: MADE.pipeline }],
    ],
  ],
  [
    'records that nobody writes, though the group reads on',
    { ...SILENT, group: (sample, atMs) => ({ ...sample, end: sample.end + (atMs - FAULT_MS) }) },
    [['PipelineSilent', {}]],
  ],
  [
    'events and values that are not as they should be',
    SPOILT,
    [
      ['QuarantineGrowing', { subject: 'purchase.cancelled', source: '/shop/germany' }],
      ['FeatureViewStale', { view: 'basket_lines' }],
      ['FeatureValuesMissing', { view: 'basket_lines' }],
      ['CandidateGap', { version: '2' }],
    ],
  ],
  [
    'a candidate that is biased for one producer',
    {
      decision: (record, atMs) => (isFault(atMs) && record.event.source === '/shop/france' ? shadowOff(record, 0.2) : record),
    },
    [['CandidateGap', { version: '2' }]],
  ],
];

describe('the alerts about causes', () => {
  it.each(FAULTS)('tell %s within seconds, and that it is over', async (_name, spoiler, alerts) => {
    await made(spoiler);
    for (const [alert, labels] of alerts) {
      expect(await firingAt(alert, FAULT_MS), alert).toEqual([]);
      const series = await firingAt(alert, FAULT_MS + 15 * SECOND_MS);
      expect(series, alert).toEqual([{ ...labels, value: expect.any(Number) as number }]);
      expect(await firingAt(alert, FAULT_END_MS + 25 * SECOND_MS), alert).toEqual([]);
    }
  });

  it('say nothing of too little traffic', async () => {
    await made({ ...SPOILT, decisions: 1, receipts: 1 });
    for (const alert of ['FeatureValuesMissing', 'QuarantineGrowing', 'FeatureViewStale', 'CandidateGap'] as const)
      expect(await firingAt(alert, FAULT_MS + 15 * SECOND_MS), alert).toEqual([]);
  });

  it('OutcomesNotJoined tells predictions that their outcome did not reach, and says nothing of a few', async () => {
    await made({ ...SETTLED, outcome: () => undefined });
    expect(await firingAt('OutcomesNotJoined', NOW_MS)).toEqual([{ value: 1 }]);
    await made({ ...SETTLED, outcome: () => undefined, decisions: 1 });
    expect(await firingAt('OutcomesNotJoined', NOW_MS)).toEqual([]);
  });

  it('OutcomesNotJoined takes what settled too late, or negative, for not joined, and events of one time for one visit', async () => {
    await made({ ...SETTLED, outcome: (record) => ({ ...record, label: 0 }) });
    expect(await firingAt('OutcomesNotJoined', NOW_MS)).toEqual([{ value: 1 }]);
    await made({
      ...SETTLED,
      outcome: () => undefined,
      decision: (record) => ({ ...record, event: { ...record.event, timeMs: NOW_MS } }),
    });
    const [series] = await evaluated(store.database(), ruleOf('OutcomesNotJoined'), NOW_MS);
    expect(series?.value).toBe(0);
  });

  it('PipelineSilent says nothing where a replay has ended, nor where the group is not sampled', async () => {
    const ended: GroupSampleRecord[] = [0, 1, 2, 3].flatMap((partition) =>
      Array.from({ length: 60 }, (_, index) => ({
        atMs: FAULT_MS + index * SECOND_MS,
        group: MADE.pipeline,
        topic: MADE.topic,
        partition,
        members: 1,
        committed: 1000,
        end: 1000,
        lagRecords: 0,
        lagMs: 0,
      })),
    );
    await clearTables(store.database());
    await storeTraffic(store.database(), { ...TRAFFIC, toMs: FAULT_MS });
    expect(await firingAt('PipelineSilent', NOW_MS)).toEqual([]);
    await storeRecords(store.database(), { table: TABLES.groupSamples, records: ended, ingestedMs: NOW_MS });
    expect(await firingAt('PipelineSilent', NOW_MS)).toEqual([]);
  });

  it('ConsumerGroupLagging says nothing of who catches up with a backlog', async () => {
    await made({ ...BRIEF, group: waiting, decision: (record, atMs) => (isFault(atMs) ? { ...record, backlog: true } : record) });
    expect(await firingAt('ConsumerGroupLagging', FAULT_MS + 15 * SECOND_MS)).toEqual([]);
  });

  it('ConsumerGroupEmpty says nothing of a group that was shut down with nothing to read', async () => {
    await made({
      ...BRIEF,
      group: (sample, atMs) => (isFault(atMs) ? { ...sample, members: 0, end: 1002, committed: 1000 } : sample),
    });
    expect(await firingAt('ConsumerGroupEmpty', FAULT_MS + 15 * SECOND_MS)).toEqual([]);
  });

  it('CandidateGap leaves a baseline alone: a version older than the live one is meant to differ', async () => {
    await made({
      ...BRIEF,
      decision: (record) => ({
        ...record,
        model: { name: MADE.model, version: 3, role: 'live' },
        shadows: [{ version: 1, score: 0 }],
      }),
    });
    expect(await firingAt('CandidateGap', NOW_MS)).toEqual([]);
  });
});

describe('EventStuck', () => {
  const failure = (attempt: number, offset: number): FailureRecord => ({
    atMs: FAULT_MS + attempt * SECOND_MS,
    pipeline: MADE.pipeline,
    group: MADE.pipeline,
    stage: 'contract',
    position: { topic: MADE.topic, partition: 2, offset },
    event: { source: '/shop/germany', id: `basket-${offset}`, type: 'basket.updated' },
    errorCode: 'unexpected',
    message: 'it throws',
    attempt,
    isStopped: attempt === 4,
  });
  const committed = (offset: number): Spoiler => ({
    decisions: 0,
    receipts: 0,
    group: (sample) => ({ ...sample, committed: offset }),
  });

  it.each([
    ['a record that fails again and again', [1, 2, 3, 4], 500, ['500']],
    ['a record that failed once', [1], 500, []],
    ['a record that the group has left behind', [1, 2, 3], 501, []],
    ['records of which none failed', [], 500, []],
  ] as const)('judges %s', async (_name, attempts, offset, expected) => {
    await made(committed(offset));
    const records = attempts.map((attempt) => failure(attempt, 500));
    await storeRecords(store.database(), { table: TABLES.failures, records, ingestedMs: NOW_MS });
    const series = await firingAt('EventStuck', NOW_MS);
    expect(series).toEqual(expected.map((text) => ({ topic: MADE.topic, partition: '2', offset: text, value: attempts.length })));
    if (series.length === 0) return;
    expect(
      await store.database().query(ruleOf('EventStuck').exemplarSql ?? '', {
        params: { nowMs: NOW_MS, sinceMs: FAULT_MS, label_topic: MADE.topic, label_partition: '2', label_offset: '500' },
      }),
    ).toEqual([{ source: '/shop/germany', event_id: 'basket-500', note: 'unexpected: it throws' }]);
  });

  it('goes on where the pipeline has given up, and the group is sampled no more', async () => {
    await made({ ...committed(500), toMs: FAULT_MS - 100 * SECOND_MS });
    const records = [1, 2, 3, 4].map((attempt) => failure(attempt, 500));
    await storeRecords(store.database(), { table: TABLES.failures, records, ingestedMs: NOW_MS });
    expect(await firingAt('EventStuck', NOW_MS + 100 * SECOND_MS)).toHaveLength(1);
  });
});

function ruleOf(alert: AlertFile['alert']): ReturnType<typeof allRules>[number] {
  const rule = allRules({ slos: [], alerts: [alertFile(alert)], scale: SCALE })[0];
  if (rule === undefined) throw new Error(`${alert} makes no rule`);
  return rule;
}

describe('every rule', () => {
  const scales = [1, SCALE];

  it.each(scales)('is silent on a clean history, but for the Watchdog, at scale %d', async (scale) => {
    await made();
    for (const rule of allRules({ scale })) {
      const series = await firing(store.database(), rule, NOW_MS);
      expect(series, rule.id).toEqual(rule.alert === 'Watchdog' ? [{ value: 1 }] : []);
    }
  });

  it.each(scales)('is silent without any data, but for the Watchdog, at scale %d', async (scale) => {
    await clearTables(store.database());
    for (const rule of allRules({ scale })) {
      const series = await firing(store.database(), rule, NOW_MS);
      expect(series, rule.id).toEqual(rule.alert === 'Watchdog' ? [{ value: 1 }] : []);
    }
  });

  it('answers with its label columns and a number, and with exemplars of three texts', async () => {
    await made(BRIEF);
    for (const rule of allRules({ scale: SCALE })) {
      for (const series of await evaluated(store.database(), rule, NOW_MS)) {
        expect(Object.keys(series), rule.id).toEqual([...rule.labelColumns, 'value']);
        expect(series.value).toEqual(expect.any(Number));
        for (const label of rule.labelColumns) expect(series[label]).toEqual(expect.any(String));
      }
      if (rule.exemplarSql === undefined) continue;
      const labels = Object.fromEntries(
        rule.labelColumns.map((label) => [`label_${label}`, label === 'view' ? 'basket_lines' : '2']),
      );
      const params = { nowMs: NOW_MS, sinceMs: FAULT_MS, ...labels };
      const rows = await store.database().query<Record<string, string>>(rule.exemplarSql, { params });
      expect(rows.length, rule.id).toBeLessThanOrEqual(5);
      for (const row of rows) expect(Object.keys(row)).toEqual(['source', 'event_id', 'note']);
    }
  });

  it('has no parameter but the time, a sentence with its figure, and a panel', () => {
    for (const rule of allRules()) {
      expect(new Set(rule.sql.match(/\{[^}]*\}/gu))).toEqual(new Set(rule.alert === 'Watchdog' ? [] : ['{nowMs:Int64}']));
      expect(rule.sql).not.toMatch(/\bnow(?:64)?\(/u);
      if (rule.alert !== 'Watchdog') expect(rule.summary).toContain('{value}');
      for (const label of rule.labelColumns) expect(rule.summary).toContain(`{${label}}`);
      expect(rule.summary).toMatch(/\.$/u);
      expect(rule.id).toMatch(/^[a-z0-9-]{1,40}$/u);
      expect(rule.labels).toMatchObject({ severity: rule.severity, pipeline: MADE.pipeline, team: 'growth-analytics' });
    }
  });

  it('takes hostile names as texts', async () => {
    const name = `it's \\ {nowMs:Int64} "x" -- \n`;
    const pipeline = {
      ...PIPELINE,
      name,
      group: name,
      topic: name,
      model: name,
      views: [{ view: name, subject: name, windowMs: 1 }],
    };
    const slos = allRules().flatMap(({ slo }) => slo ?? []);
    expect(slos).toHaveLength(9);
    const alerts = CAUSES.map((alert) => alertFile(alert, { pipeline: name }));
    for (const rule of allRules({ slos: [], alerts, pipelines: [pipeline] }))
      expect(await firing(store.database(), rule, NOW_MS), rule.id).toHaveLength(rule.alert === 'Watchdog' ? 1 : 0);
  });
});
