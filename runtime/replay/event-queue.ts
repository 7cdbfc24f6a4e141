import type { HistoricEvent } from './history.ts';

/** A history's events one by one, with a look at the next. */
export class EventQueue {
  readonly #events: Iterator<HistoricEvent, undefined>;
  #next: HistoricEvent | undefined;

  /** Leaves the first `skipped` events out. */
  constructor(events: Iterable<HistoricEvent, undefined>, skipped: number) {
    this.#events = events[Symbol.iterator]();
    for (let count = 0; count < skipped; count++) this.#events.next();
    this.#next = this.#events.next().value;
  }

  /** undefined at the history's end. */
  peek(): HistoricEvent | undefined {
    return this.#next;
  }

  shift(): void {
    this.#next = this.#events.next().value;
  }
}
