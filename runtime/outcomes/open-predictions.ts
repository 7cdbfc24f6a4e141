import { type EpochMs, type EventRef, type OutcomeRecord, STORES, type StateEntry, type StateWrite } from '#core';
import type { PipelineDefinition } from '../pipeline/definition.ts';

/** A prediction (or collected event) whose label is not known yet. */
export interface OpenPrediction {
  readonly predictionId: string;
  /** The scored event's offset in its partition. */
  readonly offset: number;
  readonly event: EventRef;
  readonly entity: string;
  /** Event time of the scored event, epoch ms. */
  readonly timeMs: EpochMs;
}

interface Settlement {
  readonly label: 0 | 1;
  readonly maturedAtMs: EpochMs;
  readonly settledBy?: EventRef;
}

/**
 * The join of predictions with their outcomes, for one partition. Positive: the next settling event of the entity with a later
 * event time, within the horizon (its end included). Negative: the watermark has passed the horizon's end without one.
 */
export class OpenPredictions {
  readonly #partition: number;
  readonly #definition: PipelineDefinition;
  readonly #byEntity = new Map<string, OpenPrediction[]>();
  /** Ascending by event time, so by the horizon's end; settled ones are skipped when they come up. */
  readonly #due: OpenPrediction[] = [];
  #dueFrom = 0;
  readonly #writes = new Map<string, Uint8Array | undefined>();
  #size = 0;

  constructor(partition: number, definition: PipelineDefinition) {
    this.#partition = partition;
    this.#definition = definition;
  }

  /** How many predictions wait for their outcome. */
  get size(): number {
    return this.#size;
  }

  restore(entry: StateEntry): void {
    this.#insert(parseOpenPrediction(entry.value));
  }

  open(prediction: OpenPrediction): void {
    this.#insert(prediction);
    this.#writes.set(keyOf(prediction), Buffer.from(JSON.stringify(prediction)));
  }

  /** A settling event of an entity: labels its open predictions of earlier event time positive. */
  settle(entity: string, event: EventRef & { readonly timeMs: EpochMs }): OutcomeRecord[] {
    const open = this.#byEntity.get(entity);
    if (open === undefined) return [];
    const settled = open.filter(
      ({ timeMs }) => timeMs < event.timeMs && event.timeMs - timeMs <= this.#definition.outcome.horizonMs,
    );
    settled.sort((left, right) => (comesAfter(left, right) ? 1 : -1));
    const settledBy = { source: event.source, id: event.id };
    return settled.map((prediction) => this.#close(prediction, { label: 1, maturedAtMs: event.timeMs, settledBy }));
  }

  /** Labels negative what the watermark has left behind by more than the horizon. */
  mature(watermarkMs: EpochMs): OutcomeRecord[] {
    const { horizonMs } = this.#definition.outcome;
    const outcomes: OutcomeRecord[] = [];
    for (let next = this.#due[this.#dueFrom]; next !== undefined; next = this.#due[this.#dueFrom]) {
      if (next.timeMs + horizonMs >= watermarkMs) break;
      this.#dueFrom += 1;
      if (!this.#isOpen(next)) continue;
      outcomes.push(this.#close(next, { label: 0, maturedAtMs: next.timeMs + horizonMs }));
    }
    this.#compactDue();
    return outcomes;
  }

  takeWrites(): StateWrite[] {
    const writes = [...this.#writes].map(([key, value]) => ({
      store: STORES.openPredictions,
      partition: this.#partition,
      key,
      value,
    }));
    this.#writes.clear();
    return writes;
  }

  #insert(prediction: OpenPrediction): void {
    const open = this.#byEntity.get(prediction.entity);
    if (open === undefined) this.#byEntity.set(prediction.entity, [prediction]);
    else open.push(prediction);
    this.#size += 1;
    let at = this.#due.length;
    while (at > this.#dueFrom && comesAfter(this.#due[at - 1], prediction)) at -= 1;
    this.#due.splice(at, 0, prediction);
  }

  #isOpen(prediction: OpenPrediction): boolean {
    return this.#byEntity.get(prediction.entity)?.includes(prediction) ?? false;
  }

  #close(prediction: OpenPrediction, { label, maturedAtMs, settledBy }: Settlement): OutcomeRecord {
    const left = (this.#byEntity.get(prediction.entity) ?? []).filter((other) => other !== prediction);
    if (left.length === 0) this.#byEntity.delete(prediction.entity);
    else this.#byEntity.set(prediction.entity, left);
    this.#size -= 1;
    this.#writes.set(keyOf(prediction), undefined);
    return {
      outcome: this.#definition.outcome.name,
      predictionId: prediction.predictionId,
      pipeline: this.#definition.name,
      event: prediction.event,
      entity: prediction.entity,
      label,
      predictedAtMs: prediction.timeMs,
      maturedAtMs,
      ...(settledBy === undefined ? {} : { settledBy }),
    };
  }

  #compactDue(): void {
    if (this.#dueFrom < 1024 || this.#dueFrom * 2 < this.#due.length) return;
    this.#due.splice(0, this.#dueFrom);
    this.#dueFrom = 0;
  }
}

/** Keys follow the log: a batch's new predictions land side by side in the store, not each on a page of its own. */
function keyOf({ offset }: OpenPrediction): string {
  return String(offset).padStart(16, '0');
}

/** Order of maturing: event time, then offset, so that a restored partition matures in the same order. */
function comesAfter(left: OpenPrediction | undefined, right: OpenPrediction): boolean {
  if (left === undefined || left.timeMs < right.timeMs) return false;
  return left.timeMs > right.timeMs || left.offset > right.offset;
}

function parseOpenPrediction(bytes: Uint8Array): OpenPrediction {
  return JSON.parse(new TextDecoder().decode(bytes)) as OpenPrediction;
}
