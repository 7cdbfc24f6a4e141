import { TABLES } from '#core';
import { INGESTED, storage } from './tables.ts';

/** The third step of the records' tables: where consumer groups stand, what failed, and which alerts fired. */

const POSITION_TUPLE = 'position Tuple(topic String, partition UInt16, offset UInt64)';
const time = (field: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.${field}) CODEC(Delta, ZSTD(1))`;

const GROUP_SAMPLES = `CREATE TABLE IF NOT EXISTS ${TABLES.groupSamples} (
  ${INGESTED},
  record Tuple(atMs Int64, group String, topic String, partition UInt16, members UInt32, committed Nullable(UInt64), end UInt64,
    lagRecords UInt64, lagMs UInt64) EPHEMERAL,
  at ${time('atMs')},
  consumer_group LowCardinality(String) DEFAULT record.group,
  topic LowCardinality(String) DEFAULT record.topic,
  partition UInt16 DEFAULT record.partition CODEC(T64, ZSTD(1)),
  members UInt32 DEFAULT record.members CODEC(T64, ZSTD(1)),
  committed_offset Nullable(UInt64) DEFAULT record.committed CODEC(ZSTD(1)),
  end_offset UInt64 DEFAULT record.end CODEC(Delta, ZSTD(1)),
  lag_records UInt64 DEFAULT record.lagRecords CODEC(T64, ZSTD(1)),
  lag_ms UInt64 DEFAULT record.lagMs CODEC(T64, ZSTD(1))
) ${storage('consumer_group, topic, partition, at')}`;

const FAILURES = `CREATE TABLE IF NOT EXISTS ${TABLES.failures} (
  ${INGESTED},
  record Tuple(atMs Int64, pipeline String, group String, stage String, ${POSITION_TUPLE},
    event Tuple(source String, id String, type String), errorCode String, message String, attempt UInt32, isStopped Bool) EPHEMERAL,
  at ${time('atMs')},
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  consumer_group LowCardinality(String) DEFAULT record.group,
  stage LowCardinality(String) DEFAULT record.stage,
  topic LowCardinality(String) DEFAULT record.position.topic,
  partition UInt16 DEFAULT record.position.partition,
  offset UInt64 DEFAULT record.position.offset,
  source LowCardinality(String) DEFAULT record.event.source,
  event_id String DEFAULT record.event.id,
  event_type LowCardinality(String) DEFAULT record.event.type,
  error_code LowCardinality(String) DEFAULT record.errorCode,
  message String DEFAULT record.message CODEC(ZSTD(3)),
  attempt UInt32 DEFAULT record.attempt,
  is_stopped Bool DEFAULT record.isStopped
) ${storage('pipeline, at')}`;

const ALERT_EVENTS = `CREATE TABLE IF NOT EXISTS ${TABLES.alertEvents} (
  ${INGESTED},
  record Tuple(atMs Int64, alert String, ruleId String, fingerprint String, state String, startsAtMs Int64, severity String,
    pipeline String, labels Map(String, String), value Nullable(Float64), summary String) EPHEMERAL,
  at ${time('atMs')},
  alert LowCardinality(String) DEFAULT record.alert,
  rule_id LowCardinality(String) DEFAULT record.ruleId,
  fingerprint String DEFAULT record.fingerprint,
  state LowCardinality(String) DEFAULT record.state,
  starts_at ${time('startsAtMs')},
  severity LowCardinality(String) DEFAULT record.severity,
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  labels Map(LowCardinality(String), String) DEFAULT record.labels,
  value Nullable(Float64) DEFAULT record.value,
  summary String DEFAULT record.summary CODEC(ZSTD(3))
) ${storage('at, alert')}`;

export const OPERATIONS_STATEMENTS: readonly string[] = [GROUP_SAMPLES, FAILURES, ALERT_EVENTS];
