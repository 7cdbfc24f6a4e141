import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERTS, CAUSES } from '#core';
import type { Found } from '../../../runbooks/diagnosis/finding.ts';
import { rankFindings } from '../../../runbooks/diagnosis/ranking.ts';

const found = (cause: Found['cause'], strength: number): Found => ({
  kind: 'found',
  cause,
  strength,
  title: cause,
  details: {},
  stage: null,
  sinceMs: null,
  owner: null,
  components: [],
  evidence: [],
  disproof: '',
});

const findings = fc
  .uniqueArray(fc.record({ cause: fc.constantFrom(...CAUSES), strength: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    selector: ({ cause }) => cause,
  })
  .map((all) => all.map(({ cause, strength }) => found(cause, strength)));
const alerts = fc.constantFrom(...ALERTS, 'SomebodyElses');
const order = (all: readonly Found[], alert: string) => rankFindings(all, alert).map(({ found: { cause } }) => cause);

describe('a ranking', () => {
  it('is the same whatever order the findings come in', () => {
    fc.assert(
      fc.property(
        findings.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        alerts,
        ([all, shuffled], alert) => {
          expect(order(shuffled, alert)).toEqual(order(all, alert));
        },
      ),
    );
  });

  it('falls, stays between 0 and 1, and is sure of one at most, which is the first', () => {
    fc.assert(
      fc.property(findings, alerts, (all, alert) => {
        const ranked = rankFindings(all, alert);
        for (const [index, { score, confidence }] of ranked.entries()) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(score).toBeLessThanOrEqual(ranked[index - 1]?.score ?? 1);
          if (index > 0) expect(confidence).not.toBe('high');
        }
      }),
    );
  });

  it.each([
    ['PipelineSilent', 'poison_event', 'consumer_gone'],
    ['ConsumerGroupEmpty', 'poison_event', 'consumer_gone'],
    ['FreshnessBudgetBurn', 'contract_break', 'stale_view'],
    ['FeatureValuesMissing', 'stale_view', 'missing_features'],
    ['ConsumerGroupLagging', 'consumer_gone', 'slow_consumer'],
    ['LatencyBudgetBurn', 'slow_feature_reads', 'slow_consumer'],
  ] as const)('of %s puts %s before its symptom %s, even a stronger one', (alert, cause, symptom) => {
    expect(order([found(symptom, 0.97), found(cause, 0.8)], alert)[0]).toBe(cause);
  });

  it('is not sure with a rival close by, nor of what is weak', () => {
    const [first] = rankFindings([found('contract_break', 0.9), found('slow_log', 0.97)], 'SomebodyElses');
    expect(first).toMatchObject({ found: { cause: 'slow_log' }, confidence: 'medium' });
    expect(rankFindings([found('contract_break', 0.6)], 'QuarantineGrowing')[0]?.confidence).toBe('medium');
    expect(rankFindings([found('contract_break', 0.9)], 'QuarantineGrowing')[0]?.confidence).toBe('high');
    expect(rankFindings([found('contract_break', 0.2)], 'LatencyBudgetBurn')).toEqual([]);
  });
});
