import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Clock,
  Commit,
  CommitReceipt,
  Consumer,
  ConsumerOptions,
  EventLog,
  GroupLag,
  GroupOffset,
  LogRecord,
  PartitionBounds,
  ReadOptions,
  StateEntry,
  TopicPartition,
  TopicSpec,
} from '#core';
import { brokerError } from '../errors.ts';
import { readBatches } from './batch-reader.ts';
import { checkCommit, checkName, checkStatePartition, planAppends } from './commit-plan.ts';
import { type Environment, openEnvironment, type Write } from './environment.ts';
import { GroupTable } from './group.ts';
import { encodeOffset, encodeOffsetKey, statePrefix, viewOf } from './keys.ts';
import { DEFAULT_LIMITS, type EmbeddedLogLimits } from './limits.ts';
import { OffsetTable } from './offset-table.ts';
import { sweepPartition } from './retention.ts';
import { type PartitionState, TopicTable } from './topic-table.ts';
import { WriteQueue } from './write-queue.ts';

export interface EmbeddedLogOptions {
  /** Made where it is missing; on a local disk. One process owns it at a time. */
  readonly folder: string;
  /** Begin anew: once the folder is ours, what an earlier log left in it is removed first. Default: false. */
  readonly fresh?: boolean;
  /** Gives records their ingest time. */
  readonly clock: Clock;
  readonly limits?: Partial<EmbeddedLogLimits>;
}

const READ_RECORDS = 1024;
const READ_ENTRIES = 1000;

/**
 * Opens the event log in a folder: the EventLog port on LMDB, for one process. Throws BROKER_FOLDER_IN_USE,
 * BROKER_FOLDER_UNUSABLE, BROKER_FOLDER_CORRUPT, BROKER_FORMAT_UNKNOWN.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EventLog> {
  const environment = await openEnvironment(resolve(options.folder), options.fresh ?? false);
  try {
    return new EmbeddedLog(environment, options);
  } catch (error) {
    await environment.close();
    throw error;
  }
}

/**
 * Order, durability, visibility: a commit is checked, gets its offsets and is encoded while commit() is called; then it
 * waits its turn for the disk. Readers see it, `bounds` moves and commit() resolves once it is durable, in call order.
 */
class EmbeddedLog implements EventLog {
  readonly #environment: Environment;
  readonly #clock: Clock;
  readonly #limits: EmbeddedLogLimits;
  readonly #queue: WriteQueue;
  readonly #topics: TopicTable;
  readonly #offsets: OffsetTable;
  readonly #groups: GroupTable;
  #closing: Promise<void> | undefined;

  constructor(environment: Environment, options: EmbeddedLogOptions) {
    this.#environment = environment;
    this.#clock = options.clock;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#queue = new WriteQueue(environment, this.#limits.maxQueuedBytes);
    this.#topics = TopicTable.load(environment.databases);
    this.#offsets = OffsetTable.load(environment.databases, this.#topics);
    const source = {
      log: environment.databases.log,
      findPartition: (at: TopicPartition) => this.#topics.partition(at),
      isOpen: () => this.#isOpen(),
    };
    this.#groups = new GroupTable({ topics: this.#topics, offsets: this.#offsets, source });
  }

  async createTopic(spec: TopicSpec): Promise<void> {
    this.#checkOpen();
    this.#queue.checkRoom(0);
    const write = this.#topics.declare(spec);
    // Known already: it may be another caller's that is not durable yet.
    if (write === undefined) await this.#queue.settled();
    else await this.#queue.enqueue({ writes: [write], bytes: 0, onDurable: () => undefined });
    this.#queue.checkHealthy();
  }

  async listTopics(): Promise<readonly TopicSpec[]> {
    this.#checkOpen();
    return this.#topics.list().map(({ name, partitions, retention }) => ({ name, partitions: partitions.length, retention }));
  }

  async bounds(at: TopicPartition): Promise<PartitionBounds> {
    this.#checkOpen();
    const { start, end } = this.#topics.partition(at);
    return { start, end };
  }

  async commit(commit: Commit): Promise<CommitReceipt> {
    this.#checkOpen();
    const checked = checkCommit(commit, this.#topics, this.#limits);
    const owned =
      commit.offsets === undefined ? [] : this.#groups.checkOwnership(commit.offsets.consumer, commit.offsets.positions);
    const positions = commit.offsets?.positions ?? [];
    for (const position of positions) checkOffset(position);
    this.#queue.checkRoom(checked.bytes);
    // Nothing above has changed anything; from here on nothing may throw.
    const planned = planAppends(checked, Math.max(0, Math.trunc(this.#clock.now())));
    const group = commit.offsets?.consumer.group ?? '';
    const offsetWrites = owned.map((partition, index) => this.#acceptOffset(group, partition, positions[index]?.offset ?? 0));
    await this.#queue
      .enqueue({
        writes: [...planned.writes, ...checked.stateWrites, ...offsetWrites],
        bytes: checked.bytes,
        onDurable: () => {
          for (const [partition, end] of planned.ends) partition.end = end;
          for (const [index, partition] of owned.entries()) this.#offsets.settle(group, partition, positions[index]?.offset ?? 0);
          if (planned.ends.length > 0) this.#groups.wake();
        },
      })
      .catch((error: unknown) => {
        this.#groups.wake();
        throw error;
      });
    return { positions: planned.positions };
  }

  async join(options: ConsumerOptions): Promise<Consumer> {
    this.#checkOpen();
    this.#queue.checkHealthy();
    checkName('group', options.group);
    return this.#groups.join(options);
  }

  async committed(group: string, topic: string): Promise<readonly GroupOffset[]> {
    this.#checkOpen();
    return this.#topics.get(topic).partitions.flatMap((partition) => {
      const offset = this.#offsets.findDurable(group, partition);
      return offset === undefined ? [] : [{ topic, partition: partition.partition, offset }];
    });
  }

  async lag(group: string, topic: string): Promise<readonly GroupLag[]> {
    this.#checkOpen();
    return this.#topics.get(topic).partitions.map((partition) => {
      const committed = this.#offsets.findDurable(group, partition);
      const lagRecords = Math.max(0, partition.end - Math.max(committed ?? 0, partition.start));
      return { topic, partition: partition.partition, committed, end: partition.end, lagRecords };
    });
  }

  async describeGroup(group: string): Promise<{ readonly members: number }> {
    this.#checkOpen();
    return { members: this.#groups.memberCount(group) };
  }

  /** Holds no snapshot between batches, so that a slow reader never keeps LMDB from using freed pages again. */
  async *read(options: ReadOptions): AsyncIterable<LogRecord> {
    this.#checkOpen();
    const partition = this.#topics.partition(options);
    const to = Math.min(options.to ?? partition.end, partition.end);
    let from = options.from;
    while (from < to) {
      this.#checkOpen();
      const records = readBatches(this.#environment.databases.log, partition, {
        from,
        atLeast: Math.min(READ_RECORDS, to - from),
      });
      for (const record of records) {
        if (record.offset >= to) return;
        yield record;
      }
      from = (records.at(-1)?.offset ?? to) + 1;
      await nextTurn();
    }
  }

  /** Waits for the commits made before it, then reads on in steps: writes made meanwhile may or may not show. */
  async *readState(store: string, partition: number): AsyncIterable<StateEntry> {
    this.#checkOpen();
    checkStatePartition(store, partition);
    await this.#queue.settled();
    const prefix = statePrefix(store, partition);
    const end = statePrefix(store, partition + 1);
    let start: Uint8Array = prefix;
    for (let exclusiveStart = false; ; exclusiveStart = true) {
      this.#checkOpen();
      const range = { start, end, exclusiveStart, limit: READ_ENTRIES };
      const entries = [...this.#environment.databases.state.getRange(range)];
      for (const { key, value } of entries) yield { key: viewOf(key).toString('utf8', prefix.length), value: plainBytes(value) };
      const last = entries.at(-1);
      if (last === undefined || entries.length < READ_ENTRIES) return;
      start = last.key;
      await nextTurn();
    }
  }

  async sweep(nowMs: number): Promise<number> {
    let removed = 0;
    for (const topic of this.#topics.list()) {
      for (const partition of topic.partitions) {
        this.#checkOpen();
        removed += await sweepPartition(partition, { databases: this.#environment.databases, queue: this.#queue, nowMs });
      }
    }
    return removed;
  }

  /** Lets commits that were accepted end, then gives the folder free. Waiting polls answer with nothing. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await nextTurn();
    this.#groups.wake();
    await this.#queue.settled();
    await this.#environment.close();
  }

  #acceptOffset(group: string, partition: PartitionState, offset: number): Write {
    this.#offsets.accept(group, partition, offset);
    return {
      database: 'offsets',
      key: encodeOffsetKey(group, partition.topic.number, partition.partition),
      value: encodeOffset(offset),
    };
  }

  #isOpen(): boolean {
    if (this.#closing !== undefined) return false;
    this.#queue.checkHealthy();
    return true;
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw brokerError('BROKER_CLOSED', `The event log in ${this.#environment.folder} is closed; open it again to go on.`);
  }
}

function checkOffset(position: GroupOffset): void {
  if (Number.isSafeInteger(position.offset) && position.offset >= 0 && position.offset < 2 ** 48) return;
  throw brokerError(
    'BROKER_OFFSET_INVALID',
    `${position.offset} cannot be committed for partition ${position.partition} of '${position.topic}': use a whole number from 0.`,
  );
}

function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
