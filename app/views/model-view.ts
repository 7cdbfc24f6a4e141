import type { ModelFact } from '#collector';
import {
  type GateVerdict,
  type ModelAnswer,
  type ModelSummary,
  type ModelVersionView,
  parseDuration,
  type TrainingView,
} from '#core';
import type { MonthlyQuality } from '#drift';
import { lineMonthsOf } from './line-months.ts';
import { type LineSpan, type LineTraining, type LineVersion, modelLineOf } from './model-line.ts';
import { timeOf, windowOf } from './record-view.ts';
import type { ModelInfo } from './workspace-index.ts';

/** What a model is, in a line: counts, and its newest change on the event clock. */
export function modelSummaryOf({ file, pipeline }: ModelInfo, facts: readonly ModelFact[]): ModelSummary {
  const { liveVersion, shadowVersion, versions } = modelLineOf(facts);
  const change = facts
    .filter(({ kind }) => HAS_EVENT_TIME.has(kind))
    .toSorted((a, b) => a.atMs - b.atMs || a.recordedMs - b.recordedMs)
    .at(-1);
  return {
    name: file.model,
    owner: file.owner,
    description: file.description,
    pipeline,
    liveVersion: liveVersion ?? null,
    shadowVersion: shadowVersion ?? null,
    versions: versions.length,
    lastChange: change === undefined ? null : { at: timeOf(change.atMs), summary: change.summary },
  };
}

const HAS_EVENT_TIME: ReadonlySet<ModelFact['kind']> = new Set([
  'training_requested',
  'retraining_requested',
  'model_shadowed',
  'model_promoted',
  'model_refused',
]);

/** All that is known of a model. `quality` is its pipeline's. */
export function modelAnswerOf(
  { file, pipeline, jobs }: ModelInfo,
  { facts, quality }: { readonly facts: readonly ModelFact[]; readonly quality: MonthlyQuality },
): ModelAnswer {
  const line = modelLineOf(facts);
  const decisions = new Map(
    quality.total.models.filter(({ name }) => name === file.model).map(({ version, scored }) => [version, scored]),
  );
  const { months, total } = lineMonthsOf(quality, line.events);
  return {
    name: file.model,
    owner: file.owner,
    description: file.description,
    pipeline,
    liveVersion: line.liveVersion ?? null,
    shadowVersion: line.shadowVersion ?? null,
    versions: line.versions.map((version) =>
      versionViewOf(version, { decisions: decisions.get(version.version) ?? 0, trialMs: trialMsOf(file) }),
    ),
    trainings: line.trainings.map(trainingViewOf),
    months,
    total,
    rollbackTo: [...line.rollbackTo],
    jobs: [...jobs],
  };
}

type ModelFile = ModelInfo['file'];

/** How long a candidate scores in shadow, ms; undefined where none does. */
function trialMsOf({ retraining }: ModelFile): number | undefined {
  return retraining === undefined ? undefined : parseDuration(retraining.shadow);
}

function shadowViewOf({ shadow, status }: LineVersion, trialMs: number | undefined): ModelVersionView['shadow'] {
  if (shadow === undefined) return null;
  const due = status === 'shadow' && trialMs !== undefined ? { due: timeOf(shadow.fromMs + trialMs) } : {};
  return { ...spanOf(shadow), ...due };
}

function versionViewOf(
  version: LineVersion,
  { decisions, trialMs }: { readonly decisions: number; readonly trialMs: number | undefined },
): ModelVersionView {
  const { request, lineage, shadow: _shadow, live, gate, reason, actor, inputs, ...same } = version;
  return {
    ...same,
    cause: request?.cause ?? null,
    inputs: [...inputs],
    ...originOf(lineage),
    shadow: shadowViewOf(version, trialMs),
    live: live.map(spanOf),
    gate: gate === undefined ? null : gateViewOf(gate),
    reason: reason ?? null,
    actor: actor ?? null,
    decisions,
  };
}

type Origin = Pick<
  ModelVersionView,
  'algorithm' | 'trainedOn' | 'metrics' | 'parameters' | 'dataFingerprint' | 'parity' | 'trainedBy'
>;

const NO_ORIGIN: Origin = {
  algorithm: null,
  trainedOn: null,
  metrics: {},
  parameters: {},
  dataFingerprint: null,
  parity: null,
  trainedBy: null,
};

function originOf(lineage: LineVersion['lineage']): Origin {
  if (lineage === undefined) return NO_ORIGIN;
  const { algorithm, window, rows, positives, metrics, parameters, dataFingerprint, parity, trainedBy } = lineage;
  return {
    algorithm,
    trainedOn: { ...windowOf(window), rows, positives },
    metrics: { ...metrics },
    parameters: { ...parameters },
    dataFingerprint,
    parity,
    trainedBy,
  };
}

function gateViewOf({ verdict, window, rows, checks, live, candidate, difference }: GateVerdict): ModelVersionView['gate'] {
  return {
    verdict,
    window: windowOf(window),
    rows,
    checks: checks.map((check) => ({ ...check })),
    live: { ...live },
    candidate: { ...candidate },
    difference: difference === null ? null : differenceOf(difference),
  };
}

function differenceOf({ mean, low, high, confidence, resamples }: NonNullable<GateVerdict['difference']>) {
  return { mean, low, high, confidence, resamples };
}

function trainingViewOf({ request, outcome, version, message }: LineTraining): TrainingView {
  const { requestId, atMs, cause, evidence = [], window, coolDownUntilMs } = request;
  return {
    requestId,
    at: timeOf(atMs),
    cause,
    evidence: evidence.map((each) => ({
      cause: each.cause,
      summary: each.summary,
      target: each.target ?? null,
      job: each.job ?? null,
    })),
    window: windowOf(window),
    coolDownUntil: coolDownUntilMs === undefined ? null : timeOf(coolDownUntilMs),
    outcome,
    version: version ?? null,
    message: message ?? null,
  };
}

function spanOf({ fromMs, toMs }: LineSpan): { from: string; to: string | null } {
  return { from: timeOf(fromMs), to: toMs === undefined ? null : timeOf(toMs) };
}
