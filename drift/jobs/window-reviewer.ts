import type { Database, EpochMs, EventWindow } from '#core';
import { findFieldChanges } from '../fields/field-changes.ts';
import type { FieldContract } from '../fields/numeric-fields.ts';
import type { WindowReviewer } from '../promotion/governed-model.ts';
import { reviewWindow } from './drift-job.ts';
import type { DriftJobSpec } from './job-spec.ts';
import type { DriftJobState, DriftReview } from './review.ts';
import { windowsBetween } from './windows.ts';

/** What a job's windows are reviewed with. */
export interface WindowReviewerDeps {
  readonly database: Database;
  readonly job: DriftJobSpec;
  /** Of the subjects whose numeric fields are profiled. */
  readonly contracts: readonly FieldContract[];
  /** Features (view.name) computed from a field, by subject + JSON pointer. */
  readonly features: ReadonlyMap<string, readonly string[]>;
}

/** A drift job over the telemetry store: the fields of events first, as a changed field explains what drifts behind it. */
export function createWindowReviewer(deps: WindowReviewerDeps): WindowReviewer {
  const { database, job } = deps;
  return {
    job: job.name,
    windows: (progress: { readonly reviewedToMs: EpochMs | undefined; readonly fromMs: EpochMs; readonly atMs: EpochMs }) =>
      windowsBetween(job, progress),
    review: async (question): Promise<DriftReview> => {
      const { changed, restored, state } = await reviewFields(deps, question.window, question.state);
      const changedFeatures = featuresTouched(deps, question.state, state);
      const review = await reviewWindow(database, job, { ...question, state, changedFeatures });
      return { ...review, changed, restored };
    },
  };
}

type FieldReview = Pick<DriftReview, 'changed' | 'restored' | 'state'>;

async function reviewFields(deps: WindowReviewerDeps, window: EventWindow, state: DriftJobState): Promise<FieldReview> {
  const { database, job, contracts, features } = deps;
  if (job.fields === undefined) return { changed: [], restored: [], state };
  const { baselineMs, ratio, minimumValues } = job.fields;
  const { pipeline } = job;
  const question = { pipeline, window, baselineMs, ratio, minimumValues, contracts, features, state };
  const verdict = await findFieldChanges(database, question);
  return { ...verdict, state: { ...state, ...verdict.state } };
}

/** Features that an open finding explains, or that one explains which is over: windows of features take a while to be as before. */
function featuresTouched(
  { features }: WindowReviewerDeps,
  before: DriftJobState,
  { findings, spoilt = [] }: DriftJobState,
): ReadonlySet<string> {
  const open = [...before.findings, ...findings].flatMap((finding) => finding.features);
  const over = spoilt.flatMap(({ subject, field }) => features.get(`${subject}${field}`) ?? []);
  return new Set([...open, ...over]);
}
