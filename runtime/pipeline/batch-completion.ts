import { type BatchRecord, type Clock, type CompletedEvent, HEADERS, type JourneyObserver, type NewRecord, TOPICS } from '#core';
import type { Batch } from './batch.ts';
import type { BatchTimes } from './batch-times.ts';
import type { PipelineDefinition } from './definition.ts';
import { EventGlance } from './event-glance.ts';

export interface CompletionDeps {
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly observer?: JourneyObserver | undefined;
}

type Counts = Pick<BatchRecord, 'events' | 'decisions' | 'skewed' | 'brokerWaitUs'>;
type Draft = Counts & Pick<BatchRecord, 'batchId' | 'pipeline'> & { readonly times: BatchTimes; readonly partition: number };

const US_PER_MS = 1000;
const JSON_HEADERS = { [HEADERS.contentType]: 'application/json' };

/**
 * What follows a batch's commit: its batch record, which can only be written with a later commit, and the observer's look at it.
 * A process that ends before that later commit loses the batch's publish time, and nothing else.
 */
export class BatchCompletion {
  readonly #deps: CompletionDeps;
  #waiting: NewRecord[] = [];
  #observerFailures = 0;

  constructor(deps: CompletionDeps) {
    this.#deps = deps;
  }

  /** How often the observer threw: nothing of the pipeline depends on it. */
  get observerFailures(): number {
    return this.#observerFailures;
  }

  /** To be called when the batch is committed; what it returns, as soon as that is durable. */
  begin({ id, items, times }: Batch): () => void {
    const { definition, observer } = this.#deps;
    const partition = items[0]?.lane.partition ?? 0;
    const draft = { batchId: id, pipeline: definition.name, times, partition, ...countsOf(items, times) };
    // A closure in sight of the items would hold their memory until then: what is not wanted must die young.
    return observer === undefined ? this.#ending(draft) : this.#observedEnding(draft, this.#wantedOf(items, observer));
  }

  /** Batch records for the commit that is being made. */
  take(): readonly NewRecord[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** The commit they were taken for failed. */
  putBack(records: readonly NewRecord[]): void {
    this.#waiting.unshift(...records);
  }

  /** Only batches with decisions have a record on the topic. */
  #written({ times, partition, ...draft }: Draft): BatchRecord {
    const { clock } = this.#deps;
    const [publishFromUs] = times.pair('publish');
    const publishToUs = Math.round(clock.monotonicUs() - times.polledUs);
    const record: BatchRecord = {
      ...draft,
      polledMs: times.polledMs,
      publishedMs: clock.now(),
      marks: times.stageMarks(),
      publish: [publishFromUs, publishToUs],
      endToEndUs: draft.brokerWaitUs.map((waitUs) => waitUs + publishToUs),
    };
    if (record.decisions > 0) {
      this.#waiting.push({ topic: TOPICS.batches, partition, headers: JSON_HEADERS, value: JSON.stringify(record) });
    }
    return record;
  }

  #ending(draft: Draft): () => void {
    return () => void this.#written(draft);
  }

  #wantedOf(items: Batch['items'], observer: JourneyObserver): readonly CompletedEvent[] {
    const wanted: CompletedEvent[] = [];
    const glance = new EventGlance();
    for (const item of items) {
      if (item.kind === 'event' && this.#isWanted(glance.at(item), observer)) wanted.push(glance.copy());
    }
    return wanted;
  }

  #isWanted(event: CompletedEvent, observer: JourneyObserver): boolean {
    try {
      return observer.wants?.(event) ?? true;
    } catch {
      this.#observerFailures += 1;
      return false;
    }
  }

  #observedEnding(draft: Draft, events: readonly CompletedEvent[]): () => void {
    return () => {
      const batch = this.#written(draft);
      if (batch.events === 0) return;
      const { topic, predictionTopic } = this.#deps.definition;
      try {
        this.#deps.observer?.completed({ batch, topic, predictionTopic, events });
      } catch {
        this.#observerFailures += 1;
      }
    };
  }
}

function countsOf(items: Batch['items'], { polledMs }: BatchTimes): Counts {
  const brokerWaitUs: number[] = [];
  let [events, decisions, skewed] = [0, 0, 0];
  for (const item of items) {
    if (item.kind === 'watermark') continue;
    events += 1;
    if (item.fate !== 'scored' && item.fate !== 'collecting') continue;
    decisions += 1;
    if (item.isBacklog) continue;
    const waitUs = (polledMs - item.record.timestampMs) * US_PER_MS;
    if (waitUs < 0) skewed += 1;
    else brokerWaitUs.push(waitUs);
  }
  return { events, decisions, skewed, brokerWaitUs };
}
