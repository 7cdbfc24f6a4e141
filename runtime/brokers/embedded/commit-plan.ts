import { type Commit, type GroupOffset, type NewRecord, partitionOf, type StateWrite } from '#core';
import { brokerError } from '../errors.ts';
import type { Write } from './environment.ts';
import { encodeFrame, type FrameRecord, valueLength } from './frame.ts';
import { encodeBatchKey, statePrefix } from './keys.ts';
import { type EmbeddedLogLimits, FRAME_BYTES, MAX_FRAME_RECORDS, MAX_KEY_BYTES } from './limits.ts';
import type { PartitionState, TopicTable } from './topic-table.ts';

/** A commit whose every part was found in order; nothing has changed yet. */
export interface CheckedCommit {
  readonly appends: readonly Append[];
  /** Partition of each record, in the order of the commit. */
  readonly targets: readonly PartitionState[];
  readonly stateWrites: readonly Write[];
  readonly bytes: number;
}

/** What a commit adds to one partition. */
interface Append {
  readonly partition: PartitionState;
  readonly records: FrameRecord[];
  /** Bytes of each record's value. */
  readonly valueBytes: number[];
}

/** The appended part of a commit, with its offsets taken. */
export interface PlannedAppends {
  readonly writes: readonly Write[];
  readonly positions: readonly GroupOffset[];
  /** Where each partition ends once this is durable. */
  readonly ends: readonly (readonly [partition: PartitionState, end: number])[];
}

const NAME = /^[^\p{C}]{1,200}$/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Checks and sorts a commit's records and state. Throws BROKER_TOPIC_MISSING, BROKER_*_TOO_LARGE, BROKER_KEY_* and BROKER_NAME_INVALID. */
export function checkCommit(commit: Commit, topics: TopicTable, limits: EmbeddedLogLimits): CheckedCommit {
  const records = commit.records ?? [];
  const state = commit.state ?? [];
  checkCount('records', records.length, limits);
  checkCount('state writes', state.length, limits);
  const appends = new Map<PartitionState, Append>();
  const targets: PartitionState[] = [];
  let bytes = 0;
  for (const record of records) {
    const partition = partitionFor(record, topics);
    const append = appendTo(appends, partition);
    const valueBytes = checkValue(record, limits);
    append.records.push(record);
    append.valueBytes.push(valueBytes);
    targets.push(partition);
    bytes += valueBytes;
  }
  const prefixes = new Map<string, Uint8Array>();
  const stateWrites = state.map((write) => toStateWrite(write, prefixes));
  for (const { value } of stateWrites) bytes += value?.length ?? 0;
  if (bytes > limits.maxCommitBytes) {
    throw brokerError(
      'BROKER_COMMIT_TOO_LARGE',
      `A commit of ${bytes} bytes is more than one transaction takes (${limits.maxCommitBytes}). Split it.`,
    );
  }
  return { appends: [...appends.values()], targets, stateWrites, bytes };
}

/** Takes offsets for the records of a checked commit and encodes them; from here on it must be written. */
export function planAppends(checked: CheckedCommit, timestampMs: number): PlannedAppends {
  const nextOffsets = new Map<PartitionState, number>();
  for (const { partition } of checked.appends) nextOffsets.set(partition, partition.next);
  const positions = checked.targets.map((partition) => {
    const offset = nextOffsets.get(partition) ?? 0;
    nextOffsets.set(partition, offset + 1);
    return { topic: partition.topic.name, partition: partition.partition, offset };
  });
  const writes = checked.appends.flatMap((append) => encodeAppend(append, timestampMs));
  return { writes, positions, ends: checked.appends.map(({ partition }) => [partition, partition.next]) };
}

function encodeAppend({ partition, records, valueBytes }: Append, timestampMs: number): Write[] {
  const writes: Write[] = [];
  let first = 0;
  let bytes = 0;
  for (const [index, length] of valueBytes.entries()) {
    bytes += length;
    const count = index + 1 - first;
    if (index + 1 < records.length && count < MAX_FRAME_RECORDS && bytes < FRAME_BYTES) continue;
    partition.next += count;
    partition.totalBytes += bytes;
    const last = partition.next - 1;
    const { totalBytes } = partition;
    const key = encodeBatchKey({
      topic: partition.topic.number,
      partition: partition.partition,
      last,
      count,
      bytes,
      totalBytes,
      timestampMs,
    });
    writes.push({ database: 'log', key, value: encodeFrame(records.slice(first, index + 1)) });
    first = index + 1;
    bytes = 0;
  }
  return writes;
}

/** Throws BROKER_NAME_INVALID for what cannot name a group or a store. */
export function checkName(kind: 'group' | 'store', name: string): void {
  if (NAME.test(name)) return;
  throw brokerError('BROKER_NAME_INVALID', `'${name}' cannot name a ${kind}: use 1 to 200 characters, no control characters.`);
}

function checkCount(what: string, count: number, limits: EmbeddedLogLimits): void {
  if (count <= limits.maxRecordsPerCommit) return;
  throw brokerError(
    'BROKER_COMMIT_TOO_LARGE',
    `A commit of ${count} ${what} is more than one transaction takes (${limits.maxRecordsPerCommit}). Split it.`,
  );
}

function partitionFor(record: NewRecord, topics: TopicTable): PartitionState {
  const { topic, key, partition } = record;
  if (partition !== undefined) return topics.partition({ topic, partition });
  const keyed = key === undefined ? 0 : partitionOf(key, topics.get(topic).partitions.length);
  return topics.partition({ topic, partition: keyed });
}

function appendTo(appends: Map<PartitionState, Append>, partition: PartitionState): Append {
  const known = appends.get(partition);
  if (known !== undefined) return known;
  const append: Append = { partition, records: [], valueBytes: [] };
  appends.set(partition, append);
  return append;
}

/** Bytes of a record's value. */
function checkValue(record: NewRecord, limits: EmbeddedLogLimits): number {
  const bytes = valueLength(record.value);
  if (bytes <= limits.maxRecordBytes) return bytes;
  throw brokerError(
    'BROKER_RECORD_TOO_LARGE',
    `A record of ${bytes} bytes for topic '${record.topic}' is larger than the log takes (${limits.maxRecordBytes}). Store large content elsewhere and send its address.`,
    { details: { topic: record.topic } },
  );
}

/** Copies the value: the caller may use its buffer again as soon as commit() has returned. */
function toStateWrite(write: StateWrite, prefixes: Map<string, Uint8Array>): Write {
  const { store, partition, key } = write;
  const prefix = prefixOf(write, prefixes);
  if (LONE_SURROGATE.test(key)) {
    throw brokerError(
      'BROKER_KEY_INVALID',
      `A key of store '${store}' is not well-formed Unicode (it holds half of a surrogate pair). Use valid text.`,
    );
  }
  const bytes = Buffer.concat([prefix, Buffer.from(key)]);
  if (bytes.length > MAX_KEY_BYTES) {
    throw brokerError(
      'BROKER_KEY_TOO_LONG',
      `A key of ${bytes.length} bytes (with the store's name '${store}') is longer than the log takes (${MAX_KEY_BYTES}). Use a hash of it as the key.`,
      { details: { store, partition } },
    );
  }
  return { database: 'state', key: bytes, value: write.value === undefined ? undefined : Uint8Array.from(write.value) };
}

/** Most of a commit's writes go to few stores: each is checked and encoded once. */
function prefixOf({ store, partition }: StateWrite, prefixes: Map<string, Uint8Array>): Uint8Array {
  const id = `${partition} ${store}`;
  const known = prefixes.get(id);
  if (known !== undefined) return known;
  checkStatePartition(store, partition);
  const prefix = statePrefix(store, partition);
  prefixes.set(id, prefix);
  return prefix;
}

/** Throws BROKER_NAME_INVALID, BROKER_TOPIC_MISSING for a partition number that no topic can have. */
export function checkStatePartition(store: string, partition: number): void {
  checkName('store', store);
  if (Number.isInteger(partition) && partition >= 0 && partition < 65_535) return;
  throw brokerError('BROKER_TOPIC_MISSING', `Store '${store}' cannot have a partition ${partition}: use 0 to 65534.`);
}
