import type { Cause } from '#core';
import type { Found } from './finding.ts';

/** What always follows from a cause: found beside it, it is a symptom. */
const EXPLAINS: Readonly<Partial<Record<Cause, readonly Cause[]>>> = {
  poison_event: [
    'consumer_gone',
    'slow_consumer',
    'hot_partition',
    'slow_log',
    'traffic_burst',
    'outcomes_lost',
    'outcomes_late',
    'stale_view',
  ],
  consumer_gone: ['slow_consumer', 'hot_partition', 'slow_log', 'traffic_burst', 'outcomes_lost', 'outcomes_late', 'stale_view'],
  contract_break: ['stale_view', 'missing_features', 'outcomes_lost', 'outcomes_late', 'field_meaning'],
  slow_consumer: ['traffic_burst', 'slow_log', 'hot_partition', 'outcomes_late'],
  slow_feature_reads: ['slow_consumer', 'traffic_burst', 'hot_partition', 'outcomes_late'],
  model_saturated: ['slow_consumer', 'traffic_burst', 'hot_partition', 'outcomes_late'],
  slow_model: ['slow_consumer', 'model_saturated', 'traffic_burst', 'hot_partition', 'outcomes_late'],
  slow_log: ['slow_consumer', 'traffic_burst', 'outcomes_late'],
  stale_view: ['missing_features', 'outcomes_lost'],
};

/** Causes that an alert is about. Others may be behind it all the same, and then must be stronger. */
const FITS: Readonly<Record<string, readonly Cause[]>> = {
  LatencyBudgetBurn: [
    'slow_consumer',
    'slow_feature_reads',
    'slow_model',
    'model_saturated',
    'slow_log',
    'hot_partition',
    'traffic_burst',
    'consumer_gone',
    'poison_event',
  ],
  FreshnessBudgetBurn: ['stale_view', 'contract_break', 'missing_features'],
  ContractBudgetBurn: ['contract_break'],
  OutcomeBudgetBurn: ['outcomes_lost', 'outcomes_late'],
  PipelineSilent: ['consumer_gone', 'poison_event'],
  ConsumerGroupEmpty: ['consumer_gone', 'poison_event'],
  ConsumerGroupLagging: [
    'slow_consumer',
    'consumer_gone',
    'poison_event',
    'hot_partition',
    'traffic_burst',
    'slow_log',
    'slow_feature_reads',
    'slow_model',
    'model_saturated',
  ],
  EventStuck: ['poison_event'],
  QuarantineGrowing: ['contract_break'],
  FieldMeaningChanged: ['field_meaning'],
  FeatureViewStale: ['stale_view', 'contract_break'],
  FeatureValuesMissing: ['missing_features', 'stale_view', 'contract_break'],
  CandidateGap: ['biased_candidate'],
  OutcomesNotJoined: ['outcomes_lost', 'outcomes_late'],
};

export interface Ranked {
  readonly found: Found;
  /** 0 to 1. */
  readonly score: number;
  readonly confidence: 'high' | 'medium' | 'low';
}

/** A symptom keeps so much of its score. */
const SYMPTOM = 0.45;
/** What the alert is not about keeps so much. */
const OFF_ALERT = 0.85;
const FIT_GAIN = 0.15;
/** Weaker is no hypothesis. */
const MINIMUM_SCORE = 0.3;
const HIGH_SCORE = 0.72;
/** The next one must be so far behind for the first to be sure. */
const HIGH_LEAD = 0.1;
const MEDIUM_SCORE = 0.5;
/** Only a strong finding explains others away. */
const EXPLAINING = 0.55;
export const MAX_HYPOTHESES = 5;

/**
 * Puts findings in order: by how strong each is by itself, how well it fits the alert, and whether another one explains it. Depends
 * on nothing else, so that a change off the pathway moves no rank. Ties go by cause, so that the order is total.
 */
export function rankFindings(findings: readonly Found[], alert: string): readonly Ranked[] {
  const scored = findings
    .map((found) => ({ found, score: scoreOf(found, findings, alert) }))
    .filter(({ score }) => score >= MINIMUM_SCORE)
    .toSorted((a, b) => b.score - a.score || a.found.cause.localeCompare(b.found.cause))
    .slice(0, MAX_HYPOTHESES);
  return scored.map(({ found, score }, index) => {
    const rival = scored.find((other, place) => place > index && !isExplainedBy(other.found, found));
    return { found, score, confidence: confidenceOf(score, index === 0 ? score - (rival?.score ?? 0) : 0) };
  });
}

function scoreOf(found: Found, all: readonly Found[], alert: string): number {
  const fitting = FITS[alert];
  const fits = fitting?.includes(found.cause) ?? false;
  const fitted = fits
    ? found.strength + FIT_GAIN * (1 - found.strength)
    : found.strength * (fitting === undefined ? 1 : OFF_ALERT);
  const isSymptom = all.some((other) => other !== found && other.strength >= EXPLAINING && isExplainedBy(found, other));
  return isSymptom ? fitted * SYMPTOM : fitted;
}

function isExplainedBy(found: Found, other: Found): boolean {
  return (EXPLAINS[other.cause]?.includes(found.cause) ?? false) || (other.explains?.includes(found.cause) ?? false);
}

function confidenceOf(score: number, lead: number): Ranked['confidence'] {
  if (score >= HIGH_SCORE && lead >= HIGH_LEAD) return 'high';
  return score >= MEDIUM_SCORE ? 'medium' : 'low';
}
