import type { EpochMs, EventLog, ModelRef } from '#core';
import {
  distinctDecisions,
  labelsByPrediction,
  type PredictionHistory,
  readPredictionHistory,
  type ServedDecision,
} from '../prediction-log.ts';
import { accuracy } from '../statistics/accuracy.ts';
import { auc } from '../statistics/auc.ts';
import { calibrationError } from '../statistics/calibration-error.ts';
import { logLoss } from '../statistics/log-loss.ts';
import { computed, notComputable, type Statistic } from '../statistics/statistic.ts';

/** A model version, and how many events of the row it scored. */
export interface ModelShare extends ModelRef {
  readonly scored: number;
}

export interface QualityFigures {
  readonly auc: Statistic;
  readonly logLoss: Statistic;
  readonly accuracy: Statistic;
  readonly calibrationError: Statistic;
}

/**
 * What the frozen version would have been: a model's first, which is the least version that scored or stood in shadow. Its score of an
 * event is the decision's own where that version was live, else its score in shadow.
 */
export interface FrozenQuality extends QualityFigures {
  /** Matured events of which its score is known; its figures are over these. Where they are all of the row's, the row's own figures are over the same events. */
  readonly matured: number;
}

/** Quality over the scored events of a period; the statistics are over those whose outcome is known. */
export interface QualityRow extends QualityFigures {
  readonly scored: number;
  /** Scored events whose outcome is final. */
  readonly matured: number;
  /** Scored events whose horizon has not passed; a positive may be known already, and is left out all the same. */
  readonly open: number;
  /** Nothing is open. */
  readonly complete: boolean;
  /** Share of positives among the matured, 0 to 1. */
  readonly baseRate: Statistic;
  readonly frozen: FrozenQuality;
  /** By name, then version. */
  readonly models: readonly ModelShare[];
}

/** One UTC month of the scored events' own time. */
export interface MonthQuality extends QualityRow {
  /** `YYYY-MM`. */
  readonly month: string;
}

/** Months in ascending order (only those with scored events), and all of them taken together. */
export interface MonthlyQuality {
  readonly months: readonly MonthQuality[];
  readonly total: QualityRow;
}

interface ScoredDecision {
  readonly month: string;
  readonly model: ModelRef;
  readonly score: number;
  /** What the frozen version said; undefined where it was not asked. */
  readonly frozenScore: number | undefined;
  readonly label: 0 | 1 | undefined;
}

function countModels(decisions: readonly ScoredDecision[]): readonly ModelShare[] {
  const shares = new Map<string, ModelShare>();
  for (const { model } of decisions) {
    const key = `${model.name}@${model.version}`;
    shares.set(key, { name: model.name, version: model.version, scored: (shares.get(key)?.scored ?? 0) + 1 });
  }
  return [...shares.values()].sort((a, b) => (a.name === b.name ? a.version - b.version : Number(a.name > b.name) * 2 - 1));
}

function figuresOf(rows: readonly { readonly score: number; readonly label: 0 | 1 }[]): QualityFigures {
  const columns = {
    labels: Uint8Array.from(rows, ({ label }) => label),
    scores: Float64Array.from(rows, ({ score }) => score),
  };
  return {
    auc: auc(columns),
    logLoss: logLoss(columns),
    accuracy: accuracy(columns),
    calibrationError: calibrationError(columns),
  };
}

function qualityOf(decisions: readonly ScoredDecision[]): QualityRow {
  const matured = decisions.flatMap(({ label, ...row }) => (label === undefined ? [] : [{ ...row, label }]));
  const frozen = matured.flatMap(({ frozenScore: score, label }) => (score === undefined ? [] : [{ score, label }]));
  const positives = matured.reduce((sum, { label }) => sum + label, 0);
  const open = decisions.length - matured.length;
  return {
    scored: decisions.length,
    matured: matured.length,
    open,
    complete: open === 0,
    baseRate: matured.length === 0 ? notComputable('no_rows') : computed(positives / matured.length),
    ...figuresOf(matured),
    frozen: { matured: frozen.length, ...figuresOf(frozen) },
    models: countModels(decisions),
  };
}

type Scored = ServedDecision & Required<Pick<ServedDecision, 'model' | 'score'>>;

function isScored(decision: ServedDecision): decision is Scored {
  return decision.fate === 'scored' && decision.model !== undefined && decision.score !== undefined;
}

/** The least version of each model, by its name. */
function frozenVersions(decisions: readonly Scored[]): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  for (const { model, shadows = [] } of decisions) {
    const known = least.get(model.name) ?? Number.POSITIVE_INFINITY;
    least.set(
      model.name,
      shadows.reduce((version, shadow) => Math.min(version, shadow.version), Math.min(known, model.version)),
    );
  }
  return least;
}

function scoredOnly(
  served: Iterable<ServedDecision>,
  { labels, finalBeforeMs }: { readonly labels: ReadonlyMap<string, 0 | 1>; readonly finalBeforeMs: EpochMs },
): readonly ScoredDecision[] {
  const decisions = distinctDecisions(served).filter(isScored);
  const frozen = frozenVersions(decisions);
  return decisions.map(({ model, score, shadows = [], event, predictionId }) => ({
    month: new Date(event.timeMs).toISOString().slice(0, 7),
    model,
    score,
    frozenScore: [{ version: model.version, score }, ...shadows].find(({ version }) => version === frozen.get(model.name))?.score,
    label: event.timeMs < finalBeforeMs ? labels.get(predictionId) : undefined,
  }));
}

/**
 * Quality by UTC month of the scored event's time, from decisions and outcomes in any order; collecting decisions are left out.
 * Only events before `finalBeforeMs` (event time: the watermark less the horizon) count as matured: later ones would bring their
 * positives, which settle early, without their negatives, which settle at the horizon. Pure.
 */
export function monthlyQuality({
  decisions,
  outcomes,
  finalBeforeMs,
}: {
  readonly decisions: Iterable<PredictionHistory['decisions'][number]>;
  readonly outcomes: Iterable<PredictionHistory['outcomes'][number]>;
  readonly finalBeforeMs: EpochMs;
}): MonthlyQuality {
  const scored = scoredOnly(decisions, { labels: labelsByPrediction(outcomes), finalBeforeMs });
  const byMonth = new Map<string, ScoredDecision[]>();
  for (const decision of scored) {
    const month = byMonth.get(decision.month);
    if (month === undefined) byMonth.set(decision.month, [decision]);
    else month.push(decision);
  }
  const months = [...byMonth].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, rows]) => ({ month, ...qualityOf(rows) }));
  return { months, total: qualityOf(scored) };
}

/** {@link monthlyQuality} of a pipeline from what the log holds. Throws DRIFT_RECORD_INVALID, DRIFT_TOPIC_MISSING, BROKER_*. */
export async function readMonthlyQuality(
  log: EventLog,
  { pipeline, finalBeforeMs }: { readonly pipeline: string; readonly finalBeforeMs: EpochMs },
): Promise<MonthlyQuality> {
  return monthlyQuality({ ...(await readPredictionHistory(log, pipeline)), finalBeforeMs });
}
