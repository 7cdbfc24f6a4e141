import type { EpochMs } from './clock.ts';
import type { ModelRef } from './ports.ts';
import type { ContractRef, LogPosition } from './records.ts';

/**
 * Facts on the control topic: what a person or a machine decided. Each is the JSON value of a record whose ce_type is one of
 * CONTROL_TYPES, and a CloudEvent that webhooks may be sent.
 */

/** Event time, epoch ms, end exclusive. */
export interface EventWindow {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

export interface ContractRegistered extends ContractRef {
  readonly fingerprint: string;
  readonly owner: string;
}

/** Why a model is to be trained. */
export const TRAINING_CAUSES = ['first_model', 'quality_loss', 'drift', 'new_outcomes', 'schedule'] as const;
export type TrainingCause = (typeof TRAINING_CAUSES)[number];

/** A measurement that speaks for a training. */
export interface TrainingEvidence {
  readonly cause: TrainingCause;
  /** A sentence with its figures. */
  readonly summary: string;
  /** What was measured where it came from a drift job: its target and method, as in its results. */
  readonly job?: string;
  readonly target?: string;
  readonly method?: string;
  readonly value?: number;
  readonly threshold?: number;
  readonly window: EventWindow;
}

/** Raised once for a position of the line; `requestId` is its idempotency key. A first model's is of type training.requested, any later one of retraining.requested. */
export interface TrainingRequested {
  readonly requestId: string;
  readonly model: string;
  readonly pipeline: string;
  readonly cause: TrainingCause;
  /** What spoke for it, the cause first; absent for a first model. */
  readonly evidence?: readonly TrainingEvidence[];
  /** Event time before which no other request is raised, epoch ms; absent for a first model. */
  readonly coolDownUntilMs?: EpochMs;
  /** Event-time window of the scored events to train on. */
  readonly window: EventWindow;
  /** Event time at which the partitions stopped, epoch ms. */
  readonly atMs: EpochMs;
  /** Where each partition of the pipeline's topic stands: the training sees nothing behind it. */
  readonly positions: readonly LogPosition[];
}

/** What a model came from: enough to make it again. */
export interface ModelLineage {
  readonly requestId: string;
  readonly algorithm: string;
  readonly window: EventWindow;
  readonly rows: number;
  readonly positives: number;
  readonly inputs: readonly string[];
  readonly dataFingerprint: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Largest difference between ONNX and direct computation over the training rows. */
  readonly parity: number;
  readonly trainedBy: string;
}

export interface ModelTrained extends ModelRef {
  readonly requestId: string;
  readonly lineage: ModelLineage;
}

export interface ModelRegistered extends ModelRef {
  readonly requestId: string;
  readonly inputs: readonly string[];
  /** sha256 of the ONNX file, hex. */
  readonly onnxSha256: string;
}

export interface TrainingRefused {
  readonly requestId: string;
  readonly model: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * From `positions` on (inclusive), this version scores beside the live one and decides nothing. A candidate ends with its promotion or
 * refusal; a baseline (the first model, once another decides) goes on, so that what the line of models gains can be told.
 */
export interface ModelShadowed extends ModelRef {
  readonly requestId: string;
  readonly pipeline: string;
  readonly purpose: 'candidate' | 'baseline';
  /** Event time from which it scores, epoch ms. */
  readonly atMs: EpochMs;
  readonly positions: readonly LogPosition[];
}

/** Quality of a version over the gate's rows; null where it cannot be computed. */
export interface GateQuality {
  readonly version: number;
  readonly logLoss: number | null;
  readonly calibrationError: number | null;
  readonly auc: number | null;
  readonly accuracy: number | null;
}

export const GATE_CHECKS = ['outcomes', 'log_loss', 'calibration', 'latency', 'parity'] as const;

export interface GateCheck {
  readonly name: (typeof GATE_CHECKS)[number];
  readonly passed: boolean;
  /** A sentence with its figures. */
  readonly summary: string;
}

/** What a gate saw, and said. */
export interface GateVerdict {
  readonly verdict: 'promote' | 'refuse';
  readonly checks: readonly GateCheck[];
  /** Event time of the rows compared: none of them was trained on. */
  readonly window: EventWindow;
  readonly rows: number;
  readonly live: GateQuality;
  readonly candidate: GateQuality;
  /** Candidate less live, mean log loss, with the percentile interval of the paired bootstrap; negative is better. Null without rows. */
  readonly difference: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly confidence: number;
    readonly resamples: number;
    readonly seed: number;
  } | null;
}

/** From `positions` on (inclusive), this version decides. */
export interface ModelPromoted extends ModelRef {
  readonly requestId: string;
  readonly pipeline: string;
  readonly role: 'live';
  /** Absent in records of early versions: a first model. */
  readonly cause?: 'first_model' | 'gate' | 'rollback';
  /** The version that decided before. */
  readonly replaces?: number;
  readonly gate?: GateVerdict;
  /** Event time from which it decides, epoch ms. */
  readonly atMs: EpochMs;
  readonly positions: readonly LogPosition[];
  readonly reason: string;
  readonly actor: string;
}

/** A candidate that its gate did not let through: from `positions` on it scores no more. */
export interface ModelRefused extends ModelRef {
  readonly requestId: string;
  readonly pipeline: string;
  readonly gate: GateVerdict;
  readonly atMs: EpochMs;
  readonly positions: readonly LogPosition[];
  readonly reason: string;
  readonly actor: string;
}

/** A target of a drift job whose measure has been over its limits for as many windows in a row as the job asks for. */
export interface DriftAlarm {
  /** A feature (view.name), `score`, or `outcome`. */
  readonly target: string;
  readonly method: DriftMethod;
  readonly value: number;
  readonly threshold: number;
  readonly windowsInARow: number;
  /** A sentence with its figures. */
  readonly summary: string;
}

/** Raised once for a job and window, where alarms begin in it. */
export interface DriftDetected {
  /** `job/ISO time of the window's end`: the idempotency key. */
  readonly detectionId: string;
  readonly job: string;
  readonly pipeline: string;
  readonly model: string;
  readonly version: number;
  readonly window: EventWindow;
  /** Those that begin in this window. */
  readonly alarms: readonly DriftAlarm[];
  /** Alarms that were there before and go on. */
  readonly goingOn: number;
}

/** Figures of a numeric field of one producer's events. */
export interface FieldFigures {
  readonly window: EventWindow;
  readonly values: number;
  readonly p05: number;
  readonly p50: number;
  readonly p95: number;
}

/** A field of one producer means something else than before: a finding. `throughline.field.changed` when it begins, `throughline.field.restored` when it is as before. */
export interface FieldChanged {
  /** `pipeline/subject/field/source/ISO time of the window's end`. */
  readonly findingId: string;
  readonly pipeline: string;
  readonly subject: string;
  /** JSON pointer into the event's data, such as /unitPrice. */
  readonly field: string;
  /** The producer: CloudEvents source. */
  readonly source: string;
  readonly contractVersion: number;
  readonly owner: string;
  readonly before: FieldFigures;
  readonly after: FieldFigures;
  /** Of the medians, after over before; null where that is no number. */
  readonly ratio: number | null;
  /** Features computed from this field. */
  readonly features: readonly string[];
  /** A sentence with its figures. */
  readonly summary: string;
}

export interface FieldRestored {
  readonly findingId: string;
  readonly pipeline: string;
  readonly subject: string;
  readonly field: string;
  readonly source: string;
  readonly window: EventWindow;
  readonly summary: string;
}

/** How a drift job measures. */
export const DRIFT_METHODS = [
  'psi',
  'ks',
  'null_rate',
  'new_category',
  'auc',
  'log_loss',
  'accuracy',
  'calibration_error',
] as const;
export type DriftMethod = (typeof DRIFT_METHODS)[number];

export const DRIFT_TARGETS = ['feature', 'score', 'outcome'] as const;

/** Shares by bin, for people to look at. `edges` are the inner ones: bins are (−∞, e1), [e1, e2) … [ek, ∞). */
export interface DriftDistribution {
  readonly edges: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** What a drift job measured of one target by one method over one window. Value of a record on TOPICS.drift (JSON). */
export interface DriftResultRecord {
  readonly job: string;
  readonly pipeline: string;
  readonly model: string;
  /** The version that was live at the window's end: the reference is of its training. */
  readonly version: number;
  readonly window: EventWindow;
  readonly reference: EventWindow;
  readonly targetKind: (typeof DRIFT_TARGETS)[number];
  /** A feature (view.name), `score`, or `outcome`. */
  readonly target: string;
  readonly method: DriftMethod;
  /** Values in the window and in the reference that were compared. */
  readonly rows: number;
  readonly referenceRows: number;
  readonly status: 'ok' | 'not_computable';
  /** Why it is not computable; empty where it is. */
  readonly reason: string;
  /** null where it is not computable. */
  readonly value: number | null;
  /** What the value is held against, where the reference has one (quality); null elsewhere. */
  readonly referenceValue: number | null;
  readonly pValue: number | null;
  readonly threshold: number | null;
  /** Over the threshold, with enough rows, and significant where the method says so. */
  readonly isBreach: boolean;
  readonly windowsInARow: number;
  readonly isAlarm: boolean;
  /** Of psi only. */
  readonly distribution?: DriftDistribution;
}

/**
 * What one producer sent in one numeric field in one day of event time: a mergeable sketch (DDSketch, relative accuracy as given).
 * Value of a record on TOPICS.fields (JSON).
 */
export interface FieldProfileRecord {
  readonly pipeline: string;
  readonly subject: string;
  readonly contractVersion: number;
  readonly source: string;
  /** JSON pointer into the event's data. */
  readonly field: string;
  /** Of the topic that was read. */
  readonly partition: number;
  readonly window: EventWindow;
  readonly values: number;
  /** Absent or null in a valid event. */
  readonly missing: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Relative accuracy of the quantiles, such as 0.01. */
  readonly accuracy: number;
  readonly zeros: number;
  /** Bucket index → count: values in (γ^(i−1), γ^i], γ = (1 + accuracy) / (1 − accuracy); of negative values by their magnitude. */
  readonly positive: { readonly keys: readonly number[]; readonly counts: readonly number[] };
  readonly negative: { readonly keys: readonly number[]; readonly counts: readonly number[] };
}
