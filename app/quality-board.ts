import type { Clock, Database, EpochMs } from '#core';
import { loadMonthlyQuality, type MonthlyQuality } from '#drift';

export interface QualityBoardDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly pipeline: string;
  /** Event time before which every outcome is final: the watermark less the horizon. */
  readonly finalBeforeMs: () => EpochMs;
}

const MIN_AGE_MS = 10_000;
/** However large the tables grow, computing this takes no more than a twentieth of the store's time. */
const REST_FACTOR = 20;

/** The quality by month as the store has it, computed when somebody asks and the last answer is old enough; the last one meanwhile. */
export class QualityBoard {
  readonly #deps: QualityBoardDeps;
  #table: MonthlyQuality | undefined;
  #nextMs = 0;
  #underWay: Promise<MonthlyQuality> | undefined;

  constructor(deps: QualityBoardDeps) {
    this.#deps = deps;
  }

  /** The newest table that is there; the first call waits for it. Throws CLICKHOUSE_*, APP_TELEMETRY_UNAVAILABLE where there is none yet. */
  async latest(): Promise<MonthlyQuality> {
    if (this.#underWay === undefined && this.#deps.clock.now() >= this.#nextMs) {
      const underWay = this.#compute();
      this.#underWay = underWay;
      underWay.catch(() => undefined);
    }
    return this.#table ?? (await this.#underWay) ?? this.refreshed();
  }

  /** A table computed now. */
  refreshed(): Promise<MonthlyQuality> {
    this.#underWay ??= this.#compute();
    return this.#underWay;
  }

  async #compute(): Promise<MonthlyQuality> {
    const { database, clock, pipeline, finalBeforeMs } = this.#deps;
    const startMs = clock.now();
    try {
      this.#table = await loadMonthlyQuality(database, { pipeline, finalBeforeMs: finalBeforeMs() });
      return this.#table;
    } finally {
      this.#underWay = undefined;
      this.#nextMs = clock.now() + Math.max(MIN_AGE_MS, (clock.now() - startMs) * REST_FACTOR);
    }
  }
}
