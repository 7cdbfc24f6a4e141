import type { EpochMs, TrainingEvidence } from '#core';
import type { RetrainingSettings } from './settings.ts';

/** What a review knows when it asks whether the model is to be trained anew. */
export interface CauseQuestion {
  /** Event time of the review, epoch ms. */
  readonly atMs: EpochMs;
  /** Alarms that are on. */
  readonly evidence: readonly TrainingEvidence[];
  readonly lastRequest: { readonly atMs: EpochMs; readonly coolDownUntilMs?: EpochMs } | undefined;
  /** A candidate is on trial, or being trained. */
  readonly isUnderWay: boolean;
  /** Outcomes that matured since the last request; undefined where nobody can say. */
  readonly newOutcomes: number | undefined;
}

const DAY_MS = 86_400_000;

function scheduleOf({ atMs, lastRequest }: CauseQuestion, { scheduleMs }: RetrainingSettings): TrainingEvidence | undefined {
  if (scheduleMs === undefined || lastRequest === undefined || atMs - lastRequest.atMs < scheduleMs) return undefined;
  return {
    cause: 'schedule',
    summary: `${(atMs - lastRequest.atMs) / DAY_MS} days since the last request; the schedule is ${scheduleMs / DAY_MS} days`,
    window: { fromMs: lastRequest.atMs, toMs: atMs },
  };
}

function outcomesOf(question: CauseQuestion, { newOutcomes: wanted }: RetrainingSettings): TrainingEvidence | undefined {
  const { newOutcomes, atMs, lastRequest } = question;
  if (wanted === undefined || newOutcomes === undefined || lastRequest === undefined || newOutcomes < wanted) return undefined;
  return {
    cause: 'new_outcomes',
    summary: `${newOutcomes} outcomes have matured since the last request; ${wanted} are asked`,
    value: newOutcomes,
    threshold: wanted,
    window: { fromMs: lastRequest.atMs, toMs: atMs },
  };
}

/** Drift speaks where so many different methods have an alarm on one target; the strongest such targets first. */
function agreeing(evidence: readonly TrainingEvidence[], detectors: number | undefined): readonly TrainingEvidence[] {
  if (detectors === undefined) return [];
  const methods = new Map<string, Set<string>>();
  for (const { cause, target = '', method = '' } of evidence) {
    if (cause === 'drift') methods.set(target, (methods.get(target) ?? new Set()).add(method));
  }
  const strength = (alarm: TrainingEvidence): number => (alarm.value ?? 0) / (alarm.threshold ?? 1);
  return evidence
    .filter(({ cause, target = '' }) => cause === 'drift' && (methods.get(target)?.size ?? 0) >= detectors)
    .sort((left, right) => strength(right) - strength(left));
}

/**
 * What speaks for a training now, its cause first: loss of quality, drift in agreeing detectors, new outcomes, the schedule. Empty:
 * nothing does, a candidate is under way, or the last request's cool-down is not over.
 */
export function causesOf(question: CauseQuestion, settings: RetrainingSettings): readonly TrainingEvidence[] {
  const { atMs, evidence, lastRequest, isUnderWay } = question;
  if (isUnderWay || lastRequest === undefined || atMs < (lastRequest.coolDownUntilMs ?? lastRequest.atMs)) return [];
  const lost = settings.isQualityLossACause ? evidence.filter(({ cause }) => cause === 'quality_loss') : [];
  const others = [outcomesOf(question, settings), scheduleOf(question, settings)].filter((found) => found !== undefined);
  return [...lost, ...agreeing(evidence, settings.detectors), ...others];
}
