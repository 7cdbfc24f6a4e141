import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf, type ThroughlineError } from '#core';
import { brokerError } from '../errors.ts';
import type { Environment, Write } from './environment.ts';

/** Writes that belong together, and what to do in memory once they are durable. */
export interface QueuedWrite {
  readonly writes: readonly Write[];
  readonly bytes: number;
  readonly onDurable: () => void;
}

interface Waiting extends QueuedWrite {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One transaction takes at most about so much of what waits, to bound LMDB's memory and the wait of those behind. */
const MAX_GROUP_BYTES = 64 * 2 ** 20;
const MAX_GROUP_WRITES = 100_000;

/**
 * Group commit: while one LMDB transaction is on its way to the disk, all that arrives waits and goes with the next.
 * With a single transaction under way the order of a failure is plain: what waits behind it was never written.
 */
export class WriteQueue {
  readonly #environment: Environment;
  readonly #maxQueuedBytes: number;
  readonly #waiting: Waiting[] = [];
  #queuedBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #last: Promise<void> = Promise.resolve();
  #draining: Promise<void> | undefined;

  constructor(environment: Environment, maxQueuedBytes: number) {
    this.#environment = environment;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Throws BROKER_REOPEN_NEEDED after a failure, BROKER_QUEUE_FULL when `bytes` more would pass the limit. */
  checkRoom(bytes: number): void {
    this.checkHealthy();
    if (this.#queuedBytes === 0 || this.#queuedBytes + bytes <= this.#maxQueuedBytes) return;
    throw brokerError(
      'BROKER_QUEUE_FULL',
      `${this.#queuedBytes} bytes of commits already wait for the disk of ${this.#environment.folder} (limit ${this.#maxQueuedBytes}). Await earlier commits, then try again.`,
    );
  }

  /** Throws BROKER_REOPEN_NEEDED after a failure. */
  checkHealthy(): void {
    if (this.#failure !== undefined) throw this.#reopenNeeded(this.#failure.error);
  }

  /** Resolves when durable. Never call it without checkRoom: memory must not run ahead of a refused write. */
  enqueue(write: QueuedWrite): Promise<void> {
    this.#queuedBytes += write.bytes;
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ ...write, resolve, reject });
    });
    // Only for settled(): whoever made the write gets `done` and its rejection.
    this.#last = done.catch(() => undefined);
    if (this.#draining === undefined) this.#draining = this.#drain();
    return done;
  }

  /** Resolves when everything enqueued so far is durable or failed. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Callers whose commit just became durable send their next one in this turn: let them into the group.
      await nextTurn();
      const group = this.#takeGroup();
      try {
        const writes = group.flatMap((waiting) => waiting.writes);
        if (writes.length > 0) await this.#environment.write(writes);
        this.#settle(group);
      } catch (error) {
        this.#fail(group, error);
      }
    }
    this.#draining = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let writes = 0;
    let count = 0;
    for (const next of this.#waiting) {
      bytes += next.bytes;
      writes += next.writes.length;
      if (count > 0 && (bytes > MAX_GROUP_BYTES || writes > MAX_GROUP_WRITES)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #settle(group: readonly Waiting[]): void {
    for (const write of group) {
      this.#queuedBytes -= write.bytes;
      write.onDurable();
      write.resolve();
    }
  }

  #fail(group: readonly Waiting[], error: unknown): void {
    this.#failure = { error };
    for (const write of group) write.reject(error);
    for (const write of this.#waiting.splice(0)) write.reject(this.#reopenNeeded(error));
  }

  #reopenNeeded(cause: unknown): ThroughlineError {
    return brokerError(
      'BROKER_REOPEN_NEEDED',
      `The event log in ${this.#environment.folder} stopped at a failed commit (${messageOf(cause)}); what came after it was not written, to keep the order. Close the log and open it again.`,
      { cause },
    );
  }
}
