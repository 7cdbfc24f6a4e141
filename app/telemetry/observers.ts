import type { CompletedBatch, CompletedEvent, JourneyObserver } from '#core';

/** Lets several look at what was done. One that throws does not keep the others from looking. */
export class Observers implements JourneyObserver {
  readonly #observers: JourneyObserver[] = [];

  add(observer: JourneyObserver): void {
    this.#observers.push(observer);
  }

  wants(event: CompletedEvent): boolean {
    return this.#observers.some((observer) => observer.wants?.(event) ?? true);
  }

  completed(batch: CompletedBatch): void {
    const failures: unknown[] = [];
    for (const observer of this.#observers) {
      try {
        observer.completed(batch);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
