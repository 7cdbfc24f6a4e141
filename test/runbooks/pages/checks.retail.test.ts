import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ALERTS, CONTROL_TYPES, type Database, type ReceiptRecord, STAGES, systemClock, TABLES } from '#core';
import { loadWorkspace } from '../../../app/config/index.ts';
import { type CheckWindow, failedChecks, runChecks } from '../../../runbooks/pages/checks.ts';
import { inlineParameters } from '../../../runbooks/pages/inlined-sql.ts';
import type { Runbook } from '../../../runbooks/pages/page.ts';
import { fieldChangedOf, promotedOf, requestOf } from '../../collector/records/facts.ts';
import { MADE, storeTraffic } from '../../support/made-history.ts';
import { storeFacts, storeRecords, telemetryForFile } from '../../support/telemetry.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const { pipeline } = MADE;
const { database } = telemetryForFile();
const endMs = Math.floor(systemClock.now() / MINUTE_MS) * MINUTE_MS;
const badMs = endMs - 10 * MINUTE_MS;
const goodMs = badMs - 20 * MINUTE_MS;

/** The last ten minutes are bad; a healthy window is all within the good time. */
const SPOILT: CheckWindow = {
  pipeline,
  fromMs: badMs,
  toMs: endMs,
  baseFromMs: badMs - 10 * MINUTE_MS,
  baseToMs: badMs,
  nowMs: endMs,
};
const HEALTHY: CheckWindow = {
  pipeline,
  fromMs: badMs - 5 * MINUTE_MS,
  toMs: badMs,
  baseFromMs: badMs - 10 * MINUTE_MS,
  baseToMs: badMs - 5 * MINUTE_MS,
  nowMs: badMs,
};

/** What the checks of a page answer, a letter each: y(es), n(o), u(nclear), f(ailed). */
async function answersOf(runbook: Runbook, window: CheckWindow): Promise<string> {
  const results = await runChecks({ database: database(), clock: systemClock }, runbook, window);
  expect(results.filter(({ answer }) => answer === 'failed').map(({ query, meaning }) => `${query}: ${meaning}`)).toEqual([]);
  return results.map(({ answer }) => answer[0]).join('');
}

const step = { stepMs: 5000, receipts: 8, eventMs: goodMs } as const;
const refusal = { fate: 'quarantined', reason: 'contract: /price unknown', detail: 'price is not a property here' } as const;

/** Germany’s baskets are refused, cancellations stop, customers are renamed, and their outcomes do not join. */
async function storeBadTime(store: Database): Promise<void> {
  const germany = (record: ReceiptRecord): ReceiptRecord =>
    record.event.source === '/shop/germany' ? { ...record, ...refusal } : record;
  await storeTraffic(store, {
    ...step,
    fromMs: badMs,
    toMs: endMs,
    eventMs: badMs,
    seed: 2,
    stageUs: (stage) => (stage === 'model_compute' ? 40_000 : 500),
    receipt: (record) => (record.event.type === 'purchase.cancelled' ? undefined : germany(record)),
    outcome: (record) => (record.label === 1 ? undefined : record),
    decision: (record) => ({
      ...record,
      entity: `other-${record.entity}`,
      model: { name: MADE.model, version: 3, role: 'live' },
      shadows: [{ version: 4, score: Math.min(1, (record.score ?? 0) + (record.event.source === '/shop/france' ? 0.5 : 0.02)) }],
      score: 0.25,
      features: {
        ...record.features,
        values: [null, null, 60, 80, 300],
        eventTimesMs: [null, null, record.event.timeMs, record.event.timeMs, record.event.timeMs],
        statuses: ['not_found', 'not_found', 'present', 'stale', 'stale'],
      },
    }),
    group: (record, atMs) => ({
      ...record,
      members: 0,
      committed: 7,
      lagRecords: Math.round((atMs - badMs) / 100),
      lagMs: record.partition === 2 ? 60_000 : 100,
    }),
  });
}

function fieldDay(day: number, mean: number, source: string): object {
  const toMs = Math.floor(endMs / DAY_MS) * DAY_MS - day * DAY_MS;
  const values = 1000;
  return {
    pipeline,
    subject: 'basket.updated',
    contractVersion: 1,
    source,
    field: '/unitPrice',
    partition: 0,
    window: { fromMs: toMs - DAY_MS, toMs },
    values,
    missing: 0,
    sum: mean * values,
    min: mean,
    max: mean,
    accuracy: 0.01,
    zeros: 0,
    positive: { keys: [0], counts: [values] },
    negative: { keys: [], counts: [] },
  };
}

async function storeBesides(store: Database): Promise<void> {
  const failure = {
    atMs: badMs + MINUTE_MS,
    pipeline,
    group: pipeline,
    stage: 'features',
    position: { topic: MADE.topic, partition: 2, offset: 7 },
    event: { source: '/shop/france', id: 'poison', type: 'basket.updated' },
    errorCode: 'unexpected',
    message: 'cannot read this',
    isStopped: false,
  };
  const failures = [1, 2, 3].map((attempt) => ({ ...failure, attempt, atMs: failure.atMs + attempt, isStopped: attempt === 3 }));
  await storeRecords(store, { table: TABLES.failures, records: failures, ingestedMs: badMs });
  const alert = {
    atMs: badMs + MINUTE_MS,
    alert: 'QuarantineGrowing',
    ruleId: 'r',
    fingerprint: '0123456789abcdef',
    state: 'firing',
    startsAtMs: badMs,
    severity: 'ticket',
    pipeline,
    labels: {},
    value: 1,
    summary: 's',
  };
  await storeRecords(store, { table: TABLES.alertEvents, records: [alert], ingestedMs: badMs });
  const before = [2, 3, 4].flatMap((day) => ['/shop/france', '/shop/germany'].map((source) => fieldDay(day, 3, source)));
  await storeRecords(store, { table: TABLES.fieldProfiles, records: before, ingestedMs: goodMs });
  const now = [fieldDay(1, 3, '/shop/france'), fieldDay(1, 300, '/shop/germany')];
  await storeRecords(store, { table: TABLES.fieldProfiles, records: now, ingestedMs: badMs + 1 });
  const deploy = { changeId: 'd', kind: 'deploy', subject: '/shop/germany', version: '2.4.0', summary: 'Deployed', atMs: badMs };
  const facts = [
    { type: CONTROL_TYPES.changeRecorded, fact: { ...deploy, actor: 'shop' } },
    { type: CONTROL_TYPES.retrainingRequested, fact: { ...requestOf(2), pipeline, requestId: 'open' } },
    { type: CONTROL_TYPES.trainingRefused, fact: { ...requestOf(3), pipeline, requestId: 'refused', message: 'too few rows' } },
    { type: CONTROL_TYPES.fieldChanged, fact: fieldChangedOf() },
    { type: CONTROL_TYPES.modelPromoted, fact: { ...promotedOf(3), pipeline } },
  ];
  await storeFacts(store, facts, badMs);
}

let runbooks: ReadonlyMap<string, Runbook> = new Map();

beforeAll(async () => {
  ({ runbooks } = await loadWorkspace('examples/retail'));
  await storeTraffic(database(), { ...step, fromMs: goodMs, toMs: badMs });
  await storeBadTime(database());
  await storeBesides(database());
}, 60_000);

describe('the retail workspace’s runbooks', () => {
  test('are there for every alert, and their statements are about what is stored', () => {
    expect([...runbooks.keys()].sort()).toEqual([...ALERTS].sort());
    expect(STAGES.filter((stage) => !stages().sql.includes(`'${stage}'`))).toEqual([]);
  });

  test.each([
    ['CandidateGap', 'nnnnn', 'yynyy'],
    ['ConsumerGroupEmpty', 'nnnnn', 'yyyny'],
    ['ConsumerGroupLagging', 'nnnnn', 'yynny'],
    ['ContractBudgetBurn', 'nnnnn', 'yyyyy'],
    ['EventStuck', 'nnnnn', 'yyyyy'],
    ['FeatureValuesMissing', 'nnnnn', 'ynyyy'],
    ['FeatureViewStale', 'nnnnn', 'ynyyy'],
    ['FieldMeaningChanged', 'nnnnn', 'yyyyy'],
    ['FreshnessBudgetBurn', 'nnnnn', 'yynyy'],
    ['LatencyBudgetBurn', 'nnnnn', 'yynyn'],
    ['OutcomeBudgetBurn', 'ynnnn', 'nynyy'],
    ['OutcomesNotJoined', 'ynnnn', 'nynyy'],
    ['PipelineSilent', 'ynnnn', 'yyyyy'],
    ['QuarantineGrowing', 'nnnnn', 'yyyyy'],
    ['RetrainingBudgetBurn', 'nnyyn', 'yynyy'],
    ['Watchdog', 'ynyn', 'yyyy'],
  ] as const)('%s answers %s in a healthy time, and %s in a bad one', async (alert, healthy, spoilt) => {
    const runbook = runbooks.get(alert) ?? expect.fail();
    expect([await answersOf(runbook, HEALTHY), await answersOf(runbook, SPOILT)]).toEqual([healthy, spoilt]);
  });

  test('name what is hit in the rows of a check', async () => {
    const runbook = runbooks.get('QuarantineGrowing') ?? expect.fail();
    const [refused] = await runChecks({ database: database(), clock: systemClock }, runbook, SPOILT);
    expect(refused?.columns).toEqual(['subject', 'source', 'reason', 'refused', 'bad_share', 'good_share']);
    expect(refused?.rows[0]).toMatchObject({
      subject: 'basket.updated',
      source: '/shop/germany',
      reason: refusal.reason,
      refused: 320,
    });
    // What is shown as the statement can be run as it stands.
    expect(refused?.sql).not.toMatch(/\{\w+:/u);
    expect((await database().query(refused?.sql ?? ''))[0]).toMatchObject({ is_yes: 1, source: '/shop/germany' });
  });

  test('are asked with whatever a pipeline is called', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), 50);
    const hexOf = (name: string): string => inlineParameters('hex({name:String})', { name });
    const [row] = await database().query<{ readonly all: readonly string[] }>(`SELECT [${texts.map(hexOf).join(', ')}] AS all`);
    expect(row?.all).toEqual(texts.map((text) => Buffer.from(text).toString('hex').toUpperCase()));
  });

  test('are unclear where nothing is stored, and failed where nothing can be asked', async () => {
    const runbook = runbooks.get('LatencyBudgetBurn') ?? expect.fail();
    const nowhere = { ...SPOILT, pipeline: "no'such" };
    const results = await runChecks({ database: database(), clock: systemClock }, runbook, nowhere);
    expect(results.map(({ answer }) => answer)).toEqual(['unclear', 'yes', 'no', 'unclear', 'unclear']);
    const away = failedChecks(runbook, nowhere, 'The store is away.');
    expect(away.map(({ answer, meaning, rows }) => [answer, meaning, rows])).toEqual(
      Array(5).fill(['failed', 'The store is away.', []]),
    );
    const broken = {
      ...runbook,
      front: { ...runbook.front, queries: runbook.front.queries.map((query) => ({ ...query, sql: 'SELECT nothing' })) },
    };
    const failed = await runChecks({ database: database(), clock: systemClock }, broken, SPOILT);
    expect(failed[0]).toMatchObject({ answer: 'failed', meaning: expect.stringMatching(/nothing/u) });
  });
});

function stages(): { readonly sql: string } {
  return runbooks.get('LatencyBudgetBurn')?.front.queries.find(({ name }) => name === 'stages') ?? expect.fail();
}
