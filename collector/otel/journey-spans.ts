import { setImmediate as nextTurn } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { type CompletedBatch, type CompletedEvent, type JourneyObserver, messageOf, VERSION } from '#core';
import { systemTimer, type Timer } from '../timer.ts';
import { CountingExporter } from './counting-exporter.ts';
import { PresetIds } from './preset-ids.ts';
import { type KeptJourney, SpanMaker } from './span-maker.ts';
import { type Capped, type KeptBecause, type SelectionOptions, TraceSelection } from './trace-selection.ts';

/** `service.name` of our own spans. */
export const SERVICE_NAME = 'throughline';

/** The processor's own queue. It never fills: journeys wait before it, where they are counted, and not in it, which drops in silence. */
const MAX_QUEUED_SPANS = 8192;
/** Journeys that wait for their spans to be made, over all batches: beyond it they are dropped and counted. */
const MAX_WAITING_JOURNEYS = 4096;
/** Journeys whose spans are made and exported in one turn of the event loop: a few ms, for so long scoring waits. */
const JOURNEYS_PER_TURN = 32;
/** A turn's spans are one request. */
const MAX_EXPORT_SPANS = 512;
/** How long a request may take with its retries. */
const EXPORT_TIMEOUT_MS = 5000;
/** How long journeys that wait are still made and exported once it is to stop. */
const STOP_WITHIN_MS = 5000;

export interface JourneySpansOptions {
  readonly selection?: SelectionOptions;
  /** `messaging.system`; default `throughline`, the embedded log. */
  readonly messagingSystem?: string;
  /** Resource attributes beside `service.name` and `service.version`. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Default: the machine's. */
  readonly timer?: Timer;
}

/** What became of traces since the start. */
export interface TraceCounts {
  /** Journeys by the reason for which they were kept. */
  readonly kept: Readonly<Record<KeptBecause, number>>;
  /** Journeys that had a reason and left no trace: refused by a cap per minute, or too many waited because the other side lags. */
  readonly dropped: Readonly<Record<`${Capped}_cap` | 'queue_full', number>>;
  /** Spans made, taken by the other side, and not taken. What is in none of the two latter is under way. */
  readonly spans: { readonly made: number; readonly exported: number; readonly failed: number };
  /** Batches or journeys that could not be looked at, because of a fault of ours. */
  readonly faults: number;
  readonly lastFailure: string | undefined;
}

interface Waiting {
  readonly journey: KeptJourney;
  /** On the first of a batch: all of it that is kept, for the `poll` span. */
  readonly ofBatch?: readonly KeptJourney[];
}

/** Observes completed batches and makes spans of those journeys that are worth a look or in the sample. */
export class JourneySpans implements JourneyObserver {
  readonly #selection: TraceSelection;
  readonly #exporter: CountingExporter;
  readonly #processor: BatchSpanProcessor;
  readonly #maker: SpanMaker;
  readonly #timer: Timer;
  readonly #kept: Record<KeptBecause, number> = { error: 0, quarantined: 0, breach: 0, canary: 0, ratio: 0 };
  #waiting: Waiting[] = [];
  #made = 0;
  #queueFull = 0;
  #faults = 0;
  #lastFault: string | undefined;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(exporter: SpanExporter, options: JourneySpansOptions = {}) {
    this.#timer = options.timer ?? systemTimer;
    this.#selection = new TraceSelection(options.selection);
    this.#exporter = new CountingExporter(exporter);
    this.#processor = new BatchSpanProcessor(this.#exporter, {
      maxQueueSize: MAX_QUEUED_SPANS,
      maxExportBatchSize: MAX_EXPORT_SPANS,
      exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
    });
    const ids = new PresetIds();
    // Always on: the selection has decided already, and a parent-based sampler would drop children of unsampled remote parents.
    const provider = new BasicTracerProvider({
      sampler: new AlwaysOnSampler(),
      idGenerator: ids,
      spanProcessors: [this.#processor],
      resource: resourceFromAttributes({ ...options.resource, 'service.name': SERVICE_NAME, 'service.version': VERSION }),
      spanLimits: { attributeValueLengthLimit: 1024 },
    });
    const messagingSystem = options.messagingSystem ?? SERVICE_NAME;
    this.#maker = new SpanMaker({ tracer: provider.getTracer('throughline.journeys', VERSION), ids, messagingSystem });
  }

  wants(event: CompletedEvent): boolean {
    return this.#selection.mayKeep(event);
  }

  /** Decides which journeys are kept; their spans are made and exported in later turns of the event loop. Never throws. */
  completed(batch: CompletedBatch): void {
    if (this.#isStopped) return;
    try {
      this.#select(batch);
    } catch (error) {
      this.#faulted(error);
    }
    if (this.#waiting.length > 0) this.#workInBackground();
  }

  counts(): TraceCounts {
    const { exported, failed, lastFailure } = this.#exporter;
    const { error, quarantined, breach } = this.#selection.refused;
    return {
      kept: { ...this.#kept },
      dropped: { error_cap: error, quarantined_cap: quarantined, breach_cap: breach, queue_full: this.#queueFull },
      spans: { made: this.#made, exported, failed },
      faults: this.#faults,
      lastFailure: this.#lastFault ?? lastFailure,
    };
  }

  /** Resolves when all that waits was made and exported, or failed and was counted. */
  async flush(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Flushes for five seconds, or up to a request that fails, and ends. What completes later is not looked at. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const callOff = this.#timer(STOP_WITHIN_MS, () => this.#dropWaiting());
    await this.flush();
    callOff();
    await this.#processor.shutdown().catch((error: unknown) => this.#faulted(error));
  }

  #select({ batch, topic, predictionTopic, events }: CompletedBatch): void {
    this.#selection.enterMinuteOf(batch.publishedMs);
    const journeys: KeptJourney[] = [];
    for (const event of events) {
      const because = this.#selection.keptBecause(event, batch);
      if (because === undefined) continue;
      if (this.#waiting.length + journeys.length >= MAX_WAITING_JOURNEYS) this.#queueFull += 1;
      else journeys.push({ event, batch, topic, predictionTopic, because });
    }
    for (const journey of journeys) {
      this.#kept[journey.because] += 1;
      this.#waiting.push(journey === journeys[0] ? { journey, ofBatch: journeys } : { journey });
    }
  }

  #workInBackground(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#waiting.length > 0) this.#workInBackground();
    });
  }

  /** One turn's spans after the other, each when those before it were taken: an other side that lags makes journeys wait, not spans. */
  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn();
      this.#makeSome();
      const isTaken = await this.#processor.forceFlush().then(
        () => true,
        () => false,
      );
      if (!isTaken && this.#isStopped) this.#dropWaiting();
    }
  }

  #makeSome(): void {
    for (const { journey, ofBatch } of this.#waiting.splice(0, JOURNEYS_PER_TURN)) {
      try {
        if (ofBatch !== undefined) this.#made += this.#maker.makePoll(ofBatch);
        this.#made += this.#maker.makeJourney(journey);
      } catch (error) {
        this.#faulted(error);
      }
    }
  }

  #dropWaiting(): void {
    this.#queueFull += this.#waiting.length;
    this.#waiting = [];
  }

  #faulted(error: unknown): void {
    this.#faults += 1;
    this.#lastFault = messageOf(error);
  }
}

/** Journey spans that go as JSON to an OTLP receiver, such as `http://127.0.0.1:4318/v1/traces`. */
export function createJourneySpans(url: string, options: JourneySpansOptions = {}): JourneySpans {
  return new JourneySpans(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }), options);
}
