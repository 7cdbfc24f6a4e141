import { TABLES } from '#core';

/**
 * The tables of the outbox's records. A record's JSON is inserted as it stands in the log, into an ephemeral tuple from which
 * the columns' defaults pick what is kept: nothing is parsed on our side, and a batch that is sent again is the same bytes.
 *
 * Partitions and retention go by ingest time: history that is replayed keeps its own event time, and must not be deleted for it.
 * `non_replicated_deduplication_window` makes a retried batch with the same token a no-op; `fsync_after_insert` makes an
 * acknowledged one survive a power cut.
 */

const RETENTION_DAYS = 400;
/** How many of the newest inserts a retry is recognised among. */
const DEDUPLICATION_WINDOW = 10_000;

export const storage = (orderBy: string): string =>
  `ENGINE = MergeTree PARTITION BY toDate(ingested) ORDER BY (${orderBy}) TTL toDateTime(ingested) + INTERVAL ${RETENTION_DAYS} DAY
  SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}, fsync_after_insert = 1, deduplicate_merge_projection_mode = 'rebuild'`;

export const INGESTED = `ingested_ms Int64 EPHEMERAL,
  ingested DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(ingested_ms) CODEC(Delta, ZSTD(1))`;
const EVENT_TUPLE = 'event Tuple(source String, id String, type String, timeMs Int64)';
const POSITION_TUPLE = 'position Tuple(topic String, partition UInt16, offset UInt64)';
const PAIR = 'Tuple(Float64, Float64)';
const MARKS = ['batchWait', 'contract', 'featureRead', 'modelQueue', 'modelCompute', 'decide'] as const;
const MARKS_TUPLE = `marks Tuple(${MARKS.map((mark) => `${mark} ${PAIR}`).join(', ')})`;

const EVENT_COLUMNS = `pipeline LowCardinality(String) DEFAULT record.pipeline,
  topic LowCardinality(String) DEFAULT record.position.topic,
  partition UInt16 DEFAULT record.position.partition CODEC(T64, ZSTD(1)),
  offset UInt64 DEFAULT record.position.offset CODEC(Delta, ZSTD(1)),
  fate LowCardinality(String) DEFAULT record.fate,
  source LowCardinality(String) DEFAULT record.event.source,
  event_id String DEFAULT record.event.id CODEC(ZSTD(1)),
  event_type LowCardinality(String) DEFAULT record.event.type,
  event_time DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.event.timeMs) CODEC(Delta, ZSTD(1)),
  entity String CODEC(ZSTD(1)),
  contract_subject LowCardinality(String) DEFAULT record.contract.subject,
  contract_version UInt32 DEFAULT record.contract.version CODEC(T64, ZSTD(1))`;

/** Ids that a person may hold, and the times that a search narrows by. */
const EVENT_INDEXES = `INDEX event_id_bloom event_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX entity_bloom entity TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX trace_id_bloom trace_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX event_time_range event_time TYPE minmax GRANULARITY 1,
  INDEX ingested_range ingested TYPE minmax GRANULARITY 1`;

/** Counts by day of event time and minute of ingest: the time line and the throughput read these, never the rows. */
const COUNTS = `PROJECTION counts (
    SELECT pipeline, toDate(event_time), toStartOfMinute(ingested), fate, count()
    GROUP BY pipeline, toDate(event_time), toStartOfMinute(ingested), fate
  )`;

/** Column names of a stage's pair of marks: `contract_from_us`, `contract_to_us`. */
function markNames(mark: string): readonly string[] {
  const name = mark.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  return [`${name}_from_us`, `${name}_to_us`];
}

function markColumns(mark: string): string {
  return markNames(mark)
    .map((name, end) => `${name} UInt64 DEFAULT toUInt64(round(record.marks.${mark}.${end + 1})) CODEC(ZSTD(1))`)
    .join(',\n  ');
}

/** Fields of the tuple that a decision's JSON goes into, as the first step of the schema has them. */
export const DECISION_FIELDS = `fate String, predictionId String, traceId String, pipeline String, ${EVENT_TUPLE}, ${POSITION_TUPLE},
    contract Tuple(subject String, version UInt32),
    features Tuple(names Array(String), values Array(Nullable(Float64)), eventTimesMs Array(Nullable(Int64)), statuses Array(String)),
    model Tuple(name String, version UInt32, role String), score Nullable(Float64), decision String,
    replay Bool, backlog Bool, appendedMs Int64, polledMs Int64, batchId String, ${MARKS_TUPLE}`;

const DECISIONS = `CREATE TABLE IF NOT EXISTS ${TABLES.decisions} (
  ${INGESTED},
  record Tuple(${DECISION_FIELDS}) EPHEMERAL,
  ${EVENT_COLUMNS},
  trace_id FixedString(16) DEFAULT unhex(record.traceId) CODEC(NONE),
  prediction_id FixedString(16) DEFAULT unhex(record.predictionId) CODEC(NONE),
  feature_set LowCardinality(String) DEFAULT arrayStringConcat(record.features.names, ','),
  feature_values Array(Nullable(Float64)) DEFAULT record.features.values CODEC(ZSTD(3)),
  feature_ages_ms Array(Nullable(Int64)) DEFAULT arrayMap(at -> record.event.timeMs - at, record.features.eventTimesMs) CODEC(ZSTD(3)),
  feature_statuses Array(Enum8('present' = 1, 'stale' = 2, 'not_found' = 3)) DEFAULT record.features.statuses CODEC(ZSTD(3)),
  model LowCardinality(String) DEFAULT record.model.name,
  model_version UInt32 DEFAULT record.model.version CODEC(T64, ZSTD(1)),
  model_role LowCardinality(String) DEFAULT record.model.role,
  score Nullable(Float32) DEFAULT record.score CODEC(ZSTD(1)),
  decision LowCardinality(String) DEFAULT record.decision,
  replay Bool DEFAULT record.replay,
  backlog Bool DEFAULT record.backlog,
  appended DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.appendedMs) CODEC(Delta, ZSTD(1)),
  polled DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.polledMs) CODEC(Delta, ZSTD(1)),
  skewed Bool DEFAULT record.polledMs < record.appendedMs,
  batch_id UInt64 DEFAULT reinterpretAsUInt64(reverse(unhex(record.batchId))) CODEC(ZSTD(1)),
  ${MARKS.map(markColumns).join(',\n  ')},
  ${EVENT_INDEXES},
  INDEX prediction_id_bloom prediction_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX polled_range polled TYPE minmax GRANULARITY 1,
  ${COUNTS}
) ${storage('pipeline, partition, offset')}`;

const RECEIPTS = `CREATE TABLE IF NOT EXISTS ${TABLES.receipts} (
  ${INGESTED},
  record Tuple(fate String, pipeline String, ${EVENT_TUPLE}, ${POSITION_TUPLE}, contract Tuple(subject String, version UInt32),
    views Array(String), reason String, detail String, duplicateOf Nullable(UInt64), traceId String, replay Bool) EPHEMERAL,
  ${EVENT_COLUMNS},
  trace_id FixedString(16) DEFAULT if(record.traceId = '',
    substring(SHA256(concat(record.event.source, '\\0', record.event.id, '\\0', '0')), 1, 16), unhex(record.traceId)) CODEC(NONE),
  view_set LowCardinality(String) DEFAULT arrayStringConcat(record.views, ','),
  reason LowCardinality(String) DEFAULT record.reason,
  detail String DEFAULT record.detail CODEC(ZSTD(3)),
  duplicate_of Nullable(UInt64) DEFAULT record.duplicateOf CODEC(ZSTD(1)),
  replay Bool DEFAULT record.replay,
  ${EVENT_INDEXES},
  ${COUNTS}
) ${storage('pipeline, partition, offset')}`;

const OUTCOMES = `CREATE TABLE IF NOT EXISTS ${TABLES.outcomes} (
  ${INGESTED},
  record Tuple(outcome String, predictionId String, pipeline String, event Tuple(source String, id String), label UInt8,
    predictedAtMs Int64, maturedAtMs Int64, settledBy Tuple(source String, id String)) EPHEMERAL,
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  outcome LowCardinality(String) DEFAULT record.outcome,
  prediction_id FixedString(16) DEFAULT unhex(record.predictionId) CODEC(NONE),
  source LowCardinality(String) DEFAULT record.event.source,
  event_id String DEFAULT record.event.id CODEC(ZSTD(1)),
  entity String CODEC(ZSTD(1)),
  label UInt8 DEFAULT record.label,
  predicted_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.predictedAtMs) CODEC(Delta, ZSTD(1)),
  matured_at DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.maturedAtMs) CODEC(Delta, ZSTD(1)),
  settled_by_source LowCardinality(String) DEFAULT record.settledBy.source,
  settled_by_id String DEFAULT record.settledBy.id CODEC(ZSTD(1)),
  INDEX event_id_bloom event_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX prediction_id_bloom prediction_id TYPE bloom_filter(0.005) GRANULARITY 1
) ${storage('pipeline, predicted_at')}`;

const BATCHES = `CREATE TABLE IF NOT EXISTS ${TABLES.batches} (
  ${INGESTED},
  record Tuple(batchId String, pipeline String, polledMs Int64, publishedMs Int64, ${MARKS_TUPLE}, publish ${PAIR},
    events UInt32, decisions UInt32, brokerWaitUs Array(Float64), endToEndUs Array(Float64), skewed UInt32) EPHEMERAL,
  pipeline LowCardinality(String) DEFAULT record.pipeline,
  batch_id UInt64 DEFAULT reinterpretAsUInt64(reverse(unhex(record.batchId))),
  polled DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.polledMs) CODEC(Delta, ZSTD(1)),
  published DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(record.publishedMs) CODEC(Delta, ZSTD(1)),
  ${MARKS.map(markColumns).join(',\n  ')},
  publish_from_us UInt64 DEFAULT toUInt64(round(record.publish.1)) CODEC(ZSTD(1)),
  publish_to_us UInt64 DEFAULT toUInt64(round(record.publish.2)) CODEC(ZSTD(1)),
  events UInt32 DEFAULT record.events,
  decisions UInt32 DEFAULT record.decisions,
  skewed UInt32 DEFAULT record.skewed,
  broker_wait_us Array(UInt64) DEFAULT arrayMap(us -> toUInt64(round(us)), record.brokerWaitUs) CODEC(ZSTD(1)),
  end_to_end_us Array(UInt64) DEFAULT arrayMap(us -> toUInt64(round(us)), record.endToEndUs) CODEC(ZSTD(1)),
  slowest_us UInt64 DEFAULT arrayMax(end_to_end_us),
  INDEX batch_id_bloom batch_id TYPE bloom_filter(0.005) GRANULARITY 1
) ${storage('pipeline, published')}`;

const CHANGES = `CREATE TABLE IF NOT EXISTS ${TABLES.changes} (
  ${INGESTED},
  change_id String,
  kind LowCardinality(String),
  subject String,
  at DateTime64(3, 'UTC'),
  recorded DateTime64(3, 'UTC'),
  actor LowCardinality(String),
  summary String,
  fact String CODEC(ZSTD(3))
) ${storage('at, change_id')}`;

export const JOURNEY_COLUMNS = [
  'ingested',
  'pipeline',
  'topic',
  'partition',
  'offset',
  'fate',
  'source',
  'event_id',
  'event_type',
  'event_time',
  'entity',
  'contract_subject',
  'contract_version',
  'trace_id',
  'prediction_id',
  'feature_set',
  'feature_values',
  'feature_ages_ms',
  'feature_statuses',
  'model',
  'model_version',
  'model_role',
  'score',
  'decision',
  'replay',
  'backlog',
  'appended',
  'polled',
  'skewed',
  'batch_id',
] as const;

/** Ids are stored as bytes, and read as the hexadecimal digits that people know. */
const shown = (column: string): string =>
  column === 'trace_id' || column === 'prediction_id' ? `lower(hex(d.${column}))` : `d.${column}`;

/** A retry after a lost acknowledgement would claim it twice, which says the same. */
const RECORD_LOGS = `CREATE TABLE IF NOT EXISTS ${TABLES.recordLogs} (log_id String, claimed DateTime DEFAULT now())
  ENGINE = ReplacingMergeTree ORDER BY log_id`;

/** What one can ask about an event that entered scoring: its decision, the rest of its batch's times, and its outcome where there is one. */
export const journeysView = (columns: readonly string[]): string => `CREATE OR REPLACE VIEW ${TABLES.journeys} AS
SELECT
  ${columns.map((column) => `${shown(column)} AS ${column}`).join(', ')},
  ${MARKS.flatMap(markNames)
    .map((column) => `d.${column} AS ${column}`)
    .join(', ')},
  b.publish_from_us AS publish_from_us,
  b.publish_to_us AS publish_to_us,
  b.published AS published,
  b.batch_id != 0 AS has_batch,
  if(b.batch_id = 0, NULL, toInt64(dateDiff('millisecond', d.appended, d.polled)) * 1000 + toInt64(b.publish_to_us)) AS end_to_end_us,
  o.outcome AS outcome,
  if(o.outcome = '', NULL, o.label) AS label,
  o.matured_at AS matured_at,
  o.settled_by_source AS settled_by_source,
  o.settled_by_id AS settled_by_id
FROM ${TABLES.decisions} AS d
ANY LEFT JOIN ${TABLES.batches} AS b ON b.batch_id = d.batch_id
ANY LEFT JOIN ${TABLES.outcomes} AS o ON o.prediction_id = d.prediction_id`;

export const RECORD_STATEMENTS: readonly string[] = [
  DECISIONS,
  RECEIPTS,
  OUTCOMES,
  BATCHES,
  CHANGES,
  RECORD_LOGS,
  journeysView(JOURNEY_COLUMNS),
];
