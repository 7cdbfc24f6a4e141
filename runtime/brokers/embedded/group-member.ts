import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Consumer, ConsumerOptions, GroupOffset, LogRecord, PolledBatch, PollOptions, TopicPartition } from '#core';
import { brokerError } from '../errors.ts';
import { readBatches } from './batch-reader.ts';
import type { BinaryDatabase } from './environment.ts';
import { Patience } from './patience.ts';
import type { PartitionState } from './topic-table.ts';

/** What a member reads from. */
export interface MemberSource {
  readonly log: BinaryDatabase;
  findPartition(at: TopicPartition): PartitionState;
  /** False once the log is being closed. Throws BROKER_REOPEN_NEEDED after a failed commit. */
  isOpen(): boolean;
}

/** A partition in a member's hands. */
interface Lane {
  readonly partition: PartitionState;
  /** Offset of the next record to hand out. */
  position: number;
  paused: boolean;
  /** Regained after a loss and not polled since: a commit can only be of work from before the loss. */
  fenced: boolean;
  /** Decoded records not yet handed out: at most what one read brought, and `taken` of them are gone. */
  ready: readonly LogRecord[];
  taken: number;
}

/** What a lane gives to one poll. */
interface Helping {
  readonly lane: Lane;
  readonly records: LogRecord[];
}

interface MemberParts {
  readonly options: ConsumerOptions;
  readonly memberId: string;
  readonly source: MemberSource;
  readonly leave: () => void;
}

/** A member of a group in this process. Everything but the wait in poll() happens at once. */
export class GroupMember implements Consumer {
  readonly group: string;
  readonly memberId: string;
  readonly topics: ReadonlySet<string>;
  readonly from: ConsumerOptions['from'];
  readonly #parts: MemberParts;
  readonly #lost = new Set<PartitionState>();
  #lanes: Lane[] = [];
  /** Which lane has the first turn in the next poll. */
  #turn = 0;
  #waiting: Patience | undefined;
  #polling = false;
  #closed = false;

  constructor(parts: MemberParts) {
    this.#parts = parts;
    this.group = parts.options.group;
    this.memberId = parts.memberId;
    this.topics = new Set(parts.options.topics);
    this.from = parts.options.from;
  }

  assignment(): readonly TopicPartition[] {
    return this.#lanes.map((lane) => addressOf(lane.partition));
  }

  async poll(options: PollOptions): Promise<readonly PolledBatch[]> {
    if (this.#polling) {
      throw brokerError(
        'BROKER_CONSUMER_BUSY',
        `Member ${this.memberId} is polled while its earlier poll still waits. Await one poll before the next.`,
      );
    }
    if (this.#closed || !this.#parts.source.isOpen()) throw this.#closedError();
    this.#polling = true;
    const patience = new Patience(options);
    try {
      // A consumer that always finds records must not starve timers and I/O of the process.
      await nextTurn();
      return await this.#takeOrWait(options.maxRecords, patience);
    } finally {
      patience.end();
      this.#waiting = undefined;
      this.#polling = false;
    }
  }

  async #takeOrWait(maxRecords: number, patience: Patience): Promise<readonly PolledBatch[]> {
    for (;;) {
      if (this.#closed || patience.isAborted() || !this.#parts.source.isOpen()) return [];
      const batches = this.#take(maxRecords);
      if (batches.length > 0 || patience.isOver()) return batches;
      this.#waiting = patience;
      await patience.orWoken();
    }
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.#lane(at).paused = true;
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.#lane(at).paused = false;
    this.wake();
  }

  seek(position: GroupOffset): void {
    const lane = this.#lane(position);
    if (!Number.isInteger(position.offset) || position.offset < 0) {
      throw brokerError('BROKER_OFFSET_INVALID', `${position.offset} is not an offset: use a whole number from 0.`);
    }
    moveTo(lane, position.offset);
    lane.fenced = false;
    this.wake();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#lanes = [];
    this.#waiting?.wake();
    this.#parts.leave();
  }

  /** Ends the wait of a poll, if there is reason to look again. */
  wake(): void {
    if (this.#lanes.some(isReady) || !this.#isSourceOpen()) this.#waiting?.wake();
  }

  /** Whether a commit for the partition can be of work that this member holds. */
  mayCommit(partition: PartitionState): boolean {
    return this.#lanes.some((lane) => lane.partition === partition && !lane.fenced);
  }

  /** Takes partitions away; returns the call of the listener. */
  revoke(partitions: readonly PartitionState[]): () => void {
    this.#lanes = this.#lanes.filter((lane) => !partitions.includes(lane.partition));
    for (const partition of partitions) this.#lost.add(partition);
    return () => {
      if (partitions.length > 0) this.#parts.options.onRevoked?.(partitions.map(addressOf));
    };
  }

  /** Hands partitions over, each with the offset to begin at; returns the call of the listener. */
  assign(gained: readonly (readonly [PartitionState, number])[]): () => void {
    for (const [partition, position] of gained) {
      this.#lanes.push({ partition, position, paused: false, fenced: this.#lost.has(partition), ready: [], taken: 0 });
    }
    return () => {
      if (gained.length > 0) this.#parts.options.onAssigned?.(gained.map(([partition]) => addressOf(partition)));
      this.wake();
    };
  }

  /** First every lane that has records gets an equal share, then what is left of `maxRecords` goes round again. */
  #take(maxRecords: number): readonly PolledBatch[] {
    const helpings = this.#lanesInTurn().map((lane): Helping => ({ lane, records: [] }));
    const share = Math.max(1, Math.floor(maxRecords / Math.max(1, helpings.length)));
    let left = maxRecords;
    for (const most of [share, maxRecords]) {
      for (const helping of helpings) left -= this.#serve(helping, Math.min(most, left));
    }
    const served = helpings.filter(({ records }) => records.length > 0);
    this.#turn += served.length < helpings.length ? served.length : 1;
    return served.map(({ lane, records }) => ({ ...addressOf(lane.partition), records }));
  }

  #lanesInTurn(): readonly Lane[] {
    const lanes = this.#lanes.filter(isReady);
    this.#turn = lanes.length === 0 ? 0 : this.#turn % lanes.length;
    return [...lanes.slice(this.#turn), ...lanes.slice(0, this.#turn)];
  }

  /** Adds what is decoded already, then what one more read brings; that ends early only at its limit of bytes. */
  #serve({ lane, records }: Helping, count: number): number {
    const before = records.length;
    takeReady(lane, records, count);
    const missing = count - (records.length - before);
    if (missing > 0 && lane.position < lane.partition.end) {
      lane.ready = readBatches(this.#parts.source.log, lane.partition, { from: lane.position, atLeast: missing });
      lane.taken = 0;
      takeReady(lane, records, missing);
    }
    return records.length - before;
  }

  #lane(at: TopicPartition): Lane {
    const partition = this.#parts.source.findPartition(at);
    const lane = this.#lanes.find((candidate) => candidate.partition === partition);
    if (lane !== undefined) return lane;
    throw brokerError(
      'BROKER_PARTITION_NOT_ASSIGNED',
      `Partition ${at.partition} of '${at.topic}' is not assigned to member ${this.memberId}. Look at assignment() first.`,
      { details: { topic: at.topic, partition: at.partition } },
    );
  }

  /** A failed log counts as closed here: the poll must wake to say so. */
  #isSourceOpen(): boolean {
    try {
      return this.#parts.source.isOpen();
    } catch {
      return false;
    }
  }

  #closedError(): Error {
    return brokerError('BROKER_CLOSED', `Member ${this.memberId} or its log is closed; join again to go on reading.`);
  }
}

function isReady(lane: Lane): boolean {
  return !lane.paused && lane.position < lane.partition.end;
}

/** Moves at most `count` of the decoded records over. */
function takeReady(lane: Lane, records: LogRecord[], count: number): void {
  for (const record of lane.ready.slice(lane.taken, lane.taken + count)) {
    records.push(record);
    lane.taken++;
    lane.position = record.offset + 1;
    lane.fenced = false;
  }
}

function moveTo(lane: Lane, offset: number): void {
  lane.position = offset;
  lane.ready = [];
  lane.taken = 0;
}

function addressOf(partition: PartitionState): TopicPartition {
  return { topic: partition.topic.name, partition: partition.partition };
}
