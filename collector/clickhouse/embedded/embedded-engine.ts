import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, messageOf, ThroughlineError } from '#core';
import type { Endpoint } from '../endpoint.ts';
import { clickhouseError } from '../errors.ts';
import { type EngineChild, openEngineChild } from './engine-child.ts';
import { ENGINE_USER } from './http-front.ts';

/** Resolves after so many milliseconds, or rejects when aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export interface EmbeddedEngineOptions {
  /** Absolute path of the folder with the data; made if need be. */
  readonly folder: string;
  readonly clock: Clock;
  /** Default: the machine's timer. */
  readonly wait?: Wait;
  /** Statements that run side by side. Default 4. */
  readonly connections?: number;
}

export interface EngineStatus {
  readonly state: 'starting' | 'ok' | 'unavailable' | 'stopped';
  /** What is wrong and what is done about it; a sentence. */
  readonly problem?: string;
  /** How often the process was started again. */
  readonly restarts: number;
  readonly pid?: number;
  /** ClickHouse's version, once it has answered. */
  readonly version?: string;
}

const CONNECTIONS = 4;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 30_000;
/** A process that ran this long is started again without the delays of the failures before it. */
const STEADY_MS = 60_000;
/** The engine of a process that was killed holds its folder for up to 3 s more. */
const IN_USE_WAITS_MS = [500, 1000, 2000];

const machineWait: Wait = (ms, signal) => delay(ms, undefined, { signal });

/**
 * ClickHouse in a process of its own, which is started again when it ends, with growing delays from 250 ms to 30 s. Until it
 * answers, `endpoint` throws CLICKHOUSE_UNAVAILABLE, which is retryable.
 */
export class EmbeddedEngine {
  readonly #options: EmbeddedEngineOptions;
  readonly #wait: Wait;
  readonly #stopping = new AbortController();
  #child: EngineChild | undefined;
  #status: EngineStatus = { state: 'stopped', restarts: 0 };
  #watching: Promise<void> = Promise.resolve();

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
    this.#wait = options.wait ?? machineWait;
  }

  /** Resolves when the engine answers. Throws CLICKHOUSE_FOLDER_IN_USE, CLICKHOUSE_PLATFORM, CLICKHOUSE_ENGINE_FAILED; nothing runs then. */
  async start(): Promise<void> {
    this.#set({ state: 'starting' });
    try {
      const child = await this.#openFirst();
      this.#watching = this.#watch(child);
    } catch (error) {
      this.#set({ state: 'stopped', problem: messageOf(error) });
      throw error;
    }
  }

  status(): EngineStatus {
    return this.#status;
  }

  /** Where it answers now; another place after each restart. Throws CLICKHOUSE_UNAVAILABLE. */
  endpoint(): Endpoint {
    const child = this.#child;
    if (child === undefined) {
      const why = this.#status.problem ?? 'It is not running.';
      throw clickhouseError('CLICKHOUSE_UNAVAILABLE', `The embedded ClickHouse does not answer. ${why}`);
    }
    return {
      url: `http://127.0.0.1:${child.port}`,
      username: ENGINE_USER,
      password: child.key,
      name: 'the embedded ClickHouse',
      isCountExact: true,
    };
  }

  /** Lets what is in flight finish, within 15 s; doing it twice is harmless. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#child?.stop();
    await this.#watching;
    this.#child = undefined;
    this.#set({ state: 'stopped' });
  }

  async #openFirst(): Promise<EngineChild> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#open();
      } catch (error) {
        const delayMs = IN_USE_WAITS_MS[attempt];
        if (delayMs === undefined || !isInUse(error)) throw error;
        await this.#wait(delayMs, this.#stopping.signal);
      }
    }
  }

  async #open(): Promise<EngineChild> {
    const { folder, connections = CONNECTIONS } = this.#options;
    const child = await openEngineChild({ folder, connections, signal: this.#stopping.signal });
    this.#child = child;
    this.#set({ state: 'ok', pid: child.pid, version: child.version });
    return child;
  }

  /** Waits for each process's end and starts the next, until `stop`. */
  async #watch(first: EngineChild): Promise<void> {
    let child: EngineChild | undefined = first;
    let failures = 0;
    while (child !== undefined) {
      const sinceUs = this.#options.clock.monotonicUs();
      const how = await child.ended;
      if (this.#stopping.signal.aborted) return;
      this.#child = undefined;
      if (this.#options.clock.monotonicUs() - sinceUs >= STEADY_MS * 1000) failures = 0;
      [child, failures] = await this.#openAgain(`The process with pid ${child.pid} ended: ${how}.`, failures);
    }
  }

  /** Tries until it is open or `stop` is called; returns with it how many failures there were in a row, the end itself included. */
  async #openAgain(why: string, failuresBefore: number): Promise<readonly [EngineChild | undefined, number]> {
    let problem = why;
    for (let failures = failuresBefore; ; failures++) {
      const delayMs = backoffMs(failures);
      this.#status = { ...this.#status, restarts: this.#status.restarts + 1 };
      this.#set({ state: 'unavailable', problem: `${problem} It is started again after ${delayMs} ms.` });
      try {
        await this.#wait(delayMs, this.#stopping.signal);
        return [await this.#open(), failures + 1];
      } catch (error) {
        if (this.#stopping.signal.aborted) return [undefined, failures];
        problem = messageOf(error);
      }
    }
  }

  #set(status: Omit<EngineStatus, 'restarts'>): void {
    this.#status = { restarts: this.#status.restarts, ...status };
  }
}

function backoffMs(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(failures, 20), MAX_BACKOFF_MS);
}

function isInUse(error: unknown): boolean {
  return error instanceof ThroughlineError && error.code === 'CLICKHOUSE_FOLDER_IN_USE';
}
