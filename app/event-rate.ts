import type { Clock } from '#core';

const WINDOW_US = 60_000_000;
/** Readings closer together than this say nothing of a rate. */
const MIN_SPAN_US = 500_000;

/** Events a second over the last minute, from readings of a counter: whoever wants to know the rate takes one. */
export class EventRate {
  readonly #clock: Clock;
  #readings: { readonly atUs: number; readonly events: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a reading; undefined where there is none before it, within the last minute, to compare it with. */
  take(events: number): number | undefined {
    const atUs = this.#clock.monotonicUs();
    this.#readings = this.#readings.filter((reading) => reading.atUs >= atUs - WINDOW_US);
    const oldest = this.#readings[0];
    const newest = this.#readings.at(-1);
    if (newest === undefined || atUs - newest.atUs >= MIN_SPAN_US) this.#readings.push({ atUs, events });
    if (oldest === undefined || atUs - oldest.atUs < MIN_SPAN_US) return undefined;
    return Math.max(0, ((events - oldest.events) / (atUs - oldest.atUs)) * 1e6);
  }
}
