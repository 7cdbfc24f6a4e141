import type { ContractRef, EpochMs, EventRef, Fate, FeatureStatus, LogPosition, MarkPair, ModelRef, RecordedEvent } from '#core';

/** The stages that a batch's marks measure, as their columns name them; in the order an event meets them. */
const MARK_STAGES = ['batch_wait', 'contract', 'feature_read', 'model_queue', 'model_compute', 'decide'] as const;
export type MarkStage = (typeof MARK_STAGES)[number];
/** µs after the poll returned, by stage. */
export type StoredMarks = Readonly<Record<MarkStage, MarkPair>>;

/** What every row of an event holds, whatever became of it. */
export interface StoredRecord {
  readonly pipeline: string;
  readonly position: LogPosition;
  readonly fate: Fate;
  readonly event: RecordedEvent;
  /** The entity or its pseudonym; empty where there is none. */
  readonly entity: string;
  /** undefined where no contract was found for it. */
  readonly contract: ContractRef | undefined;
  readonly traceId: string;
  readonly replay: boolean;
}

/** A row of the decisions table. */
export interface StoredDecision extends StoredRecord {
  readonly fate: 'scored' | 'collecting';
  readonly predictionId: string;
  readonly features: readonly StoredFeature[];
  readonly model: (ModelRef & { readonly role: string }) | undefined;
  readonly score: number | undefined;
  readonly decision: string | undefined;
  readonly backlog: boolean;
  readonly skewed: boolean;
  readonly appendedMs: EpochMs;
  readonly polledMs: EpochMs;
  readonly batchId: string;
  readonly marks: StoredMarks;
}

export interface StoredFeature {
  /** view.name */
  readonly name: string;
  readonly value: number | null;
  readonly status: FeatureStatus;
  /** The scored event's time minus that of the newest event behind the value. */
  readonly ageMs: number | null;
}

/** A row of the receipts table. */
export interface StoredReceipt extends StoredRecord {
  readonly fate: Exclude<Fate, 'scored' | 'collecting'>;
  readonly views: readonly string[];
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  readonly duplicateOf: number | undefined;
}

/** A row of the outcomes table. */
export interface StoredOutcome {
  readonly outcome: string;
  readonly predictionId: string;
  readonly label: 0 | 1;
  readonly maturedMs: EpochMs;
  readonly settledBy: EventRef | undefined;
}

/** A row of the batches table. */
export interface StoredBatch {
  readonly batchId: string;
  readonly publishedMs: EpochMs;
  /** µs after the poll returned. */
  readonly publish: MarkPair;
}

/** Epoch ms of a DateTime64(3) column, as a number. */
export const msOf = (column: string): string => `toFloat64(toUnixTimestamp64Milli(${column}))`;

/*
 * Aliases never repeat a column's name: in ClickHouse they would stand for it in WHERE and ORDER BY as well, and hide it from the
 * indexes.
 */
export const RECORD_SELECT = `pipeline, topic, partition, toFloat64(offset) AS at_offset, fate, source, event_id, event_type,
  ${msOf('event_time')} AS event_ms, entity, contract_subject, contract_version, lower(hex(trace_id)) AS trace, replay`;

const marksSelect = MARK_STAGES.map((stage) => `toFloat64(${stage}_from_us), toFloat64(${stage}_to_us)`).join(', ');

export const DECISION_SELECT = `${RECORD_SELECT}, lower(hex(prediction_id)) AS prediction, feature_set, feature_values,
  arrayMap(age -> toFloat64(age), feature_ages_ms) AS ages, feature_statuses, model, model_version, model_role, score, decision,
  backlog, skewed, ${msOf('appended')} AS appended_at, ${msOf('polled')} AS polled_at, toString(batch_id) AS batch,
  [${marksSelect}] AS marks`;

export const RECEIPT_SELECT = `${RECORD_SELECT}, view_set, reason, detail, toFloat64(duplicate_of) AS duplicate_offset`;

export const OUTCOME_SELECT = `outcome, lower(hex(prediction_id)) AS prediction, label, ${msOf('matured_at')} AS matured_ms,
  settled_by_source, settled_by_id`;

export const BATCH_SELECT = `toString(batch_id) AS batch, ${msOf('published')} AS published_ms,
  toFloat64(publish_from_us) AS publish_from, toFloat64(publish_to_us) AS publish_to`;

/** Rows as the statements give them. */
export interface RecordRow {
  readonly pipeline: string;
  readonly topic: string;
  readonly partition: number;
  readonly at_offset: number;
  readonly fate: Fate;
  readonly source: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly event_ms: number;
  readonly entity: string;
  readonly contract_subject: string;
  readonly contract_version: number;
  readonly trace: string;
  readonly replay: boolean;
}

export interface DecisionRow extends RecordRow {
  readonly fate: StoredDecision['fate'];
  readonly prediction: string;
  readonly feature_set: string;
  readonly feature_values: readonly (number | null)[];
  readonly ages: readonly (number | null)[];
  readonly feature_statuses: readonly FeatureStatus[];
  readonly model: string;
  readonly model_version: number;
  readonly model_role: string;
  readonly score: number | null;
  readonly decision: string;
  readonly backlog: boolean;
  readonly skewed: boolean;
  readonly appended_at: number;
  readonly polled_at: number;
  readonly batch: string;
  readonly marks: readonly number[];
}

export interface ReceiptRow extends RecordRow {
  readonly fate: StoredReceipt['fate'];
  readonly view_set: string;
  readonly reason: string;
  readonly detail: string;
  readonly duplicate_offset: number | null;
}

export interface OutcomeRow {
  readonly outcome: string;
  readonly prediction: string;
  readonly label: 0 | 1;
  readonly matured_ms: number;
  readonly settled_by_source: string;
  readonly settled_by_id: string;
}

export interface BatchRow {
  readonly batch: string;
  readonly published_ms: number;
  readonly publish_from: number;
  readonly publish_to: number;
}

export function recordOf(row: RecordRow): StoredRecord {
  return {
    pipeline: row.pipeline,
    position: { topic: row.topic, partition: row.partition, offset: row.at_offset },
    fate: row.fate,
    event: { source: row.source, id: row.event_id, type: row.event_type, timeMs: row.event_ms },
    entity: row.entity,
    contract: row.contract_version === 0 ? undefined : { subject: row.contract_subject, version: row.contract_version },
    traceId: row.trace,
    replay: row.replay,
  };
}

function featuresOf(row: DecisionRow): readonly StoredFeature[] {
  const names = row.feature_set === '' ? [] : row.feature_set.split(',');
  return names.map((name, index) => ({
    name,
    value: row.feature_values[index] ?? null,
    status: row.feature_statuses[index] ?? 'not_found',
    ageMs: row.ages[index] ?? null,
  }));
}

function marksOf(marks: readonly number[]): StoredMarks {
  const pairs = MARK_STAGES.map((stage, index) => [stage, [marks[index * 2] ?? 0, marks[index * 2 + 1] ?? 0]] as const);
  return Object.fromEntries(pairs) as unknown as StoredMarks;
}

export function decisionOf(row: DecisionRow): StoredDecision {
  return {
    ...recordOf(row),
    fate: row.fate,
    predictionId: row.prediction,
    features: featuresOf(row),
    model: row.model === '' ? undefined : { name: row.model, version: row.model_version, role: row.model_role },
    score: row.score ?? undefined,
    decision: row.decision === '' ? undefined : row.decision,
    backlog: row.backlog,
    skewed: row.skewed,
    appendedMs: row.appended_at,
    polledMs: row.polled_at,
    batchId: row.batch,
    marks: marksOf(row.marks),
  };
}

export function receiptOf(row: ReceiptRow): StoredReceipt {
  return {
    ...recordOf(row),
    fate: row.fate,
    views: row.view_set === '' ? [] : row.view_set.split(','),
    reason: row.reason === '' ? undefined : row.reason,
    detail: row.detail === '' ? undefined : row.detail,
    duplicateOf: row.duplicate_offset ?? undefined,
  };
}

export function outcomeOf(row: OutcomeRow): StoredOutcome {
  return {
    outcome: row.outcome,
    predictionId: row.prediction,
    label: row.label,
    maturedMs: row.matured_ms,
    settledBy: row.settled_by_id === '' ? undefined : { source: row.settled_by_source, id: row.settled_by_id },
  };
}

export function batchOf(row: BatchRow): StoredBatch {
  return { batchId: row.batch, publishedMs: row.published_ms, publish: [row.publish_from, row.publish_to] };
}
