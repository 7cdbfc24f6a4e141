import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, ModelRef } from '#core';
import { ChangeReports } from '../change-reports.ts';
import type { Workspace } from '../config/index.ts';
import { Lifecycle } from '../lifecycle.ts';
import { type WiredLine, wireLine } from '../wire.ts';
import type { Injection, Target } from './injections/injection.ts';
import { SteadyPace } from './steady-pace.ts';

export interface DrillLineOptions {
  readonly workspace: Workspace;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly eventsPerSecond: number;
  readonly injection?: Injection;
  /** Whether the source goes on however far the pipeline is behind: of live traffic nobody waits. */
  readonly isUnbounded: boolean;
}

const SAMPLE_EVERY_MS = 500;
/** As an orchestrator starts a process again that ended. */
const RESTART_AFTER_MS = 1500;

/** The whole line of a drill, whose source and consumer can be stopped each alone. */
export class DrillLine {
  readonly lifecycle: Lifecycle;
  readonly wired: WiredLine;
  readonly changes: ChangeReports;
  readonly #options: DrillLineOptions;
  readonly #source = new AbortController();
  readonly #consumer = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #consuming: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(options: DrillLineOptions, lifecycle: Lifecycle, wired: WiredLine) {
    this.#options = options;
    this.lifecycle = lifecycle;
    this.wired = wired;
    this.changes = new ChangeReports({ log: wired.line.log, clock: options.clock });
  }

  static async open(options: DrillLineOptions): Promise<DrillLine> {
    const { workspace, dataFolder, clock, eventsPerSecond, injection, isUnbounded } = options;
    const lifecycle = new Lifecycle();
    const pipelines = workspace.pipelines.map((file) => ({
      ...file,
      ...(injection?.onError === undefined ? {} : { onError: injection.onError }),
    }));
    try {
      const wired = await wireLine({
        workspace: { ...workspace, pipelines },
        dataFolder,
        clock,
        lifecycle,
        fresh: false,
        clickhouse: { kind: 'embedded' },
        traceRatio: 0,
        isPaced: true,
        incidents: [],
        sampleEveryMs: SAMPLE_EVERY_MS,
        seams: {
          ...injection?.seams,
          replay: {
            ...injection?.seams.replay,
            pacing: () => new SteadyPace(clock, eventsPerSecond),
            ...(isUnbounded ? { room: async () => undefined } : {}),
          },
        },
      });
      wired.telemetry?.start();
      return new DrillLine(options, lifecycle, wired);
    } catch (error) {
      await lifecycle.stop();
      throw error;
    }
  }

  /** Source and consumer run; what the consumer cannot recover from ends it, and it is started again. */
  start(): void {
    const { source } = this.wired;
    this.#consuming = this.#consume();
    this.#running = Promise.all([this.#consuming, source?.run(this.#source.signal)]).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /** What ended the line by itself; undefined while it runs. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The line, as an injection works on it. */
  target(live: ModelRef): Target {
    return {
      ...this.wired,
      clock: this.#options.clock,
      changes: this.changes,
      live,
      stopConsumer: async () => {
        this.#consumer.abort();
        await this.#consuming;
        await this.wired.runner.close();
      },
    };
  }

  /** Ends everything; resolves when what was begun is durable and stored. */
  async close({ isStored }: { readonly isStored: boolean }): Promise<void> {
    this.#source.abort();
    this.#consumer.abort();
    await this.#running;
    if (isStored) await this.wired.telemetry?.drained(AbortSignal.timeout(30_000));
    await this.lifecycle.stop();
  }

  async #consume(): Promise<void> {
    const { runner } = this.wired;
    const { signal } = this.#consumer;
    while (!signal.aborted) {
      try {
        await runner.run(signal);
      } catch {
        // Written down by the runner's own failure records.
        await runner.close();
        await delay(RESTART_AFTER_MS, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) await runner.start();
      }
    }
  }
}
