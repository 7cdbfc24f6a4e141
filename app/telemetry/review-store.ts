import { type Database, type EventWindow, type LogPosition, messageOf, TABLES } from '#core';
import type { FieldProfiler, ReviewStore, WindowReviewer } from '#drift';
import type { Telemetry } from './telemetry.ts';

export interface ReviewStoreDeps {
  readonly telemetry: Telemetry;
  readonly profiler: FieldProfiler;
  readonly pipeline: string;
  readonly reviewers: readonly WindowReviewer[];
  /** How long a review may wait for the store now, ms: history may wait, live events should not. */
  readonly patienceMs: () => number;
  readonly announce: (sentence: string) => void;
}

const COUNT_OUTCOMES = `SELECT toFloat64(uniqExact(prediction_id)) AS outcomes FROM ${TABLES.outcomes}
  WHERE pipeline = {pipeline:String} AND matured_at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND matured_at < fromUnixTimestamp64Milli({toMs:Int64})`;

/** The telemetry store as the reviews of a model see it: complete, or away. */
export class TelemetryReviewStore implements ReviewStore {
  readonly reviewers: readonly WindowReviewer[];
  readonly #deps: ReviewStoreDeps;

  constructor(deps: ReviewStoreDeps) {
    this.#deps = deps;
    this.reviewers = deps.reviewers;
  }

  async stored(positions: readonly LogPosition[], signal: AbortSignal): Promise<boolean> {
    const { profiler, telemetry, announce, patienceMs } = this.#deps;
    const patience = AbortSignal.timeout(patienceMs());
    const either = AbortSignal.any([signal, patience]);
    try {
      await profiler.caughtUp(positions, either);
    } catch (error) {
      announce(`fields of events are not profiled any more: ${messageOf(error)}`);
    }
    await telemetry.drained(either);
    return !either.aborted && telemetry.status().status === 'ok';
  }

  async countOutcomes({ fromMs, toMs }: EventWindow): Promise<number> {
    const database: Database = this.#deps.telemetry.lateDatabase;
    const rows = await database.query<{ readonly outcomes: number }>(COUNT_OUTCOMES, {
      params: { pipeline: this.#deps.pipeline, fromMs, toMs },
    });
    return rows[0]?.outcomes ?? 0;
  }
}
