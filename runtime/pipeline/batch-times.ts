import type { EpochMs, MarkPair, StageMarks } from '#core';

/** What a stage's time counts for: a pair of the decision record, or the batch record's publish. */
export type TimedPart = keyof StageMarks | 'publish';

/** Two readings of the processing clock, µs. */
export interface Readings {
  readonly fromUs: number;
  readonly toUs: number;
}

const UNMARKED: MarkPair = [0, 0];

/** When a batch was polled, and its pairs of marks: whole µs after that. */
export class BatchTimes {
  readonly polledMs: EpochMs;
  readonly polledUs: number;
  readonly #pairs = new Map<TimedPart, MarkPair>();

  constructor(polled: { readonly polledMs: EpochMs; readonly polledUs: number }) {
    this.polledMs = polled.polledMs;
    this.polledUs = polled.polledUs;
  }

  /** Adds to a part: it lasts from the first reading it got to the last one, so that several stages may make up one part. */
  take(part: TimedPart, { fromUs, toUs }: Readings): void {
    const [firstUs] = this.#pairs.get(part) ?? [Math.round(fromUs - this.polledUs)];
    this.#pairs.set(part, [firstUs, Math.round(toUs - this.polledUs)]);
  }

  /** Empty at 0 where the part never came. */
  pair(part: TimedPart): MarkPair {
    return this.#pairs.get(part) ?? UNMARKED;
  }

  stageMarks(): StageMarks {
    return {
      batchWait: this.pair('batchWait'),
      contract: this.pair('contract'),
      featureRead: this.pair('featureRead'),
      modelQueue: this.pair('modelQueue'),
      modelCompute: this.pair('modelCompute'),
      decide: this.pair('decide'),
    };
  }
}
