import { TABLES } from '#core';

/** How long spans are stored, days by their start. */
export const TRACE_TTL_DAYS = 30;

const SETTINGS = 'SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1';

/**
 * The tables of traces, as the OpenTelemetry collector's ClickHouse exporter (collector-contrib 0.161, exporter/clickhouseexporter,
 * templates `traces_*`) lays them out: columns, types, codecs, indexes and order are the same, so that a collector may write to them and
 * what reads them there reads them here. Its next release reorganises new tables (text indexes, T64, a longer order) and keeps the columns.
 * A span's own time is processing time, so a partition by it is a partition by ingest.
 */
export const TRACE_MIGRATION_STATEMENTS: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${TABLES.traces} (
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)),
    TraceState String CODEC(ZSTD(1)),
    SpanName LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration UInt64 CODEC(ZSTD(1)),
    StatusCode LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Events Nested (
      Timestamp DateTime64(9),
      Name LowCardinality(String),
      Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    Links Nested (
      TraceId String,
      SpanId String,
      TraceState String,
      Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_res_attr_key mapKeys(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_res_attr_value mapValues(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attr_key mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attr_value mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
  ) ENGINE = MergeTree
  PARTITION BY toDate(Timestamp)
  ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))
  TTL toDateTime(Timestamp) + toIntervalDay(${TRACE_TTL_DAYS})
  ${SETTINGS}`,
  `CREATE TABLE IF NOT EXISTS ${TABLES.traceTimes} (
    TraceId String CODEC(ZSTD(1)),
    Start DateTime CODEC(Delta, ZSTD(1)),
    End DateTime CODEC(Delta, ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
  ) ENGINE = MergeTree
  PARTITION BY toDate(Start)
  ORDER BY (TraceId, Start)
  TTL toDateTime(Start) + toIntervalDay(${TRACE_TTL_DAYS})
  ${SETTINGS}`,
  `CREATE MATERIALIZED VIEW IF NOT EXISTS ${TABLES.traceTimes}_mv TO ${TABLES.traceTimes} AS
  SELECT TraceId, min(Timestamp) AS Start, max(Timestamp) AS End
  FROM ${TABLES.traces}
  WHERE TraceId != ''
  GROUP BY TraceId`,
];
