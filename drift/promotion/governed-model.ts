import type { EpochMs, EventWindow, LogPosition, ModelPromoted } from '#core';
import type { DriftJobState, DriftReview, LiveReference } from '../jobs/review.ts';
import type { TrainingSpec } from '../retraining/trainer.ts';
import type { GateSettings, RetrainingSettings } from './settings.ts';

/** A model whose versions are decided by reviews, as the workspace has it. */
export interface GovernedModel extends TrainingSpec {
  readonly name: string;
  readonly pipeline: string;
  /** Event time of the events that the first version learns from. */
  readonly firstWindow: EventWindow;
  /** Event time after which an outcome is final, ms. */
  readonly horizonMs: number;
  /** undefined: the first version stays. */
  readonly retraining: RetrainingSettings | undefined;
  readonly gate: GateSettings;
  /** What the latency budget allows for computing a micro-batch at p99, µs. */
  readonly computeBudgetUs: number;
}

/** What a window's review is told. */
export interface WindowQuestion {
  readonly window: EventWindow;
  readonly live: LiveReference;
  readonly state: DriftJobState;
  /** Event time before which every outcome was final at the window's end, epoch ms. */
  readonly finalBeforeMs: EpochMs;
}

/** A drift job, as far as the line of models needs it. */
export interface WindowReviewer {
  /** Name of the job. */
  readonly job: string;
  /** Windows that are complete at `atMs` and not reviewed yet, oldest first; none that begins before `fromMs`. */
  windows(progress: {
    readonly reviewedToMs: EpochMs | undefined;
    readonly fromMs: EpochMs;
    readonly atMs: EpochMs;
  }): readonly EventWindow[];
  /** Reads the telemetry store. Throws CLICKHOUSE_*. */
  review(question: WindowQuestion): Promise<DriftReview>;
}

/** The telemetry store, as far as reviews need it. */
export interface ReviewStore {
  readonly reviewers: readonly WindowReviewer[];
  /** Resolves when all that follows from what lies before the positions is stored: true; or false where the store has been away for so long that nobody should wait. */
  stored(positions: readonly LogPosition[], signal: AbortSignal): Promise<boolean>;
  /** Outcomes of the pipeline that matured in the window. */
  countOutcomes(window: EventWindow): Promise<number>;
}

/** What a person asks for. */
export interface RollbackOrder {
  /** Default: the version that decided before the live one. */
  readonly to?: number;
  readonly reason: string;
  readonly actor: string;
}

export type RolledBack = ModelPromoted & { readonly replaces: number };
