import { parseDuration } from '#core';
import type { GateSection, RetrainingSection } from './config.ts';

/** A retraining section with its durations read; undefined for what it leaves out. */
export interface RetrainingSettings {
  readonly reviewMs: number;
  readonly coolDownMs: number;
  readonly shadowMs: number;
  readonly scheduleMs: number | undefined;
  readonly isQualityLossACause: boolean;
  /** How many methods must agree on a target; undefined: drift is no cause. */
  readonly detectors: number | undefined;
  readonly newOutcomes: number | undefined;
}

export type GateSettings = Required<Omit<GateSection, 'waitAtMost'>> & { readonly waitAtMostMs: number };

const DEFAULT_DETECTORS = 2;

export function retrainingSettings({ review, coolDown, shadow, causes }: RetrainingSection): RetrainingSettings {
  return {
    reviewMs: parseDuration(review),
    coolDownMs: parseDuration(coolDown),
    shadowMs: parseDuration(shadow),
    scheduleMs: causes.schedule === undefined ? undefined : parseDuration(causes.schedule),
    isQualityLossACause: causes.qualityLoss ?? false,
    detectors: causes.drift === undefined ? undefined : (causes.drift.detectors ?? DEFAULT_DETECTORS),
    newOutcomes: causes.newOutcomes,
  };
}

/** A gate section with every default filled in. */
export function gateSettings({ waitAtMost = '90d', ...section }: GateSection = {}): GateSettings {
  return {
    minimumOutcomes: 300,
    confidence: 0.95,
    resamples: 2000,
    calibrationTolerance: 0.02,
    seed: 0,
    ...section,
    waitAtMostMs: parseDuration(waitAtMost),
  };
}
