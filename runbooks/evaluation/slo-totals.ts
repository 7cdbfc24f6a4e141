import { type EpochMs, messageOf } from '#core';

/** Events of an SLO. */
export interface SloCount {
  readonly slo: string;
  readonly pipeline: string;
  readonly events: number;
  readonly bad: number;
}

export interface CountWindow {
  /** Processing clock, exclusive: a window begins where the one before ended. */
  readonly fromMs: EpochMs;
  /** Inclusive. */
  readonly toMs: EpochMs;
  readonly signal: AbortSignal;
}

/** Counts the events of every SLO within a window. */
export type CountSlos = (window: CountWindow) => Promise<readonly SloCount[]>;

/** After the store was away, no more than this is counted: Prometheus has looked away as well. */
const MAX_WINDOW_MS = 3_600_000;

/**
 * Cumulative counts since this process began, for counters: each moment is counted once, `settleMs` after it, when its records are
 * stored. They begin at 0 with each process, as counters may.
 */
export class SloTotals {
  readonly #count: CountSlos;
  readonly #settleMs: number;
  readonly #totals = new Map<string, SloCount>();
  #fromMs: EpochMs | undefined;
  #problem: string | undefined;

  constructor(count: CountSlos, settleMs: number) {
    this.#count = count;
    this.#settleMs = settleMs;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  totals(): readonly SloCount[] {
    return [...this.#totals.values()];
  }

  /** Counts on up to now; a failure leaves the window to the next call. */
  async advance(nowMs: EpochMs, signal: AbortSignal): Promise<void> {
    const toMs = nowMs - this.#settleMs;
    const fromMs = Math.max(this.#fromMs ?? toMs, toMs - MAX_WINDOW_MS);
    try {
      for (const count of await this.#count({ fromMs, toMs, signal })) this.#add(count);
      this.#fromMs = toMs;
      this.#problem = undefined;
    } catch (error) {
      this.#fromMs ??= fromMs;
      if (!signal.aborted) this.#problem = `events of SLOs cannot be counted: ${messageOf(error)}`;
    }
  }

  #add({ slo, pipeline, events, bad }: SloCount): void {
    const before = this.#totals.get(`${pipeline}/${slo}`);
    const after = { slo, pipeline, events: (before?.events ?? 0) + events, bad: (before?.bad ?? 0) + bad };
    this.#totals.set(`${pipeline}/${slo}`, after);
  }
}
