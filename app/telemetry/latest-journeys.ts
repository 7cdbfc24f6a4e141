import { traceOf } from '#collector';
import type { Clock, CompletedBatch, CompletedEvent, JourneyObserver, JourneySummary } from '#core';

const KEPT = 12;
/** While a backlog is replayed hundreds of batches end in a second: a person reads one in a while. */
const MIN_BETWEEN_US = 200_000;

export interface LatestJourneysOptions {
  readonly clock: Clock;
  /** Bound of a pipeline’s latency, µs. */
  readonly breachUs: (pipeline: string) => number;
}

/** The newest decisions and quarantined events, from memory; of a backlog only some. */
export class LatestJourneys implements JourneyObserver {
  readonly #options: LatestJourneysOptions;
  #latest: readonly JourneySummary[] = [];
  #takenUs = Number.NEGATIVE_INFINITY;
  #isDue = true;

  constructor(options: LatestJourneysOptions) {
    this.#options = options;
  }

  wants(event: CompletedEvent): boolean {
    return isOfInterest(event) && (this.#isDue || !event.backlog);
  }

  completed(batch: CompletedBatch): void {
    const nowUs = this.#options.clock.monotonicUs();
    const newest = batch.events.filter((event) => this.wants(event)).slice(-KEPT);
    if (newest.length > 0) {
      const summaries = newest.reverse().map((event) => this.#summaryOf(event, batch));
      this.#latest = [...summaries, ...this.#latest].slice(0, KEPT);
      this.#takenUs = nowUs;
    }
    this.#isDue = nowUs - this.#takenUs >= MIN_BETWEEN_US;
  }

  /** Newest first, at most 12. */
  list(): readonly JourneySummary[] {
    return this.#latest;
  }

  #summaryOf(event: CompletedEvent, { batch }: CompletedBatch): JourneySummary {
    const { source, id, type, timeMs } = event.event;
    const isDecision = event.predictionId !== undefined;
    const endToEndUs = isDecision ? (batch.polledMs - event.appendedMs) * 1000 + batch.publish[1] : null;
    const isLive = !event.backlog && event.appendedMs <= batch.polledMs;
    return {
      fate: event.fate,
      event: { source, id, type, time: new Date(timeMs).toISOString() },
      entity: null,
      pipeline: batch.pipeline,
      ...scoringOf(event),
      label: null,
      reason: event.reason ?? null,
      traceId: traceOf(event.event, event.traceparent).traceId,
      endToEndUs,
      isBreach: isLive && endToEndUs !== null && endToEndUs > this.#options.breachUs(batch.pipeline),
      replay: event.replay,
    };
  }
}

function isOfInterest({ fate }: CompletedEvent): boolean {
  return fate === 'scored' || fate === 'collecting' || fate === 'quarantined';
}

function scoringOf({ model, score, decision }: CompletedEvent): Pick<JourneySummary, 'model' | 'score' | 'decision'> {
  return { model: model ?? null, score: score ?? null, decision: decision ?? null };
}
