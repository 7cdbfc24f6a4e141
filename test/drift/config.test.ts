import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { TrainerSection, trainerSettings } from '#drift';

const validate = new Ajv2020({ allErrors: true }).compile(TrainerSection);
const DAY_MS = 86_400_000;

describe('the trainer section of a model file', () => {
  it('needs no more than an algorithm', () => {
    expect(validate({ algorithms: ['gradient-boosting'] })).toBe(true);
    expect(trainerSettings({ algorithms: ['gradient-boosting'] })).toEqual({
      algorithms: ['gradient-boosting'],
      logisticRegression: { l2: 1, maxIterations: 50, tolerance: 1e-8 },
      gradientBoosting: expect.objectContaining({ learningRate: 0.05, maxBins: 255, subsample: 1 }),
      minimumRows: 200,
      seed: 0,
    });
  });

  it('says the same defaults in the schema as in the code', () => {
    const filled = { algorithms: ['logistic-regression'], logisticRegression: {}, gradientBoosting: {} };
    new Ajv2020({ useDefaults: true }).compile(TrainerSection)(filled);
    expect(filled).toEqual(trainerSettings({ algorithms: ['logistic-regression'] }));
  });

  it('keeps what the file says', () => {
    const section = { algorithms: ['logistic-regression' as const], logisticRegression: { l2: 0 }, window: '180d', seed: 7 };
    expect(trainerSettings(section)).toMatchObject({
      logisticRegression: { l2: 0, maxIterations: 50 },
      windowMs: 180 * DAY_MS,
      seed: 7,
    });
  });

  it.each([
    { algorithms: ['random-forest'] },
    { algorithms: [] },
    { algorithms: ['gradient-boosting', 'gradient-boosting'] },
    { algorithms: ['logistic-regression'], logisticRegression: { l2: -1 } },
    { algorithms: ['logistic-regression'], logisticRegression: { maxIterations: 0 } },
    { algorithms: ['logistic-regression'], logisticRegression: { tolerance: 0 } },
    { algorithms: ['gradient-boosting'], gradientBoosting: { leaves: 1 } },
    { algorithms: ['gradient-boosting'], gradientBoosting: { maxBins: 256 } },
    { algorithms: ['gradient-boosting'], gradientBoosting: { subsample: 0 } },
    { algorithms: ['gradient-boosting'], gradientBoosting: { depth: 3 } },
    { algorithms: ['gradient-boosting'], seed: -1 },
    { algorithms: ['gradient-boosting'], window: '6 months' },
    { algorithms: ['gradient-boosting'], rows: 5 },
    { algorithm: 'logistic-regression' },
    {},
  ])('refuses %j', (section) => {
    expect(validate(section)).toBe(false);
  });
});
