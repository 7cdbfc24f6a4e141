import type { EventLog } from '#core';
import {
  createWindowReviewer,
  type FieldContract,
  FieldProfiler,
  numericFieldsOf,
  parseDriftJob,
  type ReviewStore,
} from '#drift';
import type { PipelineDefinition } from '#runtime';
import type { Workspace } from '../config/index.ts';
import type { Lifecycle } from '../lifecycle.ts';
import { TelemetryReviewStore } from './review-store.ts';
import type { Telemetry } from './telemetry.ts';

interface ReviewWiring {
  readonly workspace: Workspace;
  readonly definition: PipelineDefinition;
  readonly log: EventLog;
  readonly lifecycle: Lifecycle;
  readonly telemetry: Telemetry | undefined;
  /** Whether what is read now is live, and should not wait. */
  readonly isLive: () => boolean;
  readonly announce: (sentence: string) => void;
}

const LIVE_PATIENCE_MS = 3000;
const BACKLOG_PATIENCE_MS = 120_000;

/** What the reviews of the model read: the store, the drift jobs, and the profiles of fields that begin here. undefined where telemetry is off. */
export function wireReviews(wiring: ReviewWiring): ReviewStore | undefined {
  const { workspace, definition, log, lifecycle, telemetry, isLive, announce } = wiring;
  if (telemetry === undefined) return undefined;
  const contracts = fieldContractsOf(workspace);
  const features = featuresByField(workspace);
  const reviewers = workspace.driftJobs
    .filter(({ pipeline }) => pipeline === definition.name)
    .map((file) => createWindowReviewer({ database: telemetry.lateDatabase, job: parseDriftJob(file), contracts, features }));
  const profiler = new FieldProfiler({ log, pipeline: definition.name, topic: definition.topic, contracts });
  const abort = new AbortController();
  const running = profiler.run(abort.signal).catch(() => undefined);
  lifecycle.onStop('field profiles', async () => {
    abort.abort();
    await running;
  });
  const patienceMs = (): number => (isLive() ? LIVE_PATIENCE_MS : BACKLOG_PATIENCE_MS);
  return new TelemetryReviewStore({ telemetry, profiler, pipeline: definition.name, reviewers, patienceMs, announce });
}

/** The numeric fields of each subject's newest contract. */
function fieldContractsOf({ contracts }: Workspace): readonly FieldContract[] {
  return contracts.subjects().map((subject) => {
    const { version, owner, schema } = contracts.get(subject);
    return { subject, contractVersion: version, owner, fields: numericFieldsOf(schema) };
  });
}

/** Features by the field that they are computed from: subject and JSON pointer. */
function featuresByField({ views }: Workspace): ReadonlyMap<string, readonly string[]> {
  const byField = new Map<string, string[]>();
  for (const { view, subject, features } of views) {
    for (const { name, of } of features) {
      if (of === undefined) continue;
      const field = `${subject}/${of}`;
      byField.set(field, [...(byField.get(field) ?? []), `${view}.${name}`]);
    }
  }
  return byField;
}
