import type { EpochMs, EventLog, Fate } from '#core';
import { type MonthlyQuality, readMonthlyQuality } from '#drift';
import {
  emptyFates,
  type FateCounts,
  type PipelineDefinition,
  type PipelineRunner,
  type ReplaySource,
  type ReplayState,
} from '#runtime';

/** Where the line stands: for the progress bar, the API and the closing tables. */
export interface LineProgress {
  readonly published: number;
  /** Events that have met their fate; ahead of the disk by the commits in flight, and the same once the replay is done. */
  readonly eventsRead: number;
  /** Event time of the newest published event, epoch ms; undefined before the first. */
  readonly eventTimeMs: EpochMs | undefined;
  readonly fates: FateCounts;
  readonly reasons: Readonly<Record<string, number>>;
  readonly outcomes: { readonly positive: number; readonly negative: number; readonly open: number };
  /** All of the history is published, and every event of it has met its fate. */
  readonly isReplayDone: boolean;
  readonly replay: {
    /** none: the workspace has no history. */
    readonly state: ReplayState | 'none';
    /** Event seconds a second while live. */
    readonly speed: number | undefined;
  };
  /** Newest first. */
  readonly happenings: readonly string[];
}

export interface LineParts {
  readonly log: EventLog;
  readonly runner: PipelineRunner;
  readonly source: ReplaySource | undefined;
  readonly pipeline: PipelineDefinition;
}

/** How far the source may be ahead of the pipeline, in events. */
const MAX_LEAD_EVENTS = 20_000;
const MAX_HAPPENINGS = 20;

/** The running line: source and pipeline side by side, joined by back-pressure, and what they have done so far. */
export class Line {
  readonly log: EventLog;
  readonly #parts: LineParts;
  readonly #abort = new AbortController();
  readonly #happenings: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #running: Promise<void> | undefined;
  /** The last table, good until more events have met their fate. */
  #quality: { readonly at: number; readonly table: Promise<MonthlyQuality> } | undefined;

  constructor(parts: LineParts) {
    this.log = parts.log;
    this.#parts = parts;
  }

  /** Starts source and pipeline. The promise ends with stop(), or rejects with what the line could not recover from. */
  run(): Promise<void> {
    this.#running ??= this.#runBoth();
    return this.#running;
  }

  /** Resolves when the history's backlog (all of it, where no part plays live) is published and each event of it has met its fate. */
  async caughtUp(): Promise<void> {
    while (!this.isCaughtUp() && !this.#abort.signal.aborted) await this.#nextCommit();
  }

  isCaughtUp(): boolean {
    const { source, runner } = this.#parts;
    return source === undefined || runner.durableEvents >= (source.backlogEvents ?? Number.POSITIVE_INFINITY);
  }

  /** Ends the loops; resolves when what was begun is durable. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wake();
    await this.#running?.catch(() => undefined);
  }

  /** Tells the line that a batch is durable. */
  committed(): void {
    this.#wake();
  }

  announce(sentence: string): void {
    this.#happenings.unshift(sentence);
    this.#happenings.length = Math.min(this.#happenings.length, MAX_HAPPENINGS);
  }

  /** Holds the source back while it is too far ahead of the pipeline. */
  async room(published: number): Promise<void> {
    while (published - this.#parts.runner.durableEvents > MAX_LEAD_EVENTS && !this.#abort.signal.aborted)
      await this.#nextCommit();
  }

  progress(): LineProgress {
    const { runner } = this.#parts;
    const fates = emptyFates();
    const reasons: Record<string, number> = {};
    const outcomes = { positive: 0, negative: 0, open: 0 };
    let eventsRead = 0;
    for (const { progress, openPredictions } of runner.lanes) {
      eventsRead += progress.eventsRead;
      for (const fate of Object.keys(fates) as Fate[]) fates[fate] += progress.fates[fate];
      for (const [reason, count] of Object.entries(progress.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
      outcomes.positive += progress.outcomes.positive;
      outcomes.negative += progress.outcomes.negative;
      outcomes.open += openPredictions.size;
    }
    return { ...this.#sourceProgress(), eventsRead, fates, reasons, outcomes, happenings: this.#happenings };
  }

  #sourceProgress(): Pick<LineProgress, 'published' | 'eventTimeMs' | 'isReplayDone' | 'replay'> {
    const { source, runner } = this.#parts;
    if (source === undefined) {
      return { published: 0, eventTimeMs: undefined, isReplayDone: true, replay: { state: 'none', speed: undefined } };
    }
    const { state, speed } = source;
    const { published, timeMs } = source.position;
    return {
      published,
      eventTimeMs: published === 0 ? undefined : timeMs,
      isReplayDone: state === 'done' && runner.durableEvents >= published,
      replay: { state, speed },
    };
  }

  /** The model's quality by month, over the scored events whose horizon the watermark has passed. */
  quality(): Promise<MonthlyQuality> {
    const at = this.#parts.runner.durableEvents;
    if (this.#quality?.at === at) return this.#quality.table;
    const table = this.#readQuality();
    this.#quality = { at, table };
    table.catch(() => (this.#quality = undefined));
    return table;
  }

  /** Event time before which every outcome is final: the watermark less the horizon. */
  finalBeforeMs(): EpochMs {
    const { runner, pipeline } = this.#parts;
    return Math.min(...runner.lanes.map(({ progress }) => progress.watermarkMs)) - pipeline.outcome.horizonMs;
  }

  #readQuality(): Promise<MonthlyQuality> {
    const { log, pipeline } = this.#parts;
    return readMonthlyQuality(log, { pipeline: pipeline.name, finalBeforeMs: this.finalBeforeMs() });
  }

  /** One that fails ends the other; both have ended when this does. */
  async #runBoth(): Promise<void> {
    const { runner, source } = this.#parts;
    const { signal } = this.#abort;
    const failures: unknown[] = [];
    const end = (error: unknown): void => {
      failures.push(error);
      this.#abort.abort();
      this.#wake();
    };
    const published = (source?.run(signal) ?? Promise.resolve()).then(() => this.#wake());
    await Promise.all([runner.run(signal).catch(end), published.catch(end)]);
    this.#wake();
    if (failures.length > 0) throw failures[0];
  }

  #nextCommit(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
