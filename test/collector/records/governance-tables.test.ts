import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOVERNANCE_STATEMENTS, RECORD_STATEMENTS, TRACE_MIGRATION_STATEMENTS } from '#collector';
import { type DecisionRecord, systemClock, TABLES } from '#core';
import { migrate } from '../../../collector/clickhouse/migrations.ts';
import { decisionOf, predictions } from '../../drift/prediction-records.ts';
import { storeRecords } from '../../support/telemetry.ts';
import { MIGRATIONS, openTestStore, type TestStore } from '../test-store.ts';
import { driftResultOf, PROFILE } from './governance-records.ts';

const ingestedMs = systemClock.now();
let store: TestStore;

beforeAll(async () => {
  store = await openTestStore(MIGRATIONS.slice(0, 2));
});
afterAll(() => store.close());

const served = (index: number): DecisionRecord =>
  decisionOf({ ...(predictions(9)[index] ?? expect.fail()), scored: { version: 2, score: 0.75 } });
const shadowed = (index: number): DecisionRecord => ({
  ...served(index),
  shadows: [
    { version: 1, score: 0.5 },
    { version: 3, score: 0.125 },
  ],
});
const decisionsStored = (records: readonly DecisionRecord[]) =>
  storeRecords(store.database, { table: TABLES.decisions, records, ingestedMs });
const shadowsOf = (table: string) =>
  store.database.query<object>(
    `SELECT event_id AS id, score, shadow_versions AS versions, shadow_scores AS scores FROM ${table} ORDER BY event_id`,
  );

describe('the governance tables', () => {
  it('come after steps that were released and never change', () => {
    const checksum = (statements: readonly string[]): string =>
      createHash('sha256')
        .update(statements.map((statement) => `${statement.length}:${statement}`).join(''))
        .digest('hex');
    expect([RECORD_STATEMENTS, TRACE_MIGRATION_STATEMENTS].map(checksum)).toEqual([
      'b7ab7d75bfc6b30f36ce45c59ec59c77c5094b8048701eaa4dd963b78abe2b57',
      'c00e0b2231564a55e49413a0ed5480a9e7fc651133a43f41137d139b6a018714',
    ]);
  });

  it('give decisions of an older store empty shadows, and new ones theirs, also when the step runs twice and parts are merged', async () => {
    await decisionsStored([served(0)]);
    await decisionsStored([shadowed(1)]);
    expect(await migrate({ database: store.database, migrations: MIGRATIONS, clock: systemClock })).toEqual([3, 4]);
    await decisionsStored([shadowed(2)]);
    await decisionsStored([served(3)]);
    for (const statement of GOVERNANCE_STATEMENTS) await store.database.command(statement);
    await decisionsStored([shadowed(4), served(5)]);
    const none = { score: 0.75, versions: [], scores: [] };
    const both = { score: 0.75, versions: [1, 3], scores: [0.5, 0.125] };
    const expected = [none, none, both, none, both, none].map((row, index) => ({ id: `invoice-${index}`, ...row }));
    expect(await shadowsOf(TABLES.decisions)).toEqual(expected);
    await store.database.command(`OPTIMIZE TABLE ${TABLES.decisions} FINAL`);
    expect(await shadowsOf(TABLES.decisions)).toEqual(expected);
    expect(await shadowsOf(TABLES.journeys)).toEqual(expected);
  });

  it('hold all that a drift result says, with bins where it has some', async () => {
    const distribution = { edges: [1.5], reference: [0.25, 0.75], current: [0.5, 0.5] };
    const records = [
      driftResultOf(0, { distribution, value: 0.27, isBreach: true, isAlarm: true, windowsInARow: 2, pValue: 0.004 }),
      driftResultOf(1, { status: 'not_computable', reason: 'too_few_rows', value: null, rows: 3 }),
    ];
    await storeRecords(store.database, { table: TABLES.driftResults, records, ingestedMs });
    const same = {
      job: 'weekly',
      pipeline: 'winback',
      model: 'repurchase',
      model_version: 1,
      reference_from: '2010-12-01 00:00:00.000',
      reference_to: '2011-01-01 00:00:00.000',
      target_kind: 'feature',
      target: 'buyer.spend',
      method: 'psi',
      reference_rows: '1600',
      reference_value: null,
      threshold: 0.2,
      ingested: expect.any(String),
    };
    expect(await store.database.query(`SELECT * FROM ${TABLES.driftResults} ORDER BY window_to`)).toEqual([
      {
        ...same,
        window_from: '2011-01-01 00:00:00.000',
        window_to: '2011-01-08 00:00:00.000',
        rows: '400',
        status: 'ok',
        reason: '',
        value: 0.27,
        p_value: 0.004,
        is_breach: true,
        windows_in_a_row: 2,
        is_alarm: true,
        edges: [1.5],
        reference_shares: [0.25, 0.75],
        shares: [0.5, 0.5],
      },
      {
        ...same,
        window_from: '2011-01-08 00:00:00.000',
        window_to: '2011-01-15 00:00:00.000',
        rows: '3',
        status: 'not_computable',
        reason: 'too_few_rows',
        value: null,
        p_value: null,
        is_breach: false,
        windows_in_a_row: 0,
        is_alarm: false,
        edges: [],
        reference_shares: [],
        shares: [],
      },
    ]);
  });

  it('hold a field’s sketch as its buckets', async () => {
    await storeRecords(store.database, { table: TABLES.fieldProfiles, records: [PROFILE], ingestedMs });
    expect(await store.database.query(`SELECT * EXCEPT ingested FROM ${TABLES.fieldProfiles}`)).toEqual([
      {
        pipeline: 'winback',
        subject: 'basket.updated',
        contract_version: 1,
        source: '/shop/uk',
        field: '/unitPrice',
        partition: 0,
        window_from: '2011-01-01 00:00:00.000',
        window_to: '2011-01-02 00:00:00.000',
        value_count: '7',
        missing_count: '1',
        value_sum: 12.5,
        value_min: -1,
        value_max: 9.5,
        accuracy: 0.01,
        zero_count: '1',
        positive_keys: [-3, 0, 112],
        positive_counts: ['2', '1', '2'],
        negative_keys: [0],
        negative_counts: ['1'],
      },
    ]);
  });
});
