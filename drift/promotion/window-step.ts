import {
  type Clock,
  CONTROL_TYPES,
  controlRecord,
  type EpochMs,
  type EventLog,
  isRetryable,
  messageOf,
  type NewRecord,
  TOPICS,
  type TrainingEvidence,
} from '#core';
import type { DriftReview, LiveReference } from '../jobs/review.ts';
import type { GovernedModel, ReviewStore, WindowQuestion, WindowReviewer } from './governed-model.ts';
import { type LineOfModels, liveBefore } from './line-of-models.ts';
import { jobWrite, loadReviewState, stateOfJob } from './review-state.ts';

const SOURCE = '/throughline/drift';
const MAX_ATTEMPTS = 3;
const JSON_HEADERS = { 'content-type': 'application/json' } as const;

export interface WindowStepDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly model: GovernedModel;
  readonly announce: (sentence: string) => void;
}

/** Reviews each job's complete windows, a commit for each: results, detections, findings and what the job carries on, or nothing. */
export async function reviewWindows(
  deps: WindowStepDeps,
  store: ReviewStore,
  at: { readonly line: LineOfModels; readonly atMs: EpochMs },
): Promise<void> {
  for (const reviewer of store.reviewers) await reviewJob(deps, reviewer, at);
}

/** What speaks for a training: the alarms that each job's newest window left on. */
export async function standingEvidence(deps: WindowStepDeps): Promise<readonly TrainingEvidence[]> {
  const { jobs } = await loadReviewState(deps.log, deps.model.pipeline);
  return Object.values(jobs).flatMap(({ evidence }) => evidence);
}

async function reviewJob(
  deps: WindowStepDeps,
  reviewer: WindowReviewer,
  { line, atMs }: { readonly line: LineOfModels; readonly atMs: EpochMs },
): Promise<void> {
  const { log, model } = deps;
  const { job } = reviewer;
  const first = line.promoted[0];
  if (first === undefined) return;
  const { state: before } = stateOfJob(await loadReviewState(log, model.pipeline), job);
  for (const window of reviewer.windows({ reviewedToMs: before.reviewedToMs, fromMs: first.atMs, atMs })) {
    const live = referenceOf(line, window.toMs);
    if (live === undefined) continue;
    const { state } = stateOfJob(await loadReviewState(log, model.pipeline), job);
    const review = await measure(deps, reviewer, { window, live, state, finalBeforeMs: window.toMs - model.horizonMs });
    if (review === undefined) return;
    await commitReview(deps, job, review);
    tell(deps, review);
  }
}

/** Nothing that the telemetry store does stops the pipeline: a window that cannot be measured now is measured in a later review. */
async function measure(
  { announce }: WindowStepDeps,
  reviewer: WindowReviewer,
  question: WindowQuestion,
): Promise<DriftReview | undefined> {
  let problem = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    try {
      return await reviewer.review(question);
    } catch (error) {
      problem = messageOf(error);
      if (!isRetryable(error)) break;
    }
  }
  const day = new Date(question.window.toMs).toISOString().slice(0, 10);
  announce(`drift job ${reviewer.job} could not measure the window that ended on ${day}: ${problem}; a later review tries again`);
  return undefined;
}

/** The version that decided at the window's end, with its training; undefined where another trainer left no lineage. */
function referenceOf(line: LineOfModels, toMs: EpochMs): LiveReference | undefined {
  const live = liveBefore(line, toMs);
  const trained = line.trained.find(({ version }) => version === live?.version);
  if (live === undefined || trained === undefined) return undefined;
  const { window, inputs, metrics } = trained.lineage;
  return { name: live.name, version: live.version, window, inputs, holdoutLogLoss: metrics['holdoutLogLoss'] };
}

async function commitReview({ log, clock, model }: WindowStepDeps, job: string, review: DriftReview): Promise<void> {
  const results = review.results.map(
    (result): NewRecord => ({
      topic: TOPICS.drift,
      partition: 0,
      key: `${job}/${result.target}`,
      headers: JSON_HEADERS,
      value: JSON.stringify(result),
    }),
  );
  const { detected, changed, restored, state, evidence } = review;
  const facts = [
    ...(detected === undefined
      ? []
      : [{ type: CONTROL_TYPES.driftDetected, id: detected.detectionId, source: SOURCE, key: model.name, fact: detected }]),
    ...changed.map((fact) => ({
      type: CONTROL_TYPES.fieldChanged,
      id: fact.findingId,
      source: SOURCE,
      key: fact.subject,
      fact,
    })),
    ...restored.map((fact) => ({
      type: CONTROL_TYPES.fieldRestored,
      id: `${fact.findingId}:restored`,
      source: SOURCE,
      key: fact.subject,
      fact,
    })),
  ];
  await log.commit({
    records: [...results, ...facts.map((fact) => controlRecord(fact, clock))],
    state: [jobWrite({ pipeline: model.pipeline, job }, { state, evidence })],
  });
}

function tell({ announce }: WindowStepDeps, { detected, changed, restored }: DriftReview): void {
  for (const { summary } of [...changed, ...restored]) announce(summary);
  const [first, ...others] = detected?.alarms ?? [];
  if (first === undefined) return;
  announce(`drift: ${first.summary}${others.length === 0 ? '' : `; and ${others.length} more alarms`}`);
}
