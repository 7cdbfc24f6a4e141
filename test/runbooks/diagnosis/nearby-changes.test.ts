import { describe, expect, it } from 'vitest';
import { CONTROL_TYPES } from '#core';
import { readCohorts } from '../../../runbooks/diagnosis/cohorts.ts';
import { describeImpact } from '../../../runbooks/diagnosis/impact.ts';
import { findNearbyChanges } from '../../../runbooks/diagnosis/nearby-changes.ts';
import { MADE } from '../../support/made-history.ts';
import { storeFacts, telemetryForFile } from '../../support/telemetry.ts';
import { isSince, PATHWAY, quarantinedFor, slowStage, storeDeploy, storeIncident, TIMES } from './incident-fixture.ts';

const { database } = telemetryForFile();
const { fromMs, faultMs, startsAtMs, nowMs } = TIMES;

describe('changes nearby', () => {
  it('touch what is on the pathway by its name, nearest first; an incident is no change', async () => {
    await storeIncident(database(), {});
    const onPathway = [MADE.pipeline, MADE.topic, MADE.model, MADE.sources[1], 'basket.updated', 'basket_lines'];
    const decoys = ['newsletter', '/shop/atlantis', 'basket_line'];
    for (const [index, subject] of [...onPathway, ...decoys].entries())
      await storeDeploy(database(), { subject, afterMs: index * 1000 });
    await storeDeploy(database(), { subject: MADE.topic, afterMs: -70_000 });
    const opened = {
      fingerprint: 'f',
      startsAtMs,
      alert: MADE.pipeline,
      pipeline: MADE.pipeline,
      severity: 'page',
      summary: 's',
      actor: 'a',
    };
    await storeFacts(database(), [{ type: CONTROL_TYPES.incidentOpened, fact: opened }], faultMs);
    const found = await findNearbyChanges(database(), { pathway: PATHWAY, atMs: faultMs, withinMs: 60_000 });
    expect(found.map(({ change, touches }) => [change.subject, touches])).toEqual([
      ...onPathway.map((subject) => [subject, true]),
      ...decoys.map((subject) => [subject, false]),
    ]);
    expect(found.map(({ minutesFromStart }) => Math.round(minutesFromStart * 60))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(found.every(({ why }) => why.endsWith('.'))).toBe(true);
  });
});

describe('cohorts and impact', () => {
  it('add up to the whole, and show the stage that grew', async () => {
    await storeIncident(database(), { traffic: { stageUs: slowStage('feature_read', 500_000) } });
    const times = { goodFromMs: fromMs, goodToMs: faultMs, badFromMs: faultMs + 2000, badToMs: nowMs };
    const cohorts = await readCohorts(database(), { pathway: PATHWAY, ...times });
    expect(cohorts).toBeDefined();
    const told = Object.values(cohorts ?? {}).map(({ stages, endToEndMeanMs, endToEndP99Ms }) => ({
      read: stages.find(({ stage }) => stage === 'feature_read')?.meanMs,
      sumShare: stages.reduce((total, { meanMs }) => total + meanMs, 0) / Number(endToEndMeanMs),
      hasTail: Number(endToEndP99Ms) >= Number(endToEndMeanMs),
    }));
    expect(told[0]?.read).toBeLessThan(1);
    expect(told[1]?.read).toBeGreaterThan(400);
    for (const { sumShare, hasTail } of told) expect([sumShare, hasTail]).toEqual([expect.closeTo(1, 2), true]);
    expect(
      await readCohorts(database(), { pathway: PATHWAY, ...times, goodFromMs: fromMs - 10_000, goodToMs: fromMs }),
    ).toBeUndefined();
  });

  it('tell what of the traffic is hit, in sentences with figures', async () => {
    await storeIncident(database(), {
      traffic: {
        stageUs: slowStage('contract', 500_000),
        receipt: (record, atMs) =>
          isSince(atMs) && record.event.source === MADE.sources[1] ? quarantinedFor(record, 'contract: /x type', 'x') : record,
      },
    });
    const question = { pathway: PATHWAY, alert: 'LatencyBudgetBurn', labels: {}, startsAtMs, nowMs, scale: 1 / 240 };
    const told = await describeImpact(database(), question);
    expect(told.join(' ')).toMatch(
      /100 decisions since it began, .* events went to quarantine, 2\d % of .* latency budget, 100 % of them\./u,
    );
  });
});
