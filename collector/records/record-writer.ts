import {
  type Clock,
  type Consumer,
  type Database,
  type EventLog,
  type GroupLag,
  type GroupOffset,
  isRetryable,
  type LogRecord,
  messageOf,
  STORES,
  type StateWrite,
} from '#core';
import { type EntityName, RECORD_KINDS } from './lines.ts';
import { isStoredUpTo, OUTBOX_TOPICS, readLags, recordsOf, WRITER_GROUP } from './outbox-lag.ts';
import { Round, type Shipment, type Slice } from './round.ts';

export interface RecordWriterDeps {
  readonly log: EventLog;
  readonly database: Database;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly entityName: EntityName;
  /** Names the log for ever: the same offsets of another log are other records. */
  readonly logId: string;
  readonly limits?: Partial<WriterLimits>;
}

export interface WriterLimits {
  /** A round ends when it holds this many records or bytes, or when it began this long ago (four times as long under load). */
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly lingerMs: number;
}

interface Patience {
  readonly lingerMs: number;
  readonly pollMs: number;
  /** The round ends when a poll finds nothing. */
  readonly endsWhenQuiet: boolean;
}

export interface WriterState {
  /** Rows that are stored since the start. */
  readonly storedRows: number;
  /** Inserts that failed and were tried again since the start. */
  readonly retries: number;
  /** Records of the outbox that were not known to be stored when the writer last looked. */
  readonly lagRecords: number;
  /** What keeps the writer from storing right now; undefined while all is well. */
  readonly problem: string | undefined;
}

const DEFAULT_LIMITS: WriterLimits = { maxRecords: 32_768, maxBytes: 12 * 1024 * 1024, lingerMs: 1000 };
const POLL_RECORDS = 4096;
const BUSY_RECORDS = 4096;
const BUSY_LINGER_FACTOR = 4;
const IDLE_POLL_MS = 1000;
const QUIET_POLL_MS = 200;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 10_000;

/**
 * Stores the outbox: a consumer group that takes the records of its topics to the telemetry store, each once. Which offsets go into an insert is written down before it is sent; after a crash of either side the same rows are sent
 * again with the same token, and the store takes them for what they are. While the store is away the group lags, and nothing else.
 */
export class RecordWriter {
  readonly #deps: RecordWriterDeps;
  readonly #limits: WriterLimits;
  readonly #waiting: (() => void)[] = [];
  /** How many wait for everything to be stored: while there are any, no round waits for more. */
  #drains = 0;
  /** Ends the poll that is under way. */
  #interruption = new AbortController();
  #storedRows = 0;
  #retries = 0;
  #lagRecords = 0;
  /** What keeps a table's records from being stored, by table. */
  readonly #problems = new Map<string, string>();

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps;
    this.#limits = { ...DEFAULT_LIMITS, ...deps.limits };
  }

  get state(): WriterState {
    return {
      storedRows: this.#storedRows,
      retries: this.#retries,
      lagRecords: this.#lagRecords,
      problem: [...this.#problems.values()][0],
    };
  }

  /** Records of the outbox that are not known to be stored. */
  async lag(): Promise<number> {
    await this.#lags();
    return this.#lagRecords;
  }

  async #lags(): Promise<readonly GroupLag[]> {
    const lags = await readLags(this.#deps.log);
    this.#lagRecords = recordsOf(lags);
    return lags;
  }

  /**
   * Resolves when all that stood in the outbox at the call is stored, or when the signal aborts. Meanwhile rounds end as soon as there
   * is nothing more to read: it takes about an insert for each topic with records.
   */
  async drained(signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    const ends = await this.#lags();
    this.#drains += 1;
    this.#interrupt();
    try {
      while (!signal.aborted && !isStoredUpTo(ends, await this.#lags()))
        await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    } finally {
      this.#drains -= 1;
      signal.removeEventListener('abort', wake);
    }
  }

  /** Lets whoever gathers look again at how long to wait. */
  #interrupt(): void {
    this.#interruption.abort();
    this.#interruption = new AbortController();
  }

  /** The store is empty: all that the log still has is to be stored again. Durable when it resolves; not while run() is under way. */
  async forgetEarlier(): Promise<void> {
    const { log } = this.#deps;
    const consumer = await this.#join();
    const starts = consumer.assignment().map(async (at) => ({ ...at, offset: (await log.bounds(at)).start }));
    const positions = await Promise.all(starts);
    await log.commit({ state: OUTBOX_TOPICS.map((topic) => noteWrite(topic)), offsets: { consumer, positions } });
    await consumer.close();
  }

  /** Stores until the signal; then what is under way is finished or left to the next start. Throws BROKER_* where the log fails. */
  async run(signal: AbortSignal): Promise<void> {
    const consumer = await this.#join();
    const interrupt = (): void => this.#interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    // One is gathered while the other is on its way.
    let [round, next] = [new Round(this.#deps.entityName), new Round(this.#deps.entityName)];
    let underWay = Promise.resolve();
    try {
      await this.#finishEarlier(consumer, signal);
      while (!signal.aborted) {
        await this.#gather(consumer, round, signal);
        await underWay;
        if (signal.aborted || round.recordCount === 0) continue;
        underWay = this.#store(consumer, round, signal);
        [round, next] = [next, round];
        // Met by the next round's await, or by the one at the end.
        underWay.catch(() => undefined);
      }
    } finally {
      try {
        await underWay;
      } finally {
        signal.removeEventListener('abort', interrupt);
        await consumer.close();
        this.#wake();
      }
    }
  }

  async #gather(consumer: Consumer, round: Round, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const { maxRecords, maxBytes } = this.#limits;
    let beganMs = Number.POSITIVE_INFINITY;
    while (!signal.aborted && round.recordCount < maxRecords && round.byteLength < maxBytes) {
      const patience = this.#patience(round);
      const leftMs = beganMs + patience.lingerMs - clock.now();
      if (leftMs <= 0) return;
      const room = Math.min(POLL_RECORDS, maxRecords - round.recordCount);
      const { signal: interrupted } = this.#interruption;
      const polled = await consumer.poll({ maxRecords: room, maxWaitMs: Math.min(patience.pollMs, leftMs), signal: interrupted });
      if (patience.endsWhenQuiet && polled.length === 0) return;
      for (const batch of polled) round.add(batch);
      await this.lag();
      if (round.recordCount > 0 && beganMs === Number.POSITIVE_INFINITY) beganMs = clock.now();
    }
  }

  /**
   * How long a round waits for more. An insert costs the same whatever it holds: where much arrives, nobody watches single rows, and
   * more go into one; once that has gone quiet, nothing more is worth waiting for. Somebody who waits for all of it is not kept waiting.
   */
  #patience({ recordCount }: Round): Patience {
    const { lingerMs } = this.#limits;
    if (recordCount > 0 && this.#drains > 0) return { lingerMs: lingerMs * BUSY_LINGER_FACTOR, pollMs: 0, endsWhenQuiet: true };
    if (recordCount < BUSY_RECORDS) return { lingerMs, pollMs: IDLE_POLL_MS, endsWhenQuiet: false };
    return { lingerMs: lingerMs * BUSY_LINGER_FACTOR, pollMs: QUIET_POLL_MS, endsWhenQuiet: true };
  }

  /** Sends again what an earlier run had written down and not seen acknowledged. */
  async #finishEarlier(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const { log, entityName } = this.#deps;
    const round = new Round(entityName);
    for await (const { key: topic, value } of log.readState(STORES.writerBatches, 0)) {
      for (const slice of parseSlices(value)) {
        const records: LogRecord[] = [];
        for await (const record of log.read({ topic, ...slice })) records.push(record);
        round.addSlice(topic, slice, records);
      }
    }
    const { shipments } = round;
    if (shipments.length === 0) return;
    await this.#send(consumer, shipments, signal);
    if (signal.aborted) return;
    for (const position of positionsBehind(shipments)) consumer.seek(position);
  }

  /** Writes down what will be sent, sends it, and moves the group behind it. */
  async #store(consumer: Consumer, round: Round, signal: AbortSignal): Promise<void> {
    const { shipments } = round;
    await this.#deps.log.commit({ state: shipments.map(({ topic, slices }) => noteWrite(topic, slices)) });
    await this.#send(consumer, shipments, signal);
    round.clear();
  }

  async #send(consumer: Consumer, shipments: readonly Shipment[], signal: AbortSignal): Promise<void> {
    // Side by side: each is written down, and none depends on another.
    const done = await Promise.allSettled(shipments.map((shipment) => this.#insert(shipment, signal)));
    for (const outcome of done) if (outcome.status === 'rejected') throw outcome.reason;
    if (signal.aborted) return;
    await this.#deps.log.commit({
      state: shipments.map(({ topic }) => noteWrite(topic)),
      offsets: { consumer, positions: positionsBehind(shipments) },
    });
    this.#wake();
  }

  /** Until it is stored or the signal aborts: a store that is away, or that refuses, loses nothing. */
  async #insert({ topic, slices, lines, rowCount }: Shipment, signal: AbortSignal): Promise<void> {
    const kind = RECORD_KINDS[topic];
    if (kind === undefined || rowCount === 0) return;
    const { database, wait, logId } = this.#deps;
    const { table, columns } = kind;
    const token = `${logId}/${topic}/${slices.map(({ partition, from, to }) => `${partition}:${from}-${to}`).join(',')}`;
    for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, MAX_RETRY_MS)) {
      try {
        await database.insert({ table, columns, lines, rowCount, token, signal });
        this.#problems.delete(table);
        this.#storedRows += rowCount;
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#retries += 1;
        this.#problems.set(table, `records for ${table} cannot be stored, and wait in the log: ${messageOf(error)}`);
        await wait(isRetryable(error) ? delayMs : MAX_RETRY_MS, signal);
        await this.lag();
      }
    }
  }

  #join(): Promise<Consumer> {
    return this.#deps.log.join({ group: WRITER_GROUP, topics: OUTBOX_TOPICS, from: 'start' });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Notes what is being sent of a topic; nothing, once it is stored. */
function noteWrite(topic: string, slices?: readonly Slice[]): StateWrite {
  const value = slices === undefined ? undefined : Buffer.from(JSON.stringify(slices));
  return { store: STORES.writerBatches, partition: 0, key: topic, value };
}

function parseSlices(value: Uint8Array): readonly Slice[] {
  return JSON.parse(new TextDecoder().decode(value)) as readonly Slice[];
}

function positionsBehind(shipments: readonly Shipment[]): readonly GroupOffset[] {
  return shipments.flatMap(({ topic, slices }) => slices.map(({ partition, to }) => ({ topic, partition, offset: to })));
}
