import type { Clock, EpochMs } from '#core';
import type { Pacing } from '#runtime';

/** Events that are due go together at most this often. */
const CHUNK_EVERY_US = 50_000;

/** So many events a second, whatever their own times are. */
export class SteadyPace implements Pacing {
  readonly #clock: Clock;
  readonly #gapUs: number;
  #dueUs: number | undefined;
  #chunkUs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, eventsPerSecond: number) {
    this.#clock = clock;
    this.#gapUs = 1e6 / eventsPerSecond;
  }

  waitMs(_timeMs: EpochMs): number {
    const nowUs = this.#clock.monotonicUs();
    return Math.max(0, Math.ceil((Math.max(this.#dueUs ?? nowUs, this.#chunkUs + CHUNK_EVERY_US) - nowUs) / 1000));
  }

  takeDue(_timeMs: EpochMs): boolean {
    const nowUs = this.#clock.monotonicUs();
    const dueUs = this.#dueUs ?? nowUs;
    if (dueUs > nowUs) return false;
    this.#dueUs = dueUs + this.#gapUs;
    this.#chunkUs = nowUs;
    return true;
  }
}
