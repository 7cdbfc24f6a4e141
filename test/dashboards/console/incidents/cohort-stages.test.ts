import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cohort } from '#core';
import { cohortPicture } from '../../../../dashboards/console/incidents/cohort-stages.ts';
import { SLOW_CONSUMER } from '../answers/slow-consumer.ts';

const NAMES = ['broker_wait', 'contract', 'feature_read', 'publish'] as const;

function cohort(means: readonly number[]): Cohort {
  return {
    from: '2026-11-24T21:00:00.000Z',
    to: '2026-11-24T22:00:00.000Z',
    decisions: 10,
    endToEndMeanMs: null,
    endToEndP99Ms: null,
    stages: means.map((meanMs, index) => ({ stage: NAMES[index] ?? 'decide', meanMs, p99Ms: null, budgetMeanMs: 5 })),
  };
}

const MEANS = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 4, maxLength: 4 });

describe('the picture of two cohorts', () => {
  it('has bars that touch, add up, and share one scale', () => {
    fc.assert(
      fc.property(MEANS, MEANS, (good, bad) => {
        const picture = cohortPicture({ good: cohort(good), bad: cohort(bad) });
        const longest = Math.max(picture.goodMs, picture.badMs);
        for (const which of ['good', 'bad'] as const) {
          const bars = picture.stages.map((stage) => stage[which]);
          bars.forEach(([from], index) => expect(from).toBeCloseTo(bars[index - 1]?.[1] ?? 0, 9));
          const whole = which === 'good' ? picture.goodMs : picture.badMs;
          expect(bars.at(-1)?.[1]).toBeCloseTo(longest === 0 ? 0 : whole / longest, 9);
        }
      }),
    );
  });

  it('names the stage that grew most and its share of what was added; none where nothing grew', () => {
    const { cohorts } = SLOW_CONSUMER;
    if (cohorts === null) return expect.fail('the canned incident has cohorts');
    const { grower, stages } = cohortPicture(cohorts);
    expect(grower?.stage).toBe('broker_wait');
    expect(grower?.share).toBeCloseTo(0.879, 2);
    expect(stages.filter(({ isOver }) => isOver).map(({ stage }) => stage)).toEqual(['broker_wait', 'batch_wait', 'model_queue']);
    const same = cohort([4, 3, 2, 1]);
    expect(cohortPicture({ good: same, bad: same }).grower).toBeUndefined();
    return undefined;
  });
});
