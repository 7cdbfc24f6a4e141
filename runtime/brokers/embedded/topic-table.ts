import type { Retention, TopicPartition, TopicSpec } from '#core';
import { brokerError } from '../errors.ts';
import type { Databases, Write } from './environment.ts';
import { batchPrefix, parseBatchKey, viewOf } from './keys.ts';
import { MAX_PARTITIONS, MAX_TOPICS } from './limits.ts';

/** A partition as memory knows it. */
export interface PartitionState {
  readonly topic: TopicState;
  readonly partition: number;
  /** First retained offset. */
  start: number;
  /** Offset after the last durable record: what readers may see. */
  end: number;
  /** Offset of the next record to append; ahead of `end` while commits are under way. */
  next: number;
  /** Bytes of all values ever appended, those under way included. */
  totalBytes: number;
}

export interface TopicState {
  readonly name: string;
  /** What stands for the topic in keys; never used again, even after the topic is gone. */
  readonly number: number;
  retention: Retention;
  readonly partitions: readonly PartitionState[];
}

interface StoredTopic {
  readonly number: number;
  readonly partitions: number;
  readonly retention: Retention;
}

/** What Kafka takes as a topic's name, so that a workspace moves to it unchanged. */
const TOPIC_NAME = /^[A-Za-z0-9._-]{1,249}$/u;

/** The topics of a log and where their partitions stand; restored from batch keys alone, two seeks a partition. */
export class TopicTable {
  readonly #topics = new Map<string, TopicState>();
  readonly #byNumber = new Map<number, TopicState>();

  /** Reads every topic of the environment. */
  static load(databases: Databases): TopicTable {
    const table = new TopicTable();
    for (const { key, value } of databases.topics.getRange({})) {
      const topic = table.#add(viewOf(key).toString(), parseTopic(value));
      for (const partition of topic.partitions) restore(partition, databases);
    }
    return table;
  }

  /** Topics in the order of their names. */
  list(): readonly TopicState[] {
    return [...this.#topics.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws BROKER_TOPIC_MISSING. */
  get(name: string): TopicState {
    const topic = this.#topics.get(name);
    if (topic !== undefined) return topic;
    const known = this.list().map((other) => other.name);
    throw brokerError(
      'BROKER_TOPIC_MISSING',
      `There is no topic '${name}'. Create it first; there ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}.`,
      { details: { topic: name } },
    );
  }

  /** Throws BROKER_TOPIC_MISSING for an unknown topic or partition. */
  partition(at: TopicPartition): PartitionState {
    const topic = this.get(at.topic);
    const partition = topic.partitions[at.partition];
    if (partition !== undefined) return partition;
    throw brokerError(
      'BROKER_TOPIC_MISSING',
      `Topic '${at.topic}' has no partition ${at.partition}; it has 0 to ${topic.partitions.length - 1}.`,
      { details: { topic: at.topic, partition: at.partition } },
    );
  }

  /** A partition by the numbers in a key; undefined when its topic is not known. */
  findByNumber(topic: number, partition: number): PartitionState | undefined {
    return this.#byNumber.get(topic)?.partitions[partition];
  }

  /** Takes a topic into the table at once; the write makes it durable. Undefined: nothing to write. */
  declare(spec: TopicSpec): Write | undefined {
    const known = this.#topics.get(spec.name);
    if (known === undefined) checkNewTopic(spec, this.#topics.size);
    else if (known.partitions.length !== spec.partitions) throw mismatch(known, spec);
    else if (isSameRetention(known.retention, spec.retention)) return undefined;
    const number = known?.number ?? Math.max(0, ...this.#byNumber.keys()) + 1;
    const stored: StoredTopic = { number, partitions: spec.partitions, retention: spec.retention };
    if (known === undefined) this.#add(spec.name, stored);
    else known.retention = spec.retention;
    return { database: 'topics', key: Buffer.from(spec.name), value: Buffer.from(JSON.stringify(stored)) };
  }

  #add(name: string, stored: StoredTopic): TopicState {
    const partitions: PartitionState[] = [];
    const topic: TopicState = { name, number: stored.number, retention: stored.retention, partitions };
    for (let partition = 0; partition < stored.partitions; partition++) {
      partitions.push({ topic, partition, start: 0, end: 0, next: 0, totalBytes: 0 });
    }
    this.#topics.set(name, topic);
    this.#byNumber.set(topic.number, topic);
    return topic;
  }
}

function parseTopic(value: Uint8Array): StoredTopic {
  return JSON.parse(viewOf(value).toString()) as StoredTopic;
}

/** Sets the bounds from the first and the last batch; retention never removes the last. */
function restore(partition: PartitionState, databases: Databases): void {
  const at = { topic: partition.topic.number, partition: partition.partition };
  const [low, high] = [batchPrefix(at, 0), batchPrefix(at, 2 ** 48 - 1)];
  for (const key of databases.log.getKeys({ start: low, end: high, limit: 1 })) {
    const first = parseBatchKey(key);
    partition.start = first.last - first.count + 1;
  }
  for (const key of databases.log.getKeys({ start: high, end: low, limit: 1, reverse: true })) {
    const newest = parseBatchKey(key);
    partition.end = newest.last + 1;
    partition.next = partition.end;
    partition.totalBytes = newest.totalBytes;
  }
}

function checkNewTopic(spec: TopicSpec, topics: number): void {
  if (!TOPIC_NAME.test(spec.name)) {
    throw brokerError(
      'BROKER_NAME_INVALID',
      `'${spec.name}' cannot name a topic: use 1 to 249 letters, digits, dots, dashes and underscores.`,
    );
  }
  const { partitions } = spec;
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS || topics >= MAX_TOPICS) {
    throw brokerError(
      'BROKER_TOPIC_MISMATCH',
      `Topic '${spec.name}' cannot have ${partitions} partitions: a topic has 1 to ${MAX_PARTITIONS}, a log up to ${MAX_TOPICS} topics.`,
    );
  }
}

function mismatch(known: TopicState, spec: TopicSpec): Error {
  return brokerError(
    'BROKER_TOPIC_MISMATCH',
    `Topic '${spec.name}' has ${known.partitions.length} partitions, not ${spec.partitions}; keys would move. Use the number it has, or another topic.`,
    { details: { topic: spec.name } },
  );
}

function isSameRetention(a: Retention, b: Retention): boolean {
  return a.maxAgeMs === b.maxAgeMs && a.maxBytes === b.maxBytes;
}
