import { describe, expect, it } from 'vitest';
import type { TrainingEvidence } from '#core';
import { type CauseQuestion, causesOf } from '../../../drift/promotion/causes.ts';
import { retrainingSettings } from '../../../drift/promotion/settings.ts';

const DAY_MS = 86_400_000;
const WINDOW = { fromMs: 0, toMs: 7 * DAY_MS };
const ALL = retrainingSettings({
  review: '7d',
  coolDown: '21d',
  shadow: '21d',
  causes: { schedule: '28d', qualityLoss: true, drift: { detectors: 2 }, newOutcomes: 1000 },
});
const drift = (target: string, method: string, value = 0.3): TrainingEvidence => ({
  cause: 'drift',
  summary: `${method} of ${target}`,
  target,
  method,
  value,
  threshold: 0.2,
  window: WINDOW,
});
const LOSS: TrainingEvidence = {
  cause: 'quality_loss',
  summary: 'log loss 0.61 against 0.55',
  target: 'outcome',
  method: 'log_loss',
  window: WINDOW,
};

const asked = (more: Partial<CauseQuestion>): CauseQuestion => ({
  atMs: 100 * DAY_MS,
  evidence: [],
  lastRequest: { atMs: 80 * DAY_MS },
  isUnderWay: false,
  newOutcomes: 10,
  ...more,
});
const causes = (more: Partial<CauseQuestion>, settings = ALL): readonly string[] =>
  causesOf(asked(more), settings).map(({ cause }) => cause);

describe('what speaks for a training', () => {
  it.each<readonly [string, Partial<CauseQuestion>, readonly string[]]>([
    ['nothing', {}, []],
    ['the schedule, to the day', { lastRequest: { atMs: 72 * DAY_MS } }, ['schedule']],
    ['the schedule is not over by an hour', { lastRequest: { atMs: 72 * DAY_MS + 3_600_000 } }, []],
    ['lost quality', { evidence: [LOSS] }, ['quality_loss']],
    ['two methods that agree on a target', { evidence: [drift('a.x', 'psi'), drift('a.x', 'ks')] }, ['drift', 'drift']],
    ['two methods on two targets agree on nothing', { evidence: [drift('a.x', 'psi'), drift('a.y', 'ks')] }, []],
    ['one method is no agreement', { evidence: [drift('a.x', 'psi')] }, []],
    ['enough new outcomes', { newOutcomes: 1000 }, ['new_outcomes']],
    ['outcomes that nobody could count', { newOutcomes: undefined }, []],
    ['a candidate under way', { evidence: [LOSS], isUnderWay: true }, []],
    ['the cool-down', { evidence: [LOSS], lastRequest: { atMs: 90 * DAY_MS, coolDownUntilMs: 101 * DAY_MS } }, []],
    [
      'the cool-down is over',
      { evidence: [LOSS], lastRequest: { atMs: 70 * DAY_MS, coolDownUntilMs: 100 * DAY_MS } },
      ['quality_loss', 'schedule'],
    ],
    ['no first request yet', { evidence: [LOSS], lastRequest: undefined }, []],
    [
      'all of them, lost quality first',
      { evidence: [drift('a.x', 'ks'), drift('a.x', 'psi'), LOSS], newOutcomes: 5000, lastRequest: { atMs: 0 } },
      ['quality_loss', 'drift', 'drift', 'new_outcomes', 'schedule'],
    ],
  ])('%s', (_what, question, expected) => {
    expect(causes(question)).toEqual(expected);
  });

  it('puts the strongest drift first', () => {
    const evidence = [drift('a.x', 'psi', 0.3), drift('a.x', 'ks', 0.25), drift('a.y', 'psi', 2), drift('a.y', 'ks', 0.5)];
    expect(causesOf(asked({ evidence }), ALL).map(({ target, value }) => `${target} ${value}`)).toEqual([
      'a.y 2',
      'a.y 0.5',
      'a.x 0.3',
      'a.x 0.25',
    ]);
  });

  it('is only what the model file lists', () => {
    const none = retrainingSettings({ review: '7d', coolDown: '1d', shadow: '7d', causes: {} });
    expect(causes({ evidence: [LOSS, drift('a.x', 'ks'), drift('a.x', 'psi')], newOutcomes: 10_000 }, none)).toEqual([]);
  });
});
