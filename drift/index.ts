export { TrainerSection, trainerSettings } from './config.ts';
export { DRIFT_ERRORS } from './errors.ts';
export {
  type MonthlyQuality,
  monthlyQuality,
  type QualityRow,
  readMonthlyQuality,
} from './quality/monthly-quality.ts';
export { loadMonthlyQuality } from './quality/stored-quality.ts';
export {
  answerTrainingRequest,
  promoteFirstModel,
  type TrainerDeps,
  type TrainingSpec,
  trainFirstModel,
} from './retraining/trainer.ts';
export { accuracy } from './statistics/accuracy.ts';
export { auc } from './statistics/auc.ts';
export { calibrationError } from './statistics/calibration-error.ts';
export { logLoss } from './statistics/log-loss.ts';
export type { ScoredLabels, Statistic } from './statistics/statistic.ts';
