export { TrainerSection, trainerSettings } from './config.ts';
export { DRIFT_ERRORS } from './errors.ts';
export {
  type MonthlyQuality,
  type MonthQuality,
  monthlyQuality,
  type QualityRow,
  readMonthlyQuality,
} from './quality/monthly-quality.ts';
export type { ModelInput } from './retraining/preprocessing.ts';
export {
  answerTrainingRequest,
  type FirstModelAnswer,
  promoteFirstModel,
  type RefusedAnswer,
  type RegisteredAnswer,
  type TrainerDeps,
  type TrainingAnswer,
  type TrainingSpec,
  trainFirstModel,
} from './retraining/trainer.ts';
export { accuracy } from './statistics/accuracy.ts';
export { auc } from './statistics/auc.ts';
export { calibrationError } from './statistics/calibration-error.ts';
export { logLoss } from './statistics/log-loss.ts';
export type { ScoredLabels, Statistic } from './statistics/statistic.ts';
