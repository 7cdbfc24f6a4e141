import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '#core';
import { type DrillTruth, FAULTS, type Fault, planDrill, scoreDrill } from '#runbooks';
import { RETAIL_CATALOG } from '../../../app/drills/retail-catalog.ts';
import { expectedOf, isRight, type ScoredHypothesis } from '../../../runbooks/drills/scoring.ts';

const poison = { topic: 'shop.events', partition: 2, offset: 4711 };
const truthOf = (fault: Fault): DrillTruth => ({ fault, group: 'repurchase', candidateVersion: 2, poison });
const hypothesis = (
  cause: ScoredHypothesis['cause'],
  details: Readonly<Record<string, string>>,
  confidence: ScoredHypothesis['confidence'] = 'high',
): ScoredHypothesis => ({ cause, title: 'what it is', confidence, details });

/** Each with an answer that is right, and one that is nearly so. */
const CASES: readonly (readonly [Fault, ScoredHypothesis, ScoredHypothesis])[] = [
  [
    { name: 'F1', stage: 'decide', msPerRecord: 5 },
    hypothesis('slow_consumer', { group: 'repurchase', stage: 'decide' }),
    hypothesis('slow_consumer', { group: 'throughline.fields' }),
  ],
  [{ name: 'F3' }, hypothesis('consumer_gone', { group: 'repurchase' }), hypothesis('slow_consumer', { group: 'repurchase' })],
  [
    { name: 'F5', source: '/shop/eire', subject: 'basket.updated', field: 'quantity', change: { kind: 'text' } },
    hypothesis('contract_break', { source: '/shop/eire', subject: 'basket.updated', field: '/quantity' }),
    hypothesis('contract_break', { source: '/shop/france', subject: 'basket.updated', field: '/quantity' }),
  ],
  [
    { name: 'F6', source: '/shop/eire', subject: 'basket.updated', field: 'unitPrice', factor: 100 },
    hypothesis('field_meaning', { source: '/shop/eire', subject: 'basket.updated', field: '/unitPrice' }),
    hypothesis('field_meaning', { source: '/shop/eire', subject: 'basket.updated', field: '/quantity' }),
  ],
  [
    { name: 'F7', view: 'cancellations', subject: 'purchase.cancelled' },
    hypothesis('stale_view', { view: 'cancellations' }),
    hypothesis('stale_view', { view: 'basket_lines' }),
  ],
  [
    { name: 'F9', view: 'basket_lines', share: 0.3, salt: 1 },
    hypothesis('missing_features', { view: 'basket_lines' }),
    hypothesis('missing_features', {}),
  ],
  [
    { name: 'F10', feature: 'latest_purchase.lines', quantile: 0.5, bias: 0.3 },
    hypothesis('biased_candidate', { version: '2', segment: 'latest_purchase.lines ≥ 20' }),
    hypothesis('biased_candidate', { version: '2', segment: 'latest_purchase.amount ≥ 20' }),
  ],
  [{ name: 'F12', kind: 'lost' }, hypothesis('outcomes_lost', {}), hypothesis('outcomes_late', {})],
  [{ name: 'F12', kind: 'late', days: 5 }, hypothesis('outcomes_late', {}), hypothesis('outcomes_lost', {})],
  [
    { name: 'F15', partition: 2, message: 'Invalid time value' },
    hypothesis('poison_event', { partition: '2', offset: '4711' }),
    hypothesis('poison_event', { partition: '2', offset: '4712' }),
  ],
];

describe('an answer to a drill', () => {
  it.each(CASES.map(([fault, right, wrong]) => ({ fault, right, wrong })))(
    'is right where it names the cause and what is at fault: $fault',
    ({ fault, right, wrong }) => {
      expect(isRight(right, truthOf(fault))).toBe(true);
      expect(isRight(wrong, truthOf(fault))).toBe(false);
    },
  );

  it('has a case for every fault that is one', () => {
    expect(new Set(CASES.map(([{ name }]) => name))).toEqual(new Set(FAULTS.filter((name) => name !== 'F0')));
  });

  it('counts among three where it is one of the first three, and first where it is the first', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CASES), fc.integer({ min: 0, max: 5 }), ([fault, right, wrong], place) => {
        const others = Array.from({ length: place }, () => wrong);
        const { top1, top3, confidentWrong } = scoreDrill([...others, right], truthOf(fault));
        expect(top1).toBe(place === 0);
        expect(top3).toBe(place < 3);
        expect(confidentWrong).toBe(place > 0);
      }),
    );
  });

  it('costs nothing extra where it is wrong and not sure, or where there is none', () => {
    const truth = truthOf({ name: 'F3' });
    expect(scoreDrill([hypothesis('traffic_burst', {}, 'medium')], truth)).toEqual({
      top1: false,
      top3: false,
      confidentWrong: false,
    });
    expect(scoreDrill([], truth)).toEqual({ top1: false, top3: false, confidentWrong: false });
  });

  it('is right with nothing to say where nothing is wrong', () => {
    const truth = truthOf({ name: 'F0' });
    expect(scoreDrill([], truth)).toEqual({ top1: true, top3: true, confidentWrong: false });
    expect(scoreDrill([hypothesis('slow_consumer', { group: 'repurchase' })], truth).confidentWrong).toBe(true);
  });

  it('expects of every plan a cause that a diagnosis can find', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FAULTS), fc.integer({ min: 1, max: 10_000 }), (name, seed) => {
        const expected = expectedOf(truthOf(planDrill(name, seed, RETAIL_CATALOG).fault));
        if (name === 'F0') expect(expected).toBeUndefined();
        else expect(CAUSES).toContain(expected?.cause);
      }),
    );
  });
});
