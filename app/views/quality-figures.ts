import type { QualityFigures, Statistic } from '#drift';

/** A statistic's value; null where it is not computable. */
export function figureOf(statistic: Statistic): number | null {
  return statistic.status === 'ok' ? statistic.value : null;
}

/** The four figures of quality as the API has them. */
export function figuresOf({ auc, logLoss, accuracy, calibrationError }: QualityFigures) {
  return {
    auc: figureOf(auc),
    logLoss: figureOf(logLoss),
    accuracy: figureOf(accuracy),
    calibrationError: figureOf(calibrationError),
  };
}
