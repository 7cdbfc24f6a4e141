import {
  type Consumer,
  type EventLog,
  HEADERS,
  type LogPosition,
  type LogRecord,
  messageOf,
  type NewRecord,
  type PolledBatch,
  type RecordHeaders,
  ThroughlineError,
  TOPICS,
  type TopicPartition,
} from '#core';
import {
  DayProfiles,
  OTHER_PRODUCERS,
  PROFILE_LIMITS,
  type ProfiledSubjects,
  type ProfileLimits,
  profiledSubjects,
} from './day-profiles.ts';
import type { FieldContract } from './numeric-fields.ts';

export interface FieldProfilerDeps {
  readonly log: EventLog;
  readonly pipeline: string;
  /** The pipeline's events. */
  readonly topic: string;
  readonly contracts: readonly FieldContract[];
  readonly limits?: Partial<ProfileLimits>;
}

/** Since the start of the process. */
export interface FieldProfilerState {
  /** Events read. */
  readonly events: number;
  /** Events that could not be read as JSON with an envelope. */
  readonly unreadable: number;
  /** Profiles written. */
  readonly profiles: number;
  /** What is not as it should be; undefined while all is well. */
  readonly problem: string | undefined;
}

/** A partition in the group's hands. Offsets are of the next record. */
interface Lane {
  readonly partition: number;
  readonly profiles: DayProfiles;
  /** Read up to here. */
  read: number;
  /** As `read`, once all that was to be committed of it is durable. */
  settled: number;
  /** Nothing of what lies before is in memory only. */
  closed: number;
  committed: number;
}

/** The consumer group that profiles fields. */
const FIELDS_GROUP = 'throughline.fields';
const POLL_RECORDS = 2000;
const IDLE_POLL_MS = 1000;
/** Where nothing is profiled, the group moves on after so many records. */
const OFFSETS_EVERY_RECORDS = 20_000;
const STALE = 'BROKER_GENERATION_STALE';
const JSON_HEADERS: RecordHeaders = { [HEADERS.contentType]: 'application/json' };

/**
 * Profiles the numeric fields of events by producer and UTC day: a consumer group of its own, off the scoring path. Where a partition's
 * watermark passes the end of a day that something is held of, all that is held of the partition goes to TOPICS.fields in one commit
 * with the group's offset behind that watermark: nothing is carried over, so a process that was killed reads the day again and
 * counts every event once. An event that comes later than its day's end goes into another record of its own day, with the
 * next watermark; readers add records up.
 */
export class FieldProfiler {
  readonly #deps: FieldProfilerDeps;
  readonly #subjects: ProfiledSubjects;
  readonly #limits: ProfileLimits;
  readonly #lanes = new Map<number, Lane>();
  readonly #waiting: (() => void)[] = [];
  #failure: Error | undefined;
  #events = 0;
  #unreadable = 0;
  #profiles = 0;
  #problem: string | undefined;

  constructor(deps: FieldProfilerDeps) {
    this.#deps = deps;
    this.#subjects = profiledSubjects(deps.contracts);
    this.#limits = { ...PROFILE_LIMITS, ...deps.limits };
  }

  get state(): FieldProfilerState {
    const now = [...this.#lanes.values()].reduce((sum, { profiles }) => sum + profiles.unreadable, 0);
    return { events: this.#events, unreadable: this.#unreadable + now, profiles: this.#profiles, problem: this.#problem };
  }

  /** Records of the topic that it has not read yet. */
  async lag(): Promise<number> {
    const partitions = await this.#deps.log.lag(FIELDS_GROUP, this.#deps.topic);
    return partitions.reduce((sum, { partition, end, lagRecords }) => {
      const lane = this.#lanes.get(partition);
      return sum + (lane === undefined ? lagRecords : Math.max(0, end - lane.read));
    }, 0);
  }

  /**
   * Resolves when everything before these positions of the topic is read, and every day that had ended by the watermarks before them is
   * committed; also at the signal. While run() is under way. Rejects with what run() failed with.
   */
  async caughtUp(positions: readonly LogPosition[], signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted && !this.#hasReached(positions)) {
        if (this.#failure !== undefined) throw this.#failure;
        await new Promise<void>((resolve) => void this.#waiting.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Profiles until the signal. What is in memory then is read again by the next run. Throws BROKER_* where the log fails. */
  async run(signal: AbortSignal): Promise<void> {
    this.#failure = undefined;
    try {
      while (!signal.aborted) await this.#runAsMember(signal);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new TypeError(messageOf(error));
      throw error;
    } finally {
      this.#wake();
    }
  }

  /** Until the signal, or until the group took partitions away while they were worked on. */
  async #runAsMember(signal: AbortSignal): Promise<void> {
    const { log, topic } = this.#deps;
    const onRevoked = (lost: readonly TopicPartition[]): void => {
      for (const { partition } of lost) this.#drop(partition);
    };
    const consumer = await log.join({ group: FIELDS_GROUP, topics: [topic], from: 'start', onRevoked });
    try {
      await this.#openLanes(consumer);
      while (!signal.aborted) {
        const polled = await consumer.poll({ maxRecords: POLL_RECORDS, maxWaitMs: IDLE_POLL_MS, signal });
        await this.#settle(
          consumer,
          polled.flatMap((batch) => this.#read(batch)),
        );
      }
    } catch (error) {
      if (!(error instanceof ThroughlineError && error.code === STALE)) throw error;
    } finally {
      await consumer.close();
      for (const partition of this.#lanes.keys()) this.#drop(partition);
    }
  }

  async #openLanes(consumer: Consumer): Promise<void> {
    const { log, topic } = this.#deps;
    const committed = await log.committed(FIELDS_GROUP, topic);
    for (const at of consumer.assignment()) {
      const { start } = await log.bounds(at);
      const offset = committed.find(({ partition }) => partition === at.partition)?.offset ?? start;
      this.#openLane(at.partition, Math.max(offset, start));
    }
    this.#wake();
  }

  #openLane(partition: number, offset: number): Lane {
    const profiles = new DayProfiles({ pipeline: this.#deps.pipeline, partition }, this.#subjects, this.#limits);
    const lane = { partition, profiles, read: offset, settled: offset, closed: offset, committed: offset };
    this.#lanes.set(partition, lane);
    return lane;
  }

  #drop(partition: number): void {
    this.#unreadable += this.#lanes.get(partition)?.profiles.unreadable ?? 0;
    this.#lanes.delete(partition);
  }

  /** Takes a partition's next records; returns the profiles that are complete with them. */
  #read({ partition, records }: PolledBatch): readonly NewRecord[] {
    const lane = this.#lanes.get(partition) ?? this.#openLane(partition, records[0]?.offset ?? 0);
    const complete: NewRecord[] = [];
    for (const record of records) {
      lane.read = record.offset + 1;
      if (!this.#take(lane, record)) continue;
      for (const profile of lane.profiles.take()) {
        complete.push({ topic: TOPICS.fields, headers: JSON_HEADERS, value: JSON.stringify(profile) });
      }
      lane.closed = lane.read;
    }
    if (lane.profiles.isEmpty) lane.closed = lane.read;
    if (lane.profiles.isCrowded) this.#problem = this.#crowdedSentence(partition);
    return complete;
  }

  /** Whether the profiles are to be written behind this record. */
  #take({ profiles }: Lane, record: LogRecord): boolean {
    const watermark = record.headers[HEADERS.watermark];
    if (watermark !== undefined) return profiles.hasEndedBy(Date.parse(watermark));
    this.#events += 1;
    profiles.add(record);
    return profiles.isFull;
  }

  /** Makes durable what is complete, with the offsets behind it; partitions that hold nothing in memory move along. */
  async #settle(consumer: Consumer, records: readonly NewRecord[]): Promise<void> {
    const lanes = [...this.#lanes.values()];
    const isDue = records.length > 0 || lanes.some(({ closed, committed }) => closed - committed >= OFFSETS_EVERY_RECORDS);
    if (isDue) {
      const moved = lanes.filter(({ closed, committed }) => closed > committed);
      const positions = moved.map(({ partition, closed }) => ({ topic: this.#deps.topic, partition, offset: closed }));
      await this.#deps.log.commit({ records, offsets: { consumer, positions } });
      for (const [index, lane] of moved.entries()) lane.committed = positions[index]?.offset ?? lane.committed;
      this.#profiles += records.length;
    }
    for (const lane of lanes) lane.settled = lane.read;
    this.#wake();
  }

  #hasReached(positions: readonly LogPosition[]): boolean {
    return positions.every(({ topic, partition, offset }) => {
      const settled = this.#lanes.get(partition)?.settled ?? -1;
      return topic !== this.#deps.topic || settled >= offset;
    });
  }

  #crowdedSentence(partition: number): string {
    const { maxProducers } = this.#limits;
    return (
      `partition ${partition} of ${this.#deps.topic} has events of more than ${maxProducers} producers a day: the fields of those beyond are ` +
      `profiled together, as ${OTHER_PRODUCERS}; give events a source that names a producer, not a device or a request`
    );
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
