import { describe, expect, it } from 'vitest';
import { forestDomain, formatLoss, sideOf } from '../../../../dashboards/console/models/intervals.ts';
import { decidesSince, newestTime, trialOf, versionToShow } from '../../../../dashboards/console/models/line-facts.ts';
import { compared, MEASURES } from '../../../../dashboards/console/models/measures.ts';
import { modelAnswer } from '../answers/models.ts';

const answer = modelAnswer('repurchase', 'live') ?? expect.fail('no canned model');
const version = (number: number) => versionToShow(answer, String(number)) ?? expect.fail(`no v${number}`);

describe('who decides', () => {
  it('is told since when, also after a roll-back to it', () => {
    expect(decidesSince(version(8))).toBe('2011-10-31T00:00:00.000Z');
    expect(decidesSince(version(4))).toBeUndefined();
    const after = modelAnswer('repurchase', 'live', 4) ?? expect.fail('no canned model');
    expect(decidesSince(versionToShow(after, '4') ?? expect.fail('no v4'))).toBe('2011-12-09T12:50:00.000Z');
    expect(newestTime(after)).toBe('2011-12-09T12:50:00.000Z');
  });

  it.each([
    ['2011-11-28T00:00:00.000Z', 1],
    ['2011-11-28T23:59:59.999Z', 1],
    ['2011-12-09T12:50:00.000Z', 12],
    ['2012-02-01T00:00:00.000Z', 21],
  ])('a trial at %s is on its day %i of 21', (now, day) => {
    expect(trialOf(version(10), now)).toMatchObject({ day, days: 21 });
  });

  it('a trial that names no end is counted without one, and what is not on trial has none', () => {
    expect(
      trialOf({ status: 'shadow', shadow: { from: '2011-11-28T00:00:00Z', to: null } }, '2012-02-01T00:00:00Z'),
    ).toMatchObject({
      day: 66,
      days: undefined,
    });
    expect(trialOf(version(1), '2011-12-09T00:00:00Z')).toBeUndefined();
  });

  it('a page that names no version, or none that is there, shows the one that decides', () => {
    expect(versionToShow(answer, undefined)?.version).toBe(8);
    expect(versionToShow(answer, '99')?.version).toBe(8);
    expect(versionToShow({ ...answer, liveVersion: null }, 'x')?.version).toBe(10);
  });
});

describe('the governed line against the frozen first model', () => {
  const month = (governed: number | null, frozen: number | null) => ({
    governed: { auc: governed, logLoss: governed, accuracy: governed, calibrationError: null },
    frozen: { auc: frozen, logLoss: frozen, accuracy: frozen, calibrationError: null },
  });

  it.each([
    [0.78, 0.75, ['better', 'worse', 'better']],
    [0.75, 0.78, ['worse', 'better', 'worse']],
    [0.7801, 0.78, ['same', 'same', 'same']],
    [null, 0.78, ['unknown', 'unknown', 'unknown']],
  ])('%d against %d is judged by what each measure wants', (governed, frozen, verdicts) => {
    expect(MEASURES.map((measure) => compared(month(governed, frozen), measure).verdict)).toEqual(verdicts);
  });
});

describe('the interval of a gate', () => {
  it.each([
    [-0.03, -0.01, 'better'],
    [-0.01, 0, 'either'],
    [0.001, 0.02, 'worse'],
  ])('from %d to %d is on the side: %s', (low, high, side) => {
    expect(sideOf({ low, high })).toBe(side);
  });

  it('is drawn on a scale that holds 0 and all intervals', () => {
    const difference = { mean: -0.02, low: -0.03, high: -0.01, confidence: 0.95, resamples: 2_000 };
    const [low, high] = forestDomain([difference, null]);
    expect(low).toBeLessThan(-0.03);
    expect(high).toBeGreaterThan(0);
    expect(forestDomain([])[0]).toBeLessThan(forestDomain([])[1]);
    expect([formatLoss(-0.0181), formatLoss(0.002)]).toEqual(['−0.0181', '+0.0020']);
  });
});
