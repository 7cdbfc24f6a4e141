import type { CompletedEvent } from '#core';
import { type EventInFlight, positionOf, recordedEvent } from './batch.ts';

/** Shows one event after the other to observers: most are looked at and let go, so nothing is made of them before somebody asks. */
export class EventGlance implements CompletedEvent {
  #event: EventInFlight | undefined;

  /** Moves on to the next event. */
  at(event: EventInFlight): CompletedEvent {
    this.#event = event;
    return this;
  }

  /** What it shows now, to keep: nothing of the event's data, features or record is held by it. */
  copy(): CompletedEvent {
    const { event, position, appendedMs, fate, replay, backlog, traceId, traceparent, contract } = this;
    const { reason, detail, views, predictionId, model, score, decision } = this;
    const verdict = { reason, detail, views, predictionId, model, score, decision };
    return { event, position, appendedMs, fate, replay, backlog, traceId, traceparent, contract, ...verdict };
  }

  get event(): CompletedEvent['event'] {
    return recordedEvent(this.#shown);
  }

  get position(): CompletedEvent['position'] {
    return positionOf(this.#shown);
  }

  get appendedMs(): number {
    return this.#shown.record.timestampMs;
  }

  get fate(): CompletedEvent['fate'] {
    return this.#shown.fate ?? 'accepted';
  }

  get replay(): boolean {
    return this.#shown.isReplay;
  }

  get backlog(): boolean {
    return this.#shown.isBacklog;
  }

  get traceId(): string | undefined {
    return this.#shown.traceId;
  }

  get traceparent(): string | undefined {
    return this.#shown.envelope?.traceparent;
  }

  get contract(): CompletedEvent['contract'] {
    return this.#shown.contract;
  }

  get reason(): string | undefined {
    return this.#shown.reason;
  }

  get detail(): string | undefined {
    return this.#shown.detail;
  }

  get views(): CompletedEvent['views'] {
    return this.#shown.views;
  }

  get predictionId(): string | undefined {
    return this.#shown.predictionId;
  }

  get model(): CompletedEvent['model'] {
    const { model } = this.#shown;
    return model === undefined ? undefined : { ...model, role: 'live' };
  }

  get score(): number | undefined {
    return this.#shown.score;
  }

  get decision(): string | undefined {
    return this.#shown.decision;
  }

  get #shown(): EventInFlight {
    if (this.#event === undefined) throw new TypeError('at() comes first');
    return this.#event;
  }
}
