import type {
  DriftDetected,
  DriftResultRecord,
  EpochMs,
  EventWindow,
  FieldChanged,
  FieldRestored,
  TrainingEvidence,
} from '#core';
import type { SpoiltPeriod } from '../fields/field-levels.ts';

/** The live version that a window is compared with. */
export interface LiveReference {
  readonly name: string;
  readonly version: number;
  /** Event time of the rows that it was trained on: the reference. */
  readonly window: EventWindow;
  /** Features that it reads, view.name. */
  readonly inputs: readonly string[];
  /** Mean log loss on rows held out in its training; undefined where its lineage has none. */
  readonly holdoutLogLoss: number | undefined;
}

/** What a job carries from window to window: a JSON value. */
export interface DriftJobState {
  /** End of the newest window that was reviewed, epoch ms; undefined before the first. */
  readonly reviewedToMs?: EpochMs;
  /** The live version that `breaches` count against: another one starts them anew. */
  readonly version?: number;
  /** Windows in a row over the limit, by `target method`. */
  readonly breaches: Readonly<Record<string, number>>;
  /** Findings that are open. */
  readonly findings: readonly FieldChanged[];
  /** When findings stood that are over: such windows are in no baseline. */
  readonly spoilt?: readonly SpoiltPeriod[];
}

/** One window's review: all of it goes into one commit. */
export interface DriftReview {
  readonly window: EventWindow;
  readonly results: readonly DriftResultRecord[];
  readonly detected: DriftDetected | undefined;
  readonly changed: readonly FieldChanged[];
  readonly restored: readonly FieldRestored[];
  /** Of all alarms that are on, new or going on: what speaks for a training. Those that an open finding explains are left out. */
  readonly evidence: readonly TrainingEvidence[];
  readonly state: DriftJobState;
}
