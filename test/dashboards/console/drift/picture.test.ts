import { describe, expect, it } from 'vitest';
import { pictureOf, pictureSentence, versionRules } from '../../../../dashboards/console/drift/picture.ts';
import { driftAnswer } from '../answers/drift.ts';

const answer = driftAnswer('repurchase-weekly', 'live') ?? expect.fail('no canned job');
const picture = pictureOf(answer);

describe('quality beside drift', () => {
  it('has a point for each window: the loss where it was computable, and whose PSI is largest', () => {
    expect(picture).toHaveLength(answer.windows.length);
    expect(picture[2]).toMatchObject({
      logLoss: null,
      isLossOver: false,
      psiOf: 'purchase_history.days_since_purchase',
      isPsiOver: true,
    });
    expect(picture[37]).toMatchObject({ isLossOver: true, isPsiOver: true });
    expect(picture[40]).toMatchObject({ isLossOver: true, isPsiOver: false });
    expect(picture[40]?.lossLimit).toBeCloseTo(0.578, 9);
  });

  it('says in a sentence whether quality was lost where PSI saw nothing', () => {
    expect(pictureSentence(picture)).toMatch(
      /^Log loss was over its limit in 7 of 41 windows; in 4 of them no feature’s PSI was/u,
    );
    expect(pictureSentence(picture.filter(({ isLossOver }) => !isLossOver))).toMatch(/^In none of 34 windows/u);
    expect(pictureSentence(picture.filter(({ isLossOver, isPsiOver }) => isLossOver && isPsiOver))).toMatch(
      /in each of them\.$/u,
    );
    expect(pictureSentence(picture.slice(0, 3))).toMatch(/^No window has enough matured outcomes yet/u);
  });

  it('has a rule where another version decides, and one at its begin', () => {
    expect(versionRules(answer.windows).map(({ label }) => label)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5', 'v4', 'v8']);
    expect(versionRules([])).toEqual([]);
  });
});
