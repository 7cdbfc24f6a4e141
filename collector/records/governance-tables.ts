import { TABLES } from '#core';
import { DECISION_FIELDS, INGESTED, JOURNEY_COLUMNS, journeysView, storage } from './tables.ts';

/**
 * The second step of the records' tables: what versions in shadow would have said, what drift jobs measured, and what producers sent.
 * Stored, kept and told apart as the tables of the first step are.
 */

const WIDE_TUPLE = `Tuple(${DECISION_FIELDS}, shadows Array(Tuple(version UInt32, score Float64)))`;

/*
 * A part that was written before a column was there evaluates the column's default when it is read, and an ephemeral column is not
 * there to be read: so the columns are written into the old parts first, empty, and get their defaults from the record after that.
 * Without a default expression of its own a tuple cannot be altered and stay ephemeral (ClickHouse makes it Nullable).
 */
const SHADOWS: readonly string[] = [
  `ALTER TABLE ${TABLES.decisions} ADD COLUMN IF NOT EXISTS shadow_versions Array(UInt32) DEFAULT [] CODEC(ZSTD(1)) AFTER score,
  ADD COLUMN IF NOT EXISTS shadow_scores Array(Float32) DEFAULT [] CODEC(ZSTD(1)) AFTER shadow_versions`,
  `ALTER TABLE ${TABLES.decisions} MODIFY COLUMN shadow_versions DEFAULT [], MODIFY COLUMN shadow_scores DEFAULT []`,
  `ALTER TABLE ${TABLES.decisions} UPDATE shadow_versions = shadow_versions, shadow_scores = shadow_scores WHERE true
  SETTINGS mutations_sync = 2`,
  `ALTER TABLE ${TABLES.decisions} MODIFY COLUMN record ${WIDE_TUPLE} EPHEMERAL defaultValueOfTypeName('${WIDE_TUPLE}')`,
  `ALTER TABLE ${TABLES.decisions} MODIFY COLUMN shadow_versions DEFAULT record.shadows.version,
  MODIFY COLUMN shadow_scores DEFAULT record.shadows.score`,
];

const time = (field: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.${field}) CODEC(Delta, ZSTD(1))`;
const WINDOW_TUPLE = 'Tuple(fromMs Int64, toMs Int64)';

const DRIFT_RESULTS = `CREATE TABLE IF NOT EXISTS ${TABLES.driftResults} (
  ${INGESTED},
  record Tuple(job String, pipeline String, model String, version UInt32, window ${WINDOW_TUPLE}, reference ${WINDOW_TUPLE},
    targetKind String, target String, method String, rows UInt64, referenceRows UInt64, status String, reason String,
    value Nullable(Float64), referenceValue Nullable(Float64), pValue Nullable(Float64), threshold Nullable(Float64),
    isBreach Bool, windowsInARow UInt32, isAlarm Bool,
    distribution Tuple(edges Array(Float64), reference Array(Float64), current Array(Float64))) EPHEMERAL,
  job LowCardinality(String) DEFAULT record.job,
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  model LowCardinality(String) DEFAULT record.model,
  model_version UInt32 DEFAULT record.version,
  window_from ${time('window.fromMs')},
  window_to ${time('window.toMs')},
  reference_from ${time('reference.fromMs')},
  reference_to ${time('reference.toMs')},
  target_kind LowCardinality(String) DEFAULT record.targetKind,
  target LowCardinality(String) DEFAULT record.target,
  method LowCardinality(String) DEFAULT record.method,
  rows UInt64 DEFAULT record.rows,
  reference_rows UInt64 DEFAULT record.referenceRows,
  status LowCardinality(String) DEFAULT record.status,
  reason String DEFAULT record.reason,
  value Nullable(Float64) DEFAULT record.value,
  reference_value Nullable(Float64) DEFAULT record.referenceValue,
  p_value Nullable(Float64) DEFAULT record.pValue,
  threshold Nullable(Float64) DEFAULT record.threshold,
  is_breach Bool DEFAULT record.isBreach,
  windows_in_a_row UInt32 DEFAULT record.windowsInARow,
  is_alarm Bool DEFAULT record.isAlarm,
  edges Array(Float64) DEFAULT record.distribution.edges CODEC(ZSTD(1)),
  reference_shares Array(Float64) DEFAULT record.distribution.reference CODEC(ZSTD(1)),
  shares Array(Float64) DEFAULT record.distribution.current CODEC(ZSTD(1))
) ${storage('job, window_to, target, method')}`;

const SKETCH_TUPLE = 'Tuple(keys Array(Int32), counts Array(UInt64))';

const FIELD_PROFILES = `CREATE TABLE IF NOT EXISTS ${TABLES.fieldProfiles} (
  ${INGESTED},
  record Tuple(pipeline String, subject String, contractVersion UInt32, source String, field String, partition UInt16,
    window ${WINDOW_TUPLE}, values UInt64, missing UInt64, sum Float64, min Nullable(Float64), max Nullable(Float64),
    accuracy Float64, zeros UInt64, positive ${SKETCH_TUPLE}, negative ${SKETCH_TUPLE}) EPHEMERAL,
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  subject LowCardinality(String) DEFAULT record.subject,
  contract_version UInt32 DEFAULT record.contractVersion,
  source LowCardinality(String) DEFAULT record.source,
  field LowCardinality(String) DEFAULT record.field,
  partition UInt16 DEFAULT record.partition,
  window_from ${time('window.fromMs')},
  window_to ${time('window.toMs')},
  value_count UInt64 DEFAULT record.values,
  missing_count UInt64 DEFAULT record.missing,
  value_sum Float64 DEFAULT record.sum,
  value_min Nullable(Float64) DEFAULT record.min,
  value_max Nullable(Float64) DEFAULT record.max,
  accuracy Float64 DEFAULT record.accuracy,
  zero_count UInt64 DEFAULT record.zeros,
  positive_keys Array(Int32) DEFAULT record.positive.keys CODEC(ZSTD(1)),
  positive_counts Array(UInt64) DEFAULT record.positive.counts CODEC(ZSTD(1)),
  negative_keys Array(Int32) DEFAULT record.negative.keys CODEC(ZSTD(1)),
  negative_counts Array(UInt64) DEFAULT record.negative.counts CODEC(ZSTD(1))
) ${storage('pipeline, subject, field, source, window_from')}`;

export const GOVERNANCE_STATEMENTS: readonly string[] = [
  ...SHADOWS,
  DRIFT_RESULTS,
  FIELD_PROFILES,
  journeysView([...JOURNEY_COLUMNS, 'shadow_versions', 'shadow_scores']),
];
