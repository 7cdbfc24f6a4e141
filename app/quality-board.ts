import type { Clock, Database, EpochMs } from '#core';
import { loadMonthlyQuality, type MonthlyQuality } from '#drift';

/** The quality by month: as it was lately, for those who watch, or as of now. */
export interface QualitySource {
  latest(): Promise<MonthlyQuality>;
  refreshed(): Promise<MonthlyQuality>;
}

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
export class QualityBoard implements QualitySource {
  readonly #deps: QualityBoardDeps;
  #table: MonthlyQuality | undefined;
  #nextMs = 0;
  #underWay: Promise<MonthlyQuality> | undefined;

  constructor(deps: QualityBoardDeps) {
    this.#deps = deps;
  }

  /** The newest table that is there; the first call waits for it. Throws CLICKHOUSE_*, APP_TELEMETRY_UNAVAILABLE where there is none yet. */
  async latest(): Promise<MonthlyQuality> {
    if (this.#underWay === undefined && this.#deps.clock.now() >= this.#nextMs) this.#underWay = this.#begin();
    return this.#table ?? this.#underWay ?? this.refreshed();
  }

  /** A table of what is stored now: one that was begun before this call does not count. */
  async refreshed(): Promise<MonthlyQuality> {
    await this.#underWay?.catch(() => undefined);
    this.#underWay ??= this.#begin();
    return this.#underWay;
  }

  #begin(): Promise<MonthlyQuality> {
    const underWay = this.#compute();
    // Met by whoever awaits it; where nobody does, the last table stands.
    underWay.catch(() => undefined);
    return underWay;
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
