import { hash } from 'node:crypto';
import { type Database, type InsertRows, messageOf, TABLES, ThroughlineError } from '#core';
import { systemTimer, type Timer } from '../timer.ts';
import { LineQueue } from './line-queue.ts';
import { TRACE_COLUMNS, type TraceRow, traceLineOf } from './trace-row.ts';

export interface TraceWriterDeps {
  readonly database: Pick<Database, 'insert'>;
  /** Default: the machine's. */
  readonly timer?: Timer;
}

export interface TraceWriterOptions {
  /** Rows at which an insert begins at once, and which it holds at most. Default 5,000. */
  readonly maxBatchRows?: number;
  /** Characters of an insert's lines at most. Default 8 Mi. */
  readonly maxBatchCharacters?: number;
  /** How long a row waits for others, ms. Default 1,000. */
  readonly maxWaitMs?: number;
  /** Rows that may wait; beyond it the oldest go. Default 50,000. */
  readonly maxQueuedRows?: number;
  /** Characters that may wait; beyond it the oldest go. Default 64 Mi. */
  readonly maxQueuedCharacters?: number;
  /** How often an insert is tried while its failure is retryable, then its rows go. Default 8: half a minute. */
  readonly maxTries?: number;
  /** Wait before the second try, ms; it doubles up to 60 times itself. Default 250. */
  readonly retryAfterMs?: number;
  /** How long an insert may take once the writer is being closed, ms. Default 5,000. */
  readonly closeWithinMs?: number;
}

/** What became of rows since the start; what is missing to `added` waits. */
export interface TraceWriterCounts {
  readonly added: number;
  readonly stored: number;
  /** The oldest of a full queue. */
  readonly droppedFull: number;
  /** The store refused them, or did not take them in so many tries. */
  readonly droppedFailed: number;
  readonly retries: number;
  readonly waiting: number;
  readonly lastFailure: string | undefined;
}

const MI = 1024 * 1024;
const DEFAULTS: Required<TraceWriterOptions> = {
  maxBatchRows: 5000,
  maxBatchCharacters: 8 * MI,
  maxWaitMs: 1000,
  maxQueuedRows: 50_000,
  maxQueuedCharacters: 64 * MI,
  maxTries: 8,
  retryAfterMs: 250,
  closeWithinMs: 5000,
};
const MAX_RETRY_FACTOR = 60;

/**
 * Stores rows of `otel_traces` in batches, one insert at a time. Spans are best effort, unlike records: nobody waits for them, and what
 * the store cannot take in time is dropped and counted.
 */
export class TraceWriter {
  readonly #database: Pick<Database, 'insert'>;
  readonly #timer: Timer;
  readonly #options: Required<TraceWriterOptions>;
  readonly #queue: LineQueue;
  readonly #closing = new AbortController();
  readonly #deadline = new AbortController();
  readonly #counts = { added: 0, stored: 0, droppedFull: 0, droppedFailed: 0, retries: 0 };
  #inInsert = 0;
  #lastFailure: string | undefined;
  #callOff: (() => void) | undefined;
  #draining: Promise<void> | undefined;

  constructor({ database, timer = systemTimer }: TraceWriterDeps, options: TraceWriterOptions = {}) {
    this.#database = database;
    this.#timer = timer;
    this.#options = { ...DEFAULTS, ...options };
    this.#queue = new LineQueue({
      maxLines: this.#options.maxQueuedRows,
      maxCharacters: this.#options.maxQueuedCharacters,
    });
  }

  counts(): TraceWriterCounts {
    return { ...this.#counts, waiting: this.#queue.length + this.#inInsert, lastFailure: this.#lastFailure };
  }

  /** Takes rows to be stored soon; returns at once and never throws. After `close` they are dropped and counted. */
  add(rows: readonly TraceRow[]): void {
    this.#counts.added += rows.length;
    if (this.#closing.signal.aborted) {
      this.#counts.droppedFull += rows.length;
      return;
    }
    this.#counts.droppedFull += this.#queue.add(rows.map(traceLineOf));
    if (this.#queue.length >= this.#options.maxBatchRows) this.#drainInBackground();
    else if (this.#queue.length > 0) this.#callOff ??= this.#timer(this.#options.maxWaitMs, () => this.#drainInBackground());
  }

  /** Resolves when all that waits is stored, or given up and counted. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 || this.#draining !== undefined) {
      this.#drainInBackground();
      await this.#draining;
    }
  }

  /** Stores what waits, trying once and within `closeWithinMs`, and ends. */
  async close(): Promise<void> {
    this.#closing.abort();
    const callOff = this.#timer(this.#options.closeWithinMs, () => this.#deadline.abort());
    await this.flush();
    callOff();
  }

  #drainInBackground(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  async #drain(): Promise<void> {
    const { maxBatchRows, maxBatchCharacters } = this.#options;
    while (this.#queue.length > 0) {
      const lines = this.#queue.take({ maxLines: maxBatchRows, maxCharacters: maxBatchCharacters });
      this.#inInsert = lines.length;
      const isStored = await this.#store(rowsOf(lines));
      if (isStored) this.#counts.stored += lines.length;
      else this.#counts.droppedFailed += lines.length;
      this.#inInsert = 0;
    }
  }

  /** The same bytes with the same token at every try: what the store took without saying so is not stored twice. */
  async #store(rows: InsertRows): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#database.insert({ ...rows, signal: this.#deadline.signal });
        return true;
      } catch (error) {
        this.#lastFailure = messageOf(error);
        const isWorthARetry = error instanceof ThroughlineError && error.retryable && tries < this.#options.maxTries;
        if (!isWorthARetry || this.#closing.signal.aborted) return false;
      }
      this.#counts.retries += 1;
      await this.#pause(this.#options.retryAfterMs * Math.min(2 ** (tries - 1), MAX_RETRY_FACTOR));
    }
  }

  /** Ends early when the writer is being closed. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        callOff();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#timer(ms, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

function rowsOf(lines: readonly string[]): InsertRows {
  const text = `${lines.join('\n')}\n`;
  return {
    table: TABLES.traces,
    columns: TRACE_COLUMNS,
    lines: [new TextEncoder().encode(text)],
    rowCount: lines.length,
    token: hash('sha256', text, 'hex'),
  };
}
