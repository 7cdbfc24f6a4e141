import { type EpochMs, type EventLog, envelopeHeaders, HEADERS, type NewRecord, parseDuration, STORES } from '#core';
import type { ReplayFile } from '../config.ts';
import { runtimeError } from '../errors.ts';
import { type HistoricEvent, type History, openHistory } from './history.ts';

/** How far a history has been published; stored in the same transaction as the events. */
export interface SourcePosition {
  /** Events published; the history is deterministic, so this is the place to go on from. */
  readonly published: number;
  /** Event time of the last one, epoch ms. */
  readonly timeMs: EpochMs;
  /** The last watermark sent, epoch ms. */
  readonly watermarkMs: EpochMs;
  readonly isDone: boolean;
  /** Of the history that was being published; empty before the first event. */
  readonly fingerprint: string;
}

export interface ReplayDeps {
  readonly log: EventLog;
  readonly replay: ReplayFile;
  readonly partitions: number;
  /** Absolute paths of the history's file and module. */
  readonly files: { readonly file: string; readonly module: string };
  /** Resolves when the pipeline has read so much that this many published events are few enough ahead. */
  readonly room: (published: number, signal: AbortSignal) => Promise<void>;
}

const CHUNK_EVENTS = 1000;
const START: SourcePosition = {
  published: 0,
  timeMs: Number.MIN_SAFE_INTEGER,
  watermarkMs: Number.MIN_SAFE_INTEGER,
  isDone: false,
  fingerprint: '',
};

/**
 * Publishes a history to the log as CloudEvents in event-time order, as fast as the pipeline follows, with watermarks to every
 * partition. Its position is committed with the events: after a crash it goes on with the next event, none twice, none left out.
 */
export class ReplaySource {
  readonly #deps: ReplayDeps;
  readonly #watermarkEveryMs: number;
  #position: SourcePosition = START;

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
    this.#watermarkEveryMs = parseDuration(deps.replay.watermarkEvery);
  }

  get position(): SourcePosition {
    return this.#position;
  }

  /** Reads where an earlier run stopped. */
  async start(): Promise<void> {
    for await (const { key, value } of this.#deps.log.readState(STORES.sources, 0)) {
      if (key === this.#deps.replay.source) this.#position = { ...START, ...parsePosition(value) };
    }
  }

  /** Publishes what is left of the history, until its end or the signal. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#position.isDone) return;
    const history = await openHistory(this.#deps.files);
    this.#checkSame(history);
    const events = history.events[Symbol.iterator]();
    for (let skipped = 0; skipped < this.#position.published; skipped++) events.next();
    while (!signal.aborted && !this.#position.isDone) {
      await this.#deps.room(this.#position.published, signal);
      if (!signal.aborted) await this.#publishChunk(events);
    }
  }

  /** Publishes the next events with the position behind them, all or nothing. */
  async #publishChunk(events: Iterator<HistoricEvent, undefined>): Promise<void> {
    const records: NewRecord[] = [];
    let position = this.#position;
    for (let count = 0; count < CHUNK_EVENTS && !position.isDone; count++) {
      const { value: event } = events.next();
      position = event === undefined ? this.#finish(position, records) : this.#append(event, position, records);
    }
    await this.#deps.log.commit({ records, state: [this.#positionWrite(position)] });
    this.#position = position;
  }

  /** Adds an event, behind the watermark that its time calls for. */
  #append(event: HistoricEvent, last: SourcePosition, records: NewRecord[]): SourcePosition {
    this.#checkOrder(event, last);
    const watermarkMs = Math.max(last.watermarkMs, this.#watermarkAt(event.timeMs, last.watermarkMs));
    if (watermarkMs > last.watermarkMs) records.push(...this.#watermarks(watermarkMs));
    records.push(this.#eventRecord(event));
    return { ...last, published: last.published + 1, timeMs: event.timeMs, watermarkMs };
  }

  /** The history's last watermark is its last event's time: nothing is known beyond it. */
  #finish(last: SourcePosition, records: NewRecord[]): SourcePosition {
    if (last.published > 0) records.push(...this.#watermarks(last.timeMs));
    return { ...last, watermarkMs: last.timeMs, isDone: true };
  }

  #checkSame({ fingerprint }: History): void {
    const { published, fingerprint: before } = this.#position;
    this.#position = { ...this.#position, fingerprint };
    if (published === 0 || before === fingerprint) return;
    const { file, module } = this.#deps.files;
    const sentence =
      `${file} or ${module} changed after ${published} of its events were published: ` +
      'put it back as it was, choose another data folder with --data, or begin anew with --fresh';
    throw runtimeError('RUNTIME_HISTORY_CHANGED', sentence);
  }

  /** The watermark that stands before an event of this time: its step's start, or the very first event's own time. */
  #watermarkAt(timeMs: EpochMs, watermarkMs: EpochMs): EpochMs {
    if (watermarkMs === START.watermarkMs) return timeMs;
    return Math.floor(timeMs / this.#watermarkEveryMs) * this.#watermarkEveryMs;
  }

  #checkOrder(event: HistoricEvent, last: { readonly published: number; readonly timeMs: EpochMs }): void {
    if (event.timeMs >= last.timeMs) return;
    const { module } = this.#deps.files;
    const sentence = Number.isNaN(event.timeMs)
      ? `event ${event.id} of ${module} has no time`
      : `event ${event.id} (number ${last.published + 1}) of ${module} is earlier than the one before it: a replay module yields events in order of time`;
    throw runtimeError('RUNTIME_HISTORY_UNREADABLE', sentence);
  }

  #eventRecord(event: HistoricEvent): NewRecord {
    return {
      topic: this.#deps.replay.topic,
      key: event.key,
      headers: { ...envelopeHeaders(event), [HEADERS.replay]: this.#deps.replay.source },
      value: JSON.stringify(event.data),
    };
  }

  #watermarks(watermarkMs: EpochMs): NewRecord[] {
    const headers = { [HEADERS.watermark]: new Date(watermarkMs).toISOString(), [HEADERS.replay]: this.#deps.replay.source };
    return Array.from({ length: this.#deps.partitions }, (_, partition) => ({
      topic: this.#deps.replay.topic,
      partition,
      headers,
      value: '',
    }));
  }

  #positionWrite(position: SourcePosition): { store: string; partition: number; key: string; value: Uint8Array } {
    const value = Buffer.from(JSON.stringify(position));
    return { store: STORES.sources, partition: 0, key: this.#deps.replay.source, value };
  }
}

function parsePosition(bytes: Uint8Array): Partial<SourcePosition> {
  return JSON.parse(new TextDecoder().decode(bytes)) as Partial<SourcePosition>;
}
