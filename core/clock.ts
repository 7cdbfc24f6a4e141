import { hrtime } from 'node:process';

/** Milliseconds since 1970-01-01T00:00:00Z, on either clock. */
export type EpochMs = number;

/** The processing clock: wall time for time stamps, a monotonic reading for durations. Passed in, never global. */
export interface Clock {
  /** Wall time, epoch ms. */
  now(): EpochMs;
  /** Monotonic reading in microseconds; only differences mean something, also between the threads of one process. */
  monotonicUs(): number;
}

/** The machine's clock: the only reader of `Date.now()`. `performance.now()` would count from each thread's own start. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicUs: () => {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e6 + nanoseconds / 1e3;
  },
};

/** A clock for tests that stands still until it is told to move. */
export class ManualClock implements Clock {
  #nowMs: EpochMs;

  constructor(startMs: EpochMs = 0) {
    this.#nowMs = startMs;
  }

  now(): EpochMs {
    return this.#nowMs;
  }

  monotonicUs(): number {
    return this.#nowMs * 1000;
  }

  advance(ms: number): void {
    if (ms < 0) throw new RangeError(`a clock does not go back: advance(${ms})`);
    this.#nowMs += ms;
  }
}
