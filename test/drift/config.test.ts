import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { TrainerSection, trainerSettings } from '#drift';

const validate = new Ajv2020({ allErrors: true }).compile(TrainerSection);

describe('the trainer section of a model file', () => {
  it('needs no more than an algorithm', () => {
    expect(validate({ algorithm: 'logistic-regression' })).toBe(true);
    expect(trainerSettings({ algorithm: 'logistic-regression' })).toEqual({
      algorithm: 'logistic-regression',
      l2: 1,
      maxIterations: 50,
      tolerance: 1e-8,
      minimumRows: 200,
    });
  });

  it('says the same defaults in the schema as in the code', () => {
    const filled = { algorithm: 'logistic-regression' };
    new Ajv2020({ useDefaults: true }).compile(TrainerSection)(filled);
    expect(filled).toEqual(trainerSettings({ algorithm: 'logistic-regression' }));
  });

  it('keeps what the file says', () => {
    expect(trainerSettings({ algorithm: 'logistic-regression', l2: 0 })).toMatchObject({ l2: 0, minimumRows: 200 });
  });

  it.each([
    { algorithm: 'random-forest' },
    { algorithm: 'logistic-regression', l2: -1 },
    { algorithm: 'logistic-regression', maxIterations: 0 },
    { algorithm: 'logistic-regression', tolerance: 0 },
    { algorithm: 'logistic-regression', rows: 5 },
    {},
  ])('refuses %j', (section) => {
    expect(validate(section)).toBe(false);
  });
});
