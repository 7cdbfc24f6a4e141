import {
  claimStore,
  clearRecords,
  type EntityName,
  findStoredLog,
  outboxLag,
  RecordWriter,
  type TelemetryStore,
  TraceWriter,
} from '#collector';
import { type Clock, type Database, type EventLog, type Health, isRetryable, messageOf } from '#core';
import { loadLogId } from './identity.ts';
import { LateDatabase } from './late-database.ts';

export interface TelemetryDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Opens the store with its tables up to date. */
  readonly open: () => Promise<TelemetryStore>;
  readonly isEmbedded: boolean;
  readonly entityName: EntityName;
  /** Begin anew: what the store holds is removed first. */
  readonly fresh: boolean;
}

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 10_000;
const PATIENCE_MS = 30_000;

/**
 * Keeps the telemetry store fed: opens it, and stores the outbox and the spans, beginning again whenever one of these fails.
 * Nothing of the scoring path waits for any of it.
 */
export class Telemetry {
  readonly #deps: TelemetryDeps;
  readonly #abort = new AbortController();
  readonly #database = new LateDatabase();
  readonly traces: TraceWriter;
  #store: TelemetryStore | undefined;
  #writer: RecordWriter | undefined;
  #isCleared = false;
  /** While there is no writer to ask. */
  #lagRecords = 0;
  #problem: string | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: TelemetryDeps) {
    this.#deps = deps;
    this.traces = new TraceWriter({ database: this.#database });
  }

  /** Answers from the store; until it is open, throws APP_TELEMETRY_UNAVAILABLE. */
  get lateDatabase(): Database {
    return this.#database;
  }

  /** The store, once it is open. */
  database(): Database | undefined {
    return this.#writer === undefined ? undefined : this.#store?.database;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Asks nothing of the store. */
  status(): Health['telemetry'] {
    const writer = this.#writer?.state;
    const problem = this.#problem ?? writer?.problem ?? this.#storeProblem() ?? null;
    const good = writer === undefined ? 'starting' : 'ok';
    return {
      status: problem === null ? good : 'unavailable',
      engine: this.#engine(),
      lagRecords: writer?.lagRecords ?? this.#lagRecords,
      problem,
    };
  }

  /** Resolves when all that stands in the outbox is stored; also when the signal aborts, or the store has been away for half a minute on end. */
  async drained(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const patience = this.#outOfPatience(either).then(() => over.abort());
    while (!either.aborted && this.#writer === undefined) await this.#deps.wait(FIRST_RETRY_MS, either);
    await this.#writer?.drained(either);
    over.abort();
    await patience;
  }

  /** Resolves when the store has been unavailable for so long that nobody should wait for it, or at the signal. */
  async #outOfPatience(signal: AbortSignal): Promise<void> {
    const { clock, wait } = this.#deps;
    let sinceMs = clock.now();
    while (!signal.aborted && clock.now() - sinceMs < PATIENCE_MS) {
      await wait(FIRST_RETRY_MS, signal);
      if (this.status().status !== 'unavailable') sinceMs = clock.now();
    }
  }

  /** Ends the writers; records that are not stored wait in the log for the next start. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    await this.traces.close();
    await this.#store?.close();
  }

  #storeProblem(): string | undefined {
    return this.#store?.status().problem;
  }

  #engine(): string {
    const name = ['ClickHouse', this.#store?.status().version].filter(Boolean).join(' ');
    return this.#deps.isEmbedded ? `${name}, embedded` : name;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, MAX_RETRY_MS)) {
      try {
        this.#lagRecords = await outboxLag(this.#deps.log);
        const writer = await this.#openWriter();
        this.#problem = undefined;
        this.#writer = writer;
        delayMs = FIRST_RETRY_MS;
        await writer.run(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#problem = messageOf(error);
        this.#database.failed(this.#problem);
        await this.#deps.wait(isRetryable(error) ? delayMs : MAX_RETRY_MS, signal);
      }
    }
  }

  async #openWriter(): Promise<RecordWriter> {
    const { log, clock, wait, entityName, fresh } = this.#deps;
    this.#store ??= await this.#deps.open();
    const { database } = this.#store;
    const logId = await loadLogId(log);
    if (fresh && !this.#isCleared) await clearRecords(database);
    this.#isCleared = true;
    const writer = new RecordWriter({ log, database, clock, wait, entityName, logId });
    if ((await findStoredLog(database, logId)) === 'none') {
      // Cleared again: an earlier try may have stored records before it could claim the store.
      await clearRecords(database);
      await writer.forgetEarlier();
      await claimStore(database, logId);
    }
    this.#database.opened(database);
    return writer;
  }
}
