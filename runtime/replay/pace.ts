import { type Clock, type EpochMs, parseDuration } from '#core';
import type { LivePart } from '../config.ts';

/** Events that are due go together at most this often: no event is later than that, and no commit is for one event alone in a rush. */
const CHUNK_EVERY_US = 100_000;
/** Whoever is further behind (a slow pipeline, a machine that slept) goes on from there: no burst makes up for it. */
const MAX_BEHIND_US = 1_000_000;
const US_PER_MS = 1000;

/** When the events of a live part are due. Called in the events' order. */
export interface Pacing {
  /** How long to wait before the event's chunk may be published, ms. */
  waitMs(timeMs: EpochMs): number;
  /** Whether the event's time has come; then the next is counted from it. */
  takeDue(timeMs: EpochMs): boolean;
}

/**
 * When events of a history are due on the processing clock: as far apart as in their own time, divided by the speed, and never
 * further than the longest pause. The first one asked for is due at once: a pace begins where the last start ended.
 */
export class Pace implements Pacing {
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #maxPauseUs: number;
  #last: { readonly timeMs: EpochMs; readonly dueUs: number } | undefined;
  #chunkUs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, live: LivePart) {
    this.#clock = clock;
    this.#speed = live.speed;
    this.#maxPauseUs = parseDuration(live.maxPause) * US_PER_MS;
  }

  /** How long to wait before the event's chunk may be published, ms. */
  waitMs(timeMs: EpochMs): number {
    const fromUs = Math.max(this.#dueUs(timeMs), this.#chunkUs + CHUNK_EVERY_US);
    return Math.max(0, Math.ceil((fromUs - this.#clock.monotonicUs()) / US_PER_MS));
  }

  /** Whether the event's time has come; then the next is counted from it. Called in the events' order. */
  takeDue(timeMs: EpochMs): boolean {
    const dueUs = this.#dueUs(timeMs);
    const nowUs = this.#clock.monotonicUs();
    if (dueUs > nowUs) return false;
    this.#last = { timeMs, dueUs: Math.max(dueUs, nowUs - MAX_BEHIND_US) };
    this.#chunkUs = nowUs;
    return true;
  }

  #dueUs(timeMs: EpochMs): number {
    if (this.#last === undefined) return this.#clock.monotonicUs();
    const gapUs = ((timeMs - this.#last.timeMs) / this.#speed) * US_PER_MS;
    return this.#last.dueUs + Math.min(gapUs, this.#maxPauseUs);
  }
}
