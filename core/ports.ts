import type { EpochMs } from './clock.ts';

/** Record headers: names to UTF-8 text. */
export type RecordHeaders = Readonly<Record<string, string>>;

/** A record as it stands in a topic. `offset` counts from 0 in each partition, without gaps. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When the log took the record, epoch ms (ingest time, never event time). */
  readonly timestampMs: EpochMs;
  readonly key: string | undefined;
  readonly headers: RecordHeaders;
  readonly value: Uint8Array;
}

/** A record to append. Without `partition` the key decides (murmur2, as in Kafka); without both, partition 0. */
export interface NewRecord {
  readonly topic: string;
  readonly key?: string;
  readonly partition?: number;
  readonly headers: RecordHeaders;
  readonly value: Uint8Array | string;
}

export interface Retention {
  /** Records older than this by ingest time may go. Absent: kept. */
  readonly maxAgeMs?: number;
  /** Oldest records go while a partition's stored values exceed this. Absent: no bound. */
  readonly maxBytes?: number;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly retention: Retention;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `start` is the first retained offset, `end` the offset that the next record will get. */
export interface PartitionBounds {
  readonly start: number;
  readonly end: number;
}

/** One key of a named store, scoped to a partition so that it moves with it; `value: undefined` deletes. */
export interface StateWrite {
  readonly store: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

export interface StateEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface GroupOffset extends TopicPartition {
  /** Offset of the next record to read. */
  readonly offset: number;
}

/** All that becomes durable together or not at all. */
export interface Commit {
  readonly records?: readonly NewRecord[];
  readonly state?: readonly StateWrite[];
  /** Consumer offsets, fenced by membership: a member that lost its generation gets BROKER_GENERATION_STALE. */
  readonly offsets?: { readonly consumer: Consumer; readonly positions: readonly GroupOffset[] };
}

/** Where each record of a commit went, in order. */
export interface CommitReceipt {
  readonly positions: readonly GroupOffset[];
}

export interface PolledBatch extends TopicPartition {
  /** In offset order; at least one. */
  readonly records: readonly LogRecord[];
}

export interface PollOptions {
  /** At most this many records over all partitions. */
  readonly maxRecords: number;
  /** How long to wait for a first record; 0 answers at once. */
  readonly maxWaitMs: number;
  readonly signal: AbortSignal;
}

/** A member of a consumer group. */
export interface Consumer {
  readonly group: string;
  readonly memberId: string;
  assignment(): readonly TopicPartition[];
  /** Next records of the assigned, unpaused partitions, taking turns among them; empty after maxWaitMs or abort. */
  poll(options: PollOptions): Promise<readonly PolledBatch[]>;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Next poll of the partition starts at this offset. */
  seek(position: GroupOffset): void;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Where to start without a committed offset. */
  readonly from: 'start' | 'end';
  /** Called with what was gained, before any of it is polled. */
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => void;
  /** Called with what was lost; work in flight for it must be abandoned, its commit would be refused. */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void;
}

export interface ReadOptions extends TopicPartition {
  readonly from: number;
  /** Exclusive; default: the end when the read begins. */
  readonly to?: number;
}

export interface GroupLag extends TopicPartition {
  readonly committed: number | undefined;
  readonly end: number;
  /** Records between the committed offset (or the start) and the end. */
  readonly lagRecords: number;
}

/** The event log: topics, partitions, groups, transactions, keyed state. Embedded on LMDB, or Kafka. */
export interface EventLog {
  /** Creates the topic, or checks that it is there with the same number of partitions (BROKER_TOPIC_MISMATCH). */
  createTopic(spec: TopicSpec): Promise<void>;
  listTopics(): Promise<readonly TopicSpec[]>;
  bounds(at: TopicPartition): Promise<PartitionBounds>;
  /**
   * Resolves when everything in the commit is durable. Commits become visible in the order of the calls; when one fails on its way
   * to the disk, those called after it fail too. One that is refused (a lost partition, a full queue) rejects at once and leaves
   * the next to its caller, who must not commit on top of what was refused.
   */
  commit(commit: Commit): Promise<CommitReceipt>;
  join(options: ConsumerOptions): Promise<Consumer>;
  committed(group: string, topic: string): Promise<readonly GroupOffset[]>;
  lag(group: string, topic: string): Promise<readonly GroupLag[]>;
  /** How many members the group has just now; 0 where nobody is in it, or ever was. */
  describeGroup(group: string): Promise<{ readonly members: number }>;
  /** Records without a group, for any number of readers; skips what retention removed. */
  read(options: ReadOptions): AsyncIterable<LogRecord>;
  /** Every entry of a store's partition, by key order; for restoring memory at start or after an assignment. */
  readState(store: string, partition: number): AsyncIterable<StateEntry>;
  /** Removes what retention allows; the caller's clock decides how old things are. Returns records removed. */
  sweep(nowMs: EpochMs): Promise<number>;
  close(): Promise<void>;
}

/** Scores rows with a model artefact, in a thread of its own. */
export interface ModelRunner {
  /** Makes a version ready. Throws MODEL_* with a sentence when its inputs or outputs do not fit. */
  load(model: ModelArtifact): Promise<void>;
  /** Probability of the positive class for each row; `rows` is row-major, rowCount × inputs, missing values NaN. */
  score(request: ScoreRequest): Promise<ScoreResult>;
  unload(model: ModelRef): Promise<void>;
  close(): Promise<void>;
}

export interface ModelRef {
  readonly name: string;
  readonly version: number;
}

export interface ModelArtifact extends ModelRef {
  readonly onnx: Uint8Array;
  /** How many columns a row has. */
  readonly inputs: number;
}

export interface ScoreRequest extends ModelRef {
  readonly rows: Float32Array;
  readonly rowCount: number;
}

export interface ScoreResult {
  readonly scores: Float32Array;
  /** When the computation itself began and ended, µs on the process's monotonic clock (Clock.monotonicUs); before it, the request queued. */
  readonly computeFromUs: number;
  readonly computeToUs: number;
}

/** A value that may stand for a parameter `{name:Type}` of a statement. */
export type SqlValue = string | number | bigint | boolean | null | readonly SqlValue[];

export interface QueryOptions {
  readonly params?: Readonly<Record<string, SqlValue>>;
  /** Limit of execution time, seconds; default 10. */
  readonly maxSeconds?: number;
  /** Limit of memory, bytes; default 1 GiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Rows as bytes, a line each: JSON arrays of the columns (ClickHouse's JSONCompactEachRow). */
export interface InsertRows {
  readonly table: string;
  readonly columns: readonly string[];
  /** In order; each part ends with the end of a line. Not to be changed until the insert has ended. */
  readonly lines: readonly Uint8Array[];
  /** How many lines there are: compared with what the store says it took. */
  readonly rowCount: number;
  /** The same token with the same bytes is stored once. */
  readonly token: string;
  readonly signal?: AbortSignal;
}

/** The telemetry store: ClickHouse, embedded or a server. Throws CLICKHOUSE_*; those that are retryable say so. */
export interface Database {
  /** Rows as objects. Int64 and UInt64 come as text unless the statement casts them: cast what fits a double with toFloat64(). */
  query<Row>(sql: string, options?: QueryOptions): Promise<readonly Row[]>;
  /** Resolves when the rows are stored. */
  insert(rows: InsertRows): Promise<void>;
  /** A statement without a result: DDL. */
  command(sql: string, options?: QueryOptions): Promise<void>;
}
