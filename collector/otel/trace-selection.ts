import { type BatchRecord, type CompletedEvent, type EpochMs, traceIdOf } from '#core';
import { isIdSampledByRatio, isSampledByRatio } from './ratio.ts';
import { findTraceContext } from './trace-context.ts';

/** Why a trace is kept, the first that applies. Value of `evai.trace.kept_because`. */
export const KEPT_BECAUSE = ['error', 'quarantined', 'breach', 'canary', 'ratio'] as const;
export type KeptBecause = (typeof KEPT_BECAUSE)[number];

/** Those of them that an incident could multiply, and which are therefore capped. */
export const CAPPED = ['error', 'quarantined', 'breach'] as const;
export type Capped = (typeof CAPPED)[number];

export interface SelectionOptions {
  /** Share of all other events whose trace is kept, 0 to 1; also of a backlog. Default 0.01. */
  readonly ratio?: number;
  /** p99 of the pipeline's latency budget, ms: a decision that took longer is a breach. Absent: nothing is. */
  readonly budgetP99Ms?: number;
  /**
   * Traces a minute for each of these reasons. What a cap refuses is counted, and still has its chance by ratio. The defaults bound
   * the CPU: 2,000 quarantined (also of a backlog, where a minute may hold a year) cost about 0.3 % of a core, 600 breaches 0.1 %.
   */
  readonly maxPerMinute?: Partial<Readonly<Record<Capped, number>>>;
}

const DEFAULT_RATIO = 0.01;
const DEFAULT_CAPS: Readonly<Record<Capped, number>> = { error: 2000, quarantined: 2000, breach: 600 };
const MINUTE_MS = 60_000;

/** Decides which events leave a trace. Reads no clock: a minute is one of `publishedMs`. */
export class TraceSelection {
  readonly #ratio: number;
  readonly #budgetP99Ms: number;
  readonly #caps: Readonly<Record<Capped, number>>;
  readonly #used: Record<Capped, number> = { error: 0, quarantined: 0, breach: 0 };
  readonly #refused: Record<Capped, number> = { error: 0, quarantined: 0, breach: 0 };
  #minute = 0;

  constructor(options: SelectionOptions = {}) {
    this.#ratio = options.ratio ?? DEFAULT_RATIO;
    this.#budgetP99Ms = options.budgetP99Ms ?? Number.POSITIVE_INFINITY;
    this.#caps = { ...DEFAULT_CAPS, ...options.maxPerMinute };
  }

  /** What the caps refused since the start, by reason; some of it was kept by ratio. */
  get refused(): Readonly<Record<Capped, number>> {
    return { ...this.#refused };
  }

  /** To be called before a batch's events. A clock that was put back by more than a minute begins a new one too. */
  enterMinuteOf(publishedMs: EpochMs): void {
    const minute = Math.floor(publishedMs / MINUTE_MS);
    if (minute <= this.#minute && minute >= this.#minute - 1) return;
    this.#minute = minute;
    for (const reason of CAPPED) this.#used[reason] = 0;
  }

  /** Whether its trace may be kept: known before its publish time is, and so before it is one of a breach. */
  mayKeep(event: CompletedEvent): boolean {
    if (event.fate === 'duplicate') return false;
    if (event.fate === 'quarantined' || isFailure(event) || isCanary(event)) return true;
    return (isDecision(event) && !event.backlog) || this.#isInSample(event);
  }

  /** Why this event's trace is kept, or undefined where it is not. Counts against the caps. */
  keptBecause(event: CompletedEvent, batch: BatchRecord): KeptBecause | undefined {
    // A second delivery has the trace id, and so the span ids, of the first.
    if (event.fate === 'duplicate') return undefined;
    const striking = this.#strikingReason(event, batch);
    if (striking !== undefined && this.#isWithinCap(striking)) return striking;
    if (isCanary(event)) return 'canary';
    return this.#isInSample(event) ? 'ratio' : undefined;
  }

  #strikingReason(event: CompletedEvent, batch: BatchRecord): Capped | undefined {
    if (isFailure(event)) return 'error';
    if (event.fate === 'quarantined') return 'quarantined';
    return isDecision(event) && this.#isBreach(event, batch) ? 'breach' : undefined;
  }

  /** Backlog and skewed clocks stay out, as they do in latency SLIs. */
  #isBreach(event: CompletedEvent, batch: BatchRecord): boolean {
    const brokerWaitMs = batch.polledMs - event.appendedMs;
    if (event.backlog || brokerWaitMs < 0) return false;
    return brokerWaitMs + batch.publish[1] / 1000 > this.#budgetP99Ms;
  }

  #isWithinCap(reason: Capped): boolean {
    if (this.#used[reason] >= this.#caps[reason]) {
      this.#refused[reason] += 1;
      return false;
    }
    this.#used[reason] += 1;
    return true;
  }

  #isInSample(event: CompletedEvent): boolean {
    const brought = event.traceparent === undefined ? undefined : findTraceContext(event.traceparent);
    if (brought !== undefined) return isSampledByRatio(brought.traceId, this.#ratio);
    if (!isDecision(event)) return isIdSampledByRatio(event.event.id, this.#ratio);
    return isSampledByRatio(event.traceId ?? traceIdOf(event.event), this.#ratio);
  }
}

function isFailure({ reason }: CompletedEvent): boolean {
  return reason !== undefined && (reason.startsWith('exception:') || reason.startsWith('model:'));
}

function isDecision(event: CompletedEvent): boolean {
  return event.fate === 'scored' || event.fate === 'collecting';
}

/** A canary decides like the live version, and is worth a look; there is none yet. A version in shadow decides nothing, and shows in no trace. */
function isCanary(event: CompletedEvent): boolean {
  const role: string | undefined = event.model?.role;
  return role !== undefined && role !== 'live';
}
