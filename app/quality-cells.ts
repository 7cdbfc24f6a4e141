import type { QualityRow, Statistic } from '#drift';
import { formatCount } from './cli/tables.ts';

/** A row of the quality table as people read it: scored, matured, base rate, AUC, log loss, accuracy, calibration error. */
export function qualityCells({ scored, matured, baseRate, auc, logLoss, accuracy, calibrationError }: QualityRow): string[] {
  return [formatCount(scored), formatCount(matured), ...[baseRate, auc, logLoss, accuracy, calibrationError].map(cell)];
}

function cell(statistic: Statistic): string {
  return statistic.status === 'ok' ? statistic.value.toFixed(3) : '–';
}
