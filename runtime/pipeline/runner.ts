import {
  type Clock,
  type Consumer,
  type EpochMs,
  type EventLog,
  type JourneyObserver,
  type LogPosition,
  messageOf,
  type PolledBatch,
  ThroughlineError,
} from '#core';
import { runtimeError } from '../errors.ts';
import type { FeatureView } from '../features/view.ts';
import type { Batch, Stage } from './batch.ts';
import { assembleBatch } from './batch-assembly.ts';
import { BatchCompletion } from './batch-completion.ts';
import type { PipelineDefinition } from './definition.ts';
import type { Lane } from './lane.ts';
import { openLane } from './lanes.ts';

/** An event time at which every partition stops until something is decided, so that the decision holds from a known position. */
export interface Barrier {
  /**
   * Partitions stop behind their first watermark at or past it. Number.NEGATIVE_INFINITY: where they are, at the next step, with
   * nothing more read; so a person's decision takes hold at once.
   */
  readonly atMs: EpochMs;
  /**
   * Everything before `positions` (of this runner's partitions) is durable. The barrier is gone when this resolves. Where it throws,
   * it is asked again as a failed batch is: a few times, or never where the error says that no retry can help.
   */
  answer(positions: readonly LogPosition[], signal: AbortSignal): Promise<void>;
}

/** A try that failed; partitions that another member took over are none. */
export interface PipelineFailure {
  readonly error: unknown;
  /** Counts from 1 since the last success. */
  readonly attempt: number;
  /** The pipeline gives up. */
  readonly isStopped: boolean;
}

export interface RunnerDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly definition: PipelineDefinition;
  readonly views: readonly FeatureView[];
  readonly stages: readonly Stage[];
  /** The next barrier that is not answered yet. */
  readonly nextBarrier: () => Barrier | undefined;
  /** Called after each durable batch. */
  readonly onCommitted?: () => void;
  /** Told of each try that failed, before the next one; must return at once and never throw. */
  readonly onFailure?: (failure: PipelineFailure) => void;
  /** Looks at each durable batch; one that throws hurts nothing. */
  readonly observer?: JourneyObserver;
}

/** Commits under way at once: processing goes on while the disk is written. */
const MAX_COMMITS_IN_FLIGHT = 4;
/** A batch that fails is tried again from durable state this often; then the pipeline stops. */
const MAX_RETRIES = 3;
const EVICT_EVERY_MS = 86_400_000;
/** The code by which a broker refuses the work of a partition that was lost (core/ports.ts). */
const LOST_PARTITION = 'BROKER_GENERATION_STALE';

/**
 * Runs a pipeline: polls its topic, takes batches through the stages, and commits output, state, offsets and outbox together.
 * Memory is ahead of the log by the commits in flight; after any failure it is thrown away and read again from what is durable.
 */
export class PipelineRunner {
  readonly #deps: RunnerDeps;
  readonly #lanes = new Map<number, Lane>();
  readonly #evictedMs = new Map<number, EpochMs>();
  readonly #stageUs = new Map<string, number>();
  readonly #commits: Promise<void>[] = [];
  /** Events read by partition, as of what is durable; the lanes' own counts are ahead of it by the commits in flight. */
  readonly #durableEvents = new Map<number, number>();
  readonly #completion: BatchCompletion;
  #consumer: Consumer | undefined;
  #startedMs: EpochMs = 0;
  #failures = 0;
  /** The first commit that failed since memory was last read from durable state. */
  #failedCommit: { readonly error: unknown } | undefined;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#completion = new BatchCompletion(deps);
  }

  /** Partitions that this runner works on. */
  get lanes(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  /** Events whose fate is durable. */
  get durableEvents(): number {
    let total = 0;
    for (const events of this.#durableEvents.values()) total += events;
    return total;
  }

  /** Microseconds of wall time spent in each stage so far; the model stage includes waiting for its worker. */
  get stageUs(): ReadonlyMap<string, number> {
    return this.#stageUs;
  }

  /** How often the observer threw. */
  get observerFailures(): number {
    return this.#completion.observerFailures;
  }

  /** Joins the group and brings the lanes back to their last commit. What the log holds by now is backlog. */
  async start(): Promise<void> {
    const { log, clock, definition } = this.#deps;
    this.#startedMs = clock.now();
    this.#failures = 0;
    this.#lanes.clear();
    this.#consumer = await log.join({
      group: definition.name,
      topics: [definition.topic],
      from: 'start',
      onRevoked: (partitions) => {
        for (const { partition } of partitions) {
          this.#lanes.delete(partition);
          this.#durableEvents.delete(partition);
        }
      },
    });
    await this.#restoreLanes(this.#consumer);
  }

  /** Processes until the signal; resolves when what was begun is durable. Throws what it cannot recover from. */
  async run(signal: AbortSignal): Promise<void> {
    const consumer = this.#consumer;
    if (consumer === undefined) throw new TypeError('start() comes before run()');
    while (!signal.aborted) {
      try {
        await this.#step(consumer, signal);
      } catch (error) {
        await this.#recover(consumer, error);
      }
    }
    await this.#settle();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#commits);
    await this.#consumer?.close();
    this.#consumer = undefined;
  }

  async #step(consumer: Consumer, signal: AbortSignal): Promise<void> {
    await this.#restoreLanes(consumer);
    const barrier = this.#deps.nextBarrier();
    if (barrier !== undefined && this.#allAt(barrier)) {
      await this.#settle();
      await barrier.answer(this.#positions(), signal);
      this.#failures = 0;
      consumer.resume(consumer.assignment());
      return;
    }
    this.#pauseAt(consumer, barrier);
    const { definition, clock } = this.#deps;
    const polled = await consumer.poll({ maxRecords: definition.maxBatchEvents, maxWaitMs: definition.maxBatchWaitMs, signal });
    if (polled.length === 0) return this.#settle();
    const { batch, stopped } = assembleBatch(polled, {
      name: definition.name,
      onError: definition.onError,
      lanes: this.#lanes,
      polledMs: clock.now(),
      polledUs: clock.monotonicUs(),
      startedMs: this.#startedMs,
      barrierMs: barrier?.atMs,
    });
    for (const { partition, offset } of stopped) consumer.seek({ topic: definition.topic, partition, offset });
    await this.#process(batch, signal);
    this.#evict(polled);
    await this.#commit(batch, consumer);
  }

  async #process(batch: Batch, signal: AbortSignal): Promise<void> {
    const { clock, stages } = this.#deps;
    batch.times.take('batchWait', { fromUs: batch.times.polledUs, toUs: clock.monotonicUs() });
    for (const stage of stages) {
      const fromUs = clock.monotonicUs();
      await stage.run(batch, signal);
      const toUs = clock.monotonicUs();
      if (stage.part !== undefined) batch.times.take(stage.part, { fromUs, toUs });
      this.#stageUs.set(stage.name, (this.#stageUs.get(stage.name) ?? 0) + toUs - fromUs);
    }
  }

  async #commit(batch: Batch, consumer: Consumer): Promise<void> {
    // Memory holds the effects of the failed batch: committing on top of it would leave its records out for ever.
    if (this.#failedCommit !== undefined) throw this.#failedCommit.error;
    const { log, definition, onCommitted } = this.#deps;
    const lanes = new Set(batch.items.map((item) => item.lane));
    const positions = [...lanes].map(({ partition, progress }) => ({
      topic: definition.topic,
      partition,
      offset: progress.offset,
    }));
    const events = [...lanes].map(({ partition, progress }) => [partition, progress.eventsRead] as const);
    const told = this.#completion.take();
    batch.records.push(...told);
    const completed = this.#completion.begin(batch);
    const commit = log.commit({ records: batch.records, state: batch.state, offsets: { consumer, positions } }).then(() => {
      this.#failures = 0;
      for (const [partition, count] of events) this.#durableEvents.set(partition, count);
      completed();
      onCommitted?.();
    });
    // The failure is met where the commit is awaited, or by the next commit; until then it must not count as unhandled.
    commit.catch((error: unknown) => {
      this.#failedCommit ??= { error };
      this.#completion.putBack(told);
    });
    this.#commits.push(commit);
    if (this.#commits.length >= MAX_COMMITS_IN_FLIGHT) await this.#commits.shift();
  }

  /** Nothing is under way when this resolves, and no batch record waits for a next batch. */
  async #settle(): Promise<void> {
    await this.#drain();
    const records = this.#completion.take();
    if (records.length === 0) return;
    try {
      await this.#deps.log.commit({ records });
    } catch (error) {
      this.#completion.putBack(records);
      throw error;
    }
  }

  async #drain(): Promise<void> {
    for (let commit = this.#commits.shift(); commit !== undefined; commit = this.#commits.shift()) await commit;
  }

  async #recover(consumer: Consumer, met: unknown): Promise<void> {
    // What was met first may only follow from the oldest commit that failed.
    const settled = await Promise.allSettled(this.#commits.splice(0));
    const error: unknown = settled.find((result) => result.status === 'rejected')?.reason ?? met;
    this.#failedCommit = undefined;
    // Partitions moved to another member meanwhile: no failure; what was begun for them is the other's to do.
    const isLost = error instanceof ThroughlineError && error.code === LOST_PARTITION;
    if (!isLost) this.#failed(error);
    this.#lanes.clear();
    consumer.resume(consumer.assignment());
    await this.#restoreLanes(consumer);
  }

  /** Counts and tells a try that failed. Throws where there is none after it. */
  #failed(error: unknown): void {
    this.#failures += 1;
    const isHopeless = error instanceof ThroughlineError && !error.retryable;
    const isStopped = isHopeless || this.#failures > MAX_RETRIES;
    this.#deps.onFailure?.({ error, attempt: this.#failures, isStopped });
    if (isStopped) throw isHopeless ? error : this.#gaveUp(error);
  }

  #gaveUp(error: unknown): Error {
    const sentence =
      `pipeline ${this.#deps.definition.name} failed ${this.#failures} times at ${this.#where()}: ${messageOf(error)}; ` +
      'nothing that was acknowledged is lost: mend the cause and start again, it goes on from there';
    return runtimeError('RUNTIME_BATCH_FAILED', sentence, { cause: error });
  }

  #where(): string {
    return this.#positions()
      .map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`)
      .join(', ');
  }

  /** Lanes for partitions that are assigned and not in memory: after start, after an assignment, after a failure. */
  async #restoreLanes(consumer: Consumer): Promise<void> {
    for (const { topic, partition } of consumer.assignment()) {
      if (this.#lanes.has(partition)) continue;
      const lane = await openLane(partition, this.#deps);
      this.#lanes.set(partition, lane);
      this.#durableEvents.set(partition, lane.progress.eventsRead);
      consumer.seek({ topic, partition, offset: lane.progress.offset });
    }
  }

  #positions(): LogPosition[] {
    const { topic } = this.#deps.definition;
    return this.lanes.map(({ partition, progress }) => ({ topic, partition, offset: progress.offset }));
  }

  #allAt({ atMs }: Barrier): boolean {
    return this.lanes.length > 0 && this.lanes.every(({ progress }) => progress.watermarkMs >= atMs);
  }

  #pauseAt(consumer: Consumer, barrier: Barrier | undefined): void {
    if (barrier === undefined) return;
    const { topic } = this.#deps.definition;
    const waiting = this.lanes.filter(({ progress }) => progress.watermarkMs >= barrier.atMs);
    consumer.pause(waiting.map(({ partition }) => ({ topic, partition })));
  }

  /** Once a day of event time, entities that fell out of every window leave memory and store. */
  #evict(polled: readonly PolledBatch[]): void {
    const { definition } = this.#deps;
    for (const { partition } of polled) {
      const lane = this.#lanes.get(partition);
      if (lane === undefined || lane.progress.watermarkMs < (this.#evictedMs.get(partition) ?? 0) + EVICT_EVERY_MS) continue;
      lane.features.evict(lane.progress.watermarkMs - definition.deduplicationWindowMs);
      this.#evictedMs.set(partition, lane.progress.watermarkMs);
    }
  }
}
