import type { DriftMethod, ModelVersionView, TrainingCause, TrainingView } from '#core';
import { formatFigure, NO_FIGURE } from './numbers.ts';

/** Words of the line of models and of drift, as people read them. */

type Status = ModelVersionView['status'];

export const STATUSES: Readonly<Record<Status, { readonly name: string; readonly meaning: string }>> = {
  live: { name: 'decides', meaning: 'Its scores are what the pipeline decides by.' },
  shadow: { name: 'on trial', meaning: 'It scores beside the live version and decides nothing.' },
  retired: { name: 'decided before', meaning: 'It decided until a better one came.' },
  refused: { name: 'refused', meaning: 'Its gate did not let it through: it never decided.' },
  rolled_back: { name: 'rolled back', meaning: 'It decided until a person took it back.' },
  registered: { name: 'registered', meaning: 'It is trained and registered, and scores nothing yet.' },
};

export const CAUSES: Readonly<Record<TrainingCause, string>> = {
  first_model: 'first model',
  quality_loss: 'loss of quality',
  drift: 'drift',
  new_outcomes: 'new outcomes',
  schedule: 'schedule',
};

export const TRAINING_OUTCOMES: Readonly<Record<TrainingView['outcome'], string>> = {
  pending: 'being trained',
  refused: 'no model came of it',
  in_shadow: 'on trial',
  promoted: 'promoted',
  not_promoted: 'not promoted',
};

/** `in_shadow` of an alarm's answer, which is any text there. */
export function outcomeWord(outcome: string | null): string {
  if (outcome === null) return NO_FIGURE;
  return Object.entries(TRAINING_OUTCOMES).find(([name]) => name === outcome)?.[1] ?? outcome.replaceAll('_', ' ');
}

export const METHODS: Readonly<Record<DriftMethod, { readonly name: string; readonly meaning: string }>> = {
  psi: { name: 'PSI', meaning: 'population stability index against the tenths of the reference' },
  ks: { name: 'KS', meaning: 'largest difference of the two distribution functions' },
  null_rate: { name: 'missing', meaning: 'change of the share of missing values, either way' },
  new_category: { name: 'new categories', meaning: 'share of values that the reference does not have' },
  auc: { name: 'AUC', meaning: 'of matured outcomes; higher is better' },
  log_loss: { name: 'log loss', meaning: 'of matured outcomes; lower is better' },
  accuracy: { name: 'accuracy', meaning: 'of matured outcomes; higher is better' },
  calibration_error: { name: 'calibration error', meaning: 'of matured outcomes; lower is better' },
};

export const CHECKS = {
  outcomes: 'enough outcomes',
  log_loss: 'lower log loss',
  calibration: 'calibration not worse',
  latency: 'fast enough',
  parity: 'ONNX as trained',
} as const;

/** +0.038, −0.034, or ±0.000: a difference with its sign. */
export function formatDifference(difference: number | null): string {
  if (difference === null) return NO_FIGURE;
  const shown = formatFigure(Math.abs(difference));
  if (Number(shown) === 0) return `±${shown}`;
  return `${difference > 0 ? '+' : '−'}${shown}`;
}

/** Chance of a result this large where nothing has changed. */
export function formatP(pValue: number | null): string {
  if (pValue === null) return NO_FIGURE;
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}
