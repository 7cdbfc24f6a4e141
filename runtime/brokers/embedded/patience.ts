import type { PollOptions } from '#core';

const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long one poll may wait: until its time is up, it is aborted, or something wakes it. */
export class Patience {
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;
  #over: boolean;
  #woken = false;
  #wake: (() => void) | undefined;

  constructor(options: PollOptions) {
    this.#signal = options.signal;
    this.#over = options.maxWaitMs <= 0;
    if (this.#over) return;
    this.#timer = setTimeout(() => this.#expire(), Math.min(options.maxWaitMs, MAX_TIMER_MS));
    this.#signal.addEventListener('abort', this.wake);
  }

  isOver(): boolean {
    return this.#over;
  }

  isAborted(): boolean {
    return this.#signal.aborted;
  }

  readonly wake = (): void => {
    this.#woken = true;
    this.#wake?.();
  };

  /** Resolves at the next wake(), abort or end of time; at once if that came since the last call. */
  orWoken(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#woken = false;
        this.#wake = undefined;
        resolve();
      };
      if (this.#woken || this.#over || this.#signal.aborted) finish();
      else this.#wake = finish;
    });
  }

  /** Takes timer and listener away. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.wake);
  }

  #expire(): void {
    this.#over = true;
    this.#wake?.();
  }
}
