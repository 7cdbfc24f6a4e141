import { type EpochMs, type EventLog, STORES, type StateWrite, type TrainingEvidence } from '#core';
import type { DriftJobState } from '../jobs/review.ts';

/** A drift job's state between windows, with what its newest window said. */
export interface StoredJobState {
  readonly state: DriftJobState;
  /** Of the alarms that are on since the newest window. */
  readonly evidence: readonly TrainingEvidence[];
}

/** How far a pipeline's model has been reviewed. */
export interface ReviewState {
  /** Event time of the last finished review, epoch ms. */
  readonly reviewedMs: EpochMs | undefined;
  /** By job. */
  readonly jobs: Readonly<Record<string, StoredJobState>>;
}

const NO_STATE: StoredJobState = { state: { breaches: {}, findings: [] }, evidence: [] };

export async function loadReviewState(log: EventLog, pipeline: string): Promise<ReviewState> {
  let reviewedMs: EpochMs | undefined;
  const jobs: Record<string, StoredJobState> = {};
  for await (const { key, value } of log.readState(STORES.governance, 0)) {
    const stored: unknown = JSON.parse(new TextDecoder().decode(value));
    if (key === reviewKey(pipeline)) reviewedMs = (stored as { readonly reviewedMs: EpochMs }).reviewedMs;
    if (key.startsWith(jobKey(pipeline, ''))) jobs[key.slice(jobKey(pipeline, '').length)] = stored as StoredJobState;
  }
  return { reviewedMs, jobs };
}

export function stateOfJob({ jobs }: ReviewState, job: string): StoredJobState {
  return jobs[job] ?? NO_STATE;
}

export function reviewedWrite(pipeline: string, reviewedMs: EpochMs): StateWrite {
  return write(reviewKey(pipeline), { reviewedMs });
}

export function jobWrite(at: { readonly pipeline: string; readonly job: string }, stored: StoredJobState): StateWrite {
  return write(jobKey(at.pipeline, at.job), stored);
}

const reviewKey = (pipeline: string): string => `review/${pipeline}`;
const jobKey = (pipeline: string, job: string): string => `job/${pipeline}/${job}`;

function write(key: string, value: object): StateWrite {
  return { store: STORES.governance, partition: 0, key, value: Buffer.from(JSON.stringify(value)) };
}
