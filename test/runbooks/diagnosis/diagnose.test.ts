import { describe, expect, it } from 'vitest';
import { type Diagnosis, TABLES } from '#core';
import { MADE } from '../../support/made-history.ts';
import { telemetryForFile } from '../../support/telemetry.ts';
import { CASES, type Case, germany, lost, renamed, stoppedGroup } from './incident-cases.ts';
import {
  diagnosed,
  isSince,
  profilesOf,
  quarantinedFor,
  slowStage,
  storeDeploy,
  storeIncident,
  TIMES,
} from './incident-fixture.ts';

const { database } = telemetryForFile();

function checkFirst(
  { hypotheses, problems }: Diagnosis,
  { alert, cause, details, says, deploy }: Case & { readonly alert: string },
): void {
  expect(problems).toEqual([]);
  expect(hypotheses[0], alert).toMatchObject({ cause, details, suspect: { change: { kind: 'deploy', subject: deploy } } });
  const { title = '', since } = hypotheses[0] ?? {};
  expect(title).toMatch(says);
  expect(Math.abs(Date.parse(since ?? '') - TIMES.faultMs)).toBeLessThanOrEqual(6000);
  for (const other of hypotheses.slice(1)) expect(other.confidence).not.toBe('high');
}

describe('a diagnosis', () => {
  it.each(CASES)('finds $title first, whatever alert it raises, and its deploy beside a decoy', async (one) => {
    await storeIncident(database(), one.incident);
    await one.after?.(database());
    await storeDeploy(database(), { subject: 'newsletter', afterMs: -1000 });
    await storeDeploy(database(), { subject: one.deploy, afterMs: -4000 });
    for (const alert of one.alerts) checkFirst(await diagnosed(database(), alert, one.labels), { ...one, alert });
  });

  it('blames no change that touches nothing of what is at fault, and ranks as it did without it', async () => {
    await storeIncident(database(), renamed);
    const before = await diagnosed(database(), 'QuarantineGrowing');
    await storeDeploy(database(), { subject: 'newsletter', afterMs: -1000 });
    await storeDeploy(database(), { subject: MADE.sources[2], afterMs: -1000 });
    const after = await diagnosed(database(), 'QuarantineGrowing');
    expect(after.hypotheses).toEqual(before.hypotheses);
    expect(after.hypotheses[0]?.suspect).toBeNull();
  });

  it('says what it ruled out where nothing is wrong', async () => {
    await storeIncident(database(), {});
    await storeDeploy(database(), { subject: MADE.pipeline, afterMs: 0 });
    const told = await diagnosed(database(), 'LatencyBudgetBurn');
    expect(told).toMatchObject({ verdict: 'not_found', hypotheses: [], problems: [] });
    expect(told.summary).toMatch(/^Cause not found; ruled out: .*slow consumer, .* and /u);
    expect(told.ruledOut.map(({ cause }) => cause)).toContain('contract_break');
    expect(told.ruledOut.every(({ why }) => why.endsWith('.'))).toBe(true);
  });

  it('finds a field that changed in the course of the day before last, and not one that did so long before', async () => {
    const field = { source: germany, field: '/unitPrice', factor: 100, isMixed: true } as const;
    await storeIncident(database(), { profiles: profilesOf({ ...field, changed: 2 }) });
    const told = await diagnosed(database(), 'CandidateGap');
    expect(told.hypotheses[0]).toMatchObject({ cause: 'field_meaning', details: { source: germany, field: '/unitPrice' } });

    const longAgo = profilesOf({ ...field, changed: 9 });
    await storeIncident(database(), { profiles: longAgo, profilesStoredMs: TIMES.fromMs - 3_600_000 });
    expect((await diagnosed(database(), 'LatencyBudgetBurn')).hypotheses).toEqual([]);
  });

  it('does not blame a candidate that differs as it did all along, unless the alert is about it', async () => {
    await storeIncident(database(), {
      traffic: { decision: (record) => ({ ...record, shadows: [{ version: 2, score: (record.score ?? 0) + 0.2 }] }) },
    });
    expect((await diagnosed(database(), 'LatencyBudgetBurn')).hypotheses).toEqual([]);
    const asked = await diagnosed(database(), 'CandidateGap', { version: '2' });
    expect(asked.hypotheses[0]).toMatchObject({ cause: 'biased_candidate', details: { version: '2', segment: 'all' } });
  });

  it('names both of two faults among its first three', async () => {
    await storeIncident(database(), { traffic: { ...renamed.traffic, stageUs: slowStage('feature_read', 220_000) } });
    const told = await diagnosed(database(), 'LatencyBudgetBurn');
    expect(told.hypotheses.slice(0, 2).map(({ cause }) => cause)).toEqual(['slow_feature_reads', 'contract_break']);
    await storeIncident(database(), {
      traffic: { ...lost.traffic, ...stoppedGroup },
    });
    const mixed = await diagnosed(database(), 'ConsumerGroupEmpty');
    expect(mixed.hypotheses.slice(0, 3).map(({ cause }) => cause)).toEqual(['consumer_gone', 'missing_features']);
  });

  it('is not sure of what only just shows', async () => {
    let count = 0;
    await storeIncident(database(), {
      traffic: {
        receipt: (record, atMs) =>
          isSince(atMs) && record.event.source === germany && record.event.type === 'basket.updated' && ++count % 10 === 0
            ? quarantinedFor(record, 'contract: /quantity minimum', 'data/quantity is 0 but must be >= 1')
            : record,
      },
    });
    const told = await diagnosed(database(), 'LatencyBudgetBurn');
    for (const { confidence } of told.hypotheses) expect(confidence).not.toBe('high');
  });

  it('gives statements that run again as they stand, and answer the same', async () => {
    await storeIncident(database(), renamed);
    const told = await diagnosed(database(), 'QuarantineGrowing');
    for (const { evidence } of told.hypotheses) {
      for (const { sql, rows } of evidence) {
        const again = await database().query<Record<string, unknown>>(sql);
        expect(again.slice(0, rows.length)).toEqual(rows);
      }
    }
  });

  it('goes on with what can be asked where a table is away', async () => {
    await storeIncident(database(), renamed);
    const broken = {
      ...database(),
      query: async <Row>(sql: string, options?: object) => {
        if (sql.includes(TABLES.failures)) throw new TypeError('table failures is away');
        return database().query<Row>(sql, options);
      },
    };
    const told = await diagnosed(broken, 'QuarantineGrowing');
    expect(told.problems).toEqual(['poison_event: table failures is away']);
    expect(told.hypotheses[0]?.cause).toBe('contract_break');
  });
});
