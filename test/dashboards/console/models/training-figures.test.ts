import { describe, expect, it } from 'vitest';
import { heldOut, trainingFigures } from '../../../../dashboards/console/models/training-figures.ts';

describe('the figures of a training', () => {
  const metrics = {
    trainingIterations: 7,
    trainingAuc: 0.78,
    holdoutAuc: 0.74,
    holdoutCalibrationError: 0.02,
    brier_score: 0.19,
  };

  it('stand by measure, fitted beside held out; what has no pair stands alone, in words', () => {
    expect(trainingFigures(metrics)).toEqual({
      rows: [{ name: 'AUC', training: 0.78, heldOut: 0.74 }],
      others: [
        { name: 'training iterations', value: 7 },
        { name: 'holdout calibration error', value: 0.02 },
        { name: 'brier score', value: 0.19 },
      ],
    });
    expect(trainingFigures({})).toEqual({ rows: [], others: [] });
  });

  it('held out are known or not', () => {
    expect([heldOut(metrics, 'Auc'), heldOut(metrics, 'LogLoss')]).toEqual([0.74, null]);
  });
});
