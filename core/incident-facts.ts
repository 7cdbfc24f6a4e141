import type { EpochMs } from './clock.ts';

/** Facts on the control topic about what happens around the line: deploys and settings, and the incidents. */

/** Something that a person or a machine altered outside this process, told to it: a deploy, a setting. Type throughline.change.recorded. */
export interface ChangeRecorded {
  readonly changeId: string;
  readonly kind: 'deploy' | 'setting' | 'other';
  /** The component: a producer (CloudEvents source), a consumer group, a pipeline, a contract's subject, a view, a model, or anything else. */
  readonly subject: string;
  /** What it is now, such as a version; empty where there is none. */
  readonly version: string;
  /** A sentence. */
  readonly summary: string;
  readonly atMs: EpochMs;
  readonly actor: string;
}

/** What the incident's facts share. An incident is fingerprint and start of its alert. */
export interface IncidentFact {
  readonly fingerprint: string;
  readonly startsAtMs: EpochMs;
  readonly alert: string;
  readonly pipeline: string;
  readonly severity: string;
  /** A sentence: what was opened, or what the person said. */
  readonly summary: string;
  readonly actor: string;
}
