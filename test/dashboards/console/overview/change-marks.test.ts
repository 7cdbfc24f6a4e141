import { describe, expect, it } from 'vitest';
import { changeHref, changeMarks, kindOf, ruleDays } from '../../../../dashboards/console/overview/change-marks.ts';
import { timeline } from '../answers/overview.ts';

const PROMOTED = {
  kind: 'model_promoted',
  subject: 'repurchase',
  summary: 'repurchase v5 is live from 2011-06-06 on, in place of v4.',
};
const BACK = { ...PROMOTED, summary: 'repurchase rolled back from v5 to v4 on 2011-07-18 by jana.k. It scores too low.' };

describe('a change', () => {
  it.each([
    [PROMOTED, '/models/repurchase?version=5'],
    [BACK, '/models/repurchase?version=4'],
    [
      { ...PROMOTED, kind: 'model_refused', summary: 'repurchase v9 refused; v8 goes on deciding.' },
      '/models/repurchase?version=9',
    ],
    [
      { kind: 'retraining_requested', subject: 'repurchase', summary: 'Retraining of repurchase requested.' },
      '/models/repurchase',
    ],
    [
      { kind: 'drift_detected', subject: 'repurchase', summary: 'Drift of repurchase v1 detected by weekly in 2011.' },
      '/drift/weekly',
    ],
    [{ kind: 'drift_detected', subject: 'repurchase', summary: 'Drift.' }, '/drift'],
    [{ kind: 'field_changed', subject: 'basket.updated', summary: '/unitPrice' }, '/drift'],
    [{ kind: 'contract_registered', subject: 'basket.updated v2', summary: 'currency' }, undefined],
  ])('leads to the page that is about it', (change, href) => {
    expect(changeHref(change)).toBe(href);
  });

  it('has a sign of its own: a promotion, going back, what is not known', () => {
    expect(kindOf(BACK).path).not.toBe(kindOf(PROMOTED).path);
    expect(kindOf({ kind: 'nobody_knows', summary: '' }).lane).toBe('models');
  });
});

describe('the marks of the time line', () => {
  const answer = timeline('live');
  const marks = changeMarks(answer);

  it('lie on its days, one for a kind and day, without the echoes of a training', () => {
    expect(marks.every(({ left }) => left >= 0 && left <= 100)).toBe(true);
    expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
    expect(marks.some(({ key }) => key.startsWith('model_trained'))).toBe(false);
    expect(marks.filter(({ key }) => key.startsWith('model_promoted')).map(({ left }) => left)).toHaveLength(7);
    expect(changeMarks({ days: [], changes: answer.changes })).toEqual([]);
  });

  it('those of one kind and day are one, which says all', () => {
    const [first] = answer.changes.filter(({ kind }) => kind === 'drift_detected');
    const twice = first === undefined ? [] : [first, { ...first, summary: 'And another.' }];
    const [mark, ...more] = changeMarks({ days: answer.days, changes: twice });
    expect(more).toEqual([]);
    expect(mark?.words).toMatch(/windows in a row\. And another\.$/u);
  });

  it('rules go through the charts where what decides changed hands', () => {
    expect(ruleDays(answer)).toHaveLength(8);
  });
});
