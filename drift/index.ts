export { TrainerSection, trainerSettings } from './config.ts';
export { DRIFT_ERRORS } from './errors.ts';
export { FieldProfiler } from './fields/field-profiler.ts';
export { type FieldContract, numericFieldsOf } from './fields/numeric-fields.ts';
export { DriftJobFile } from './jobs/config.ts';
export { parseDriftJob } from './jobs/job-spec.ts';
export { createWindowReviewer } from './jobs/window-reviewer.ts';
export { GateSection, RetrainingSection } from './promotion/config.ts';
export type { GovernedModel, ReviewStore, RollbackOrder, RolledBack, WindowReviewer } from './promotion/governed-model.ts';
export { Governor } from './promotion/governor.ts';
export { countByMonth, type LineCounts } from './promotion/line-months.ts';
export { type LineOfModels, liveOf, readLineOfModels } from './promotion/line-of-models.ts';
export { rollBack, unknownModel } from './promotion/rollback.ts';
export { gateSettings, retrainingSettings } from './promotion/settings.ts';
export {
  type MonthlyQuality,
  monthlyQuality,
  type QualityFigures,
  type QualityRow,
  readMonthlyQuality,
} from './quality/monthly-quality.ts';
export { loadMonthlyQuality } from './quality/stored-quality.ts';
export { fitModel } from './retraining/fitting.ts';
export type { FittingTask, ModelFitter } from './retraining/model-fitter.ts';
export {
  answerTrainingRequest,
  promoteFirstModel,
  type TrainerDeps,
  type TrainingSpec,
  trainFirstModel,
} from './retraining/trainer.ts';
export { TrainingClient } from './retraining/training-client.ts';
export { accuracy } from './statistics/accuracy.ts';
export { auc } from './statistics/auc.ts';
export { calibrationError } from './statistics/calibration-error.ts';
export { logLoss } from './statistics/log-loss.ts';
export type { ScoredLabels, Statistic } from './statistics/statistic.ts';
export { WEBHOOK_DEFAULTS, type WebhookEndpoint, WebhookSection } from './webhooks/config.ts';
export type { WebhookStatus } from './webhooks/endpoint-sender.ts';
export { parseSigningKeys } from './webhooks/signing-keys.ts';
export { WebhookSender } from './webhooks/webhook-sender.ts';
