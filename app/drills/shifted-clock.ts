import { type Clock, type EpochMs, systemClock } from '#core';

/** The machine's clock, so much behind: what was stored an hour ago was stored just now. */
export class ShiftedClock implements Clock {
  readonly #behindMs: number;

  /** Goes on from this time. */
  constructor(fromMs: EpochMs) {
    this.#behindMs = systemClock.now() - fromMs;
  }

  now(): EpochMs {
    return systemClock.now() - this.#behindMs;
  }

  monotonicUs(): number {
    return systemClock.monotonicUs();
  }
}
