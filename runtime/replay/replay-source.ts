import {
  type Clock,
  type EpochMs,
  type EventLog,
  envelopeHeaders,
  HEADERS,
  type NewRecord,
  parseDuration,
  type RecordHeaders,
  STORES,
} from '#core';
import type { LivePart, ReplayFile } from '../config.ts';
import { runtimeError } from '../errors.ts';
import { EventQueue } from './event-queue.ts';
import { type HistoricEvent, type History, openHistory } from './history.ts';
import { fingerprintOfIncidents, type Incident, withIncidents } from './incidents.ts';
import { Pace, type Pacing } from './pace.ts';

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
  /** Of the incidents that are played into it; empty without any, and in positions of early versions. */
  readonly incidents: string;
  /** Event time of the history's last event, epoch ms, once somebody had to know. */
  readonly endMs?: EpochMs;
}

/** `backlog`: as fast as the pipeline follows; `live`: at its pace; `done`: all is published. */
export type ReplayState = 'backlog' | 'live' | 'done';

export interface ReplayDeps {
  readonly log: EventLog;
  /** The processing clock, which the pace goes by. */
  readonly clock: Clock;
  readonly replay: ReplayFile;
  readonly partitions: number;
  /** Absolute paths of the history's file and module. */
  readonly files: { readonly file: string; readonly module: string };
  /** Resolves when the pipeline has read so much that this many published events are few enough ahead. */
  readonly room: (published: number, signal: AbortSignal) => Promise<void>;
  /** Resolves after so many ms, or at the signal. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Whether the live part that the replay declares plays at its pace; else all of the history is backlog. */
  readonly isPaced: boolean;
  /** Incidents of the replay that are played into the history: what was published with others is another history. Default: none. */
  readonly incidents?: readonly Incident[];
  /** What stands between the history and the log. Default: nothing. */
  readonly seams?: ReplaySeams;
}

/** For those who play a history otherwise than it was, and at another pace. */
export interface ReplaySeams {
  /** What becomes of an event, as it is about to be published; undefined: it is never sent, and its time passes all the same. */
  readonly change?: (event: HistoricEvent) => HistoricEvent | undefined;
  /** Of the live part, in place of the one that the replay declares. */
  readonly pacing?: () => Pacing;
  /** In place of the one of the deps: how far it may be ahead. */
  readonly room?: ReplayDeps['room'];
}

const CHUNK_EVENTS = 1000;
const BACKLOG: RecordHeaders = { [HEADERS.backlog]: '1' };
const START: SourcePosition = {
  published: 0,
  timeMs: Number.MIN_SAFE_INTEGER,
  watermarkMs: Number.MIN_SAFE_INTEGER,
  isDone: false,
  fingerprint: '',
  incidents: '',
};

/**
 * Publishes a history to the log as CloudEvents in event-time order, with watermarks to every partition: as fast as the pipeline
 * follows, then, where the replay declares a live part, its end at a pace. The pace changes nothing of what is published but the
 * header that marks the backlog. The position is committed with the events: after a crash it goes on with the next event, none
 * twice, none left out.
 */
export class ReplaySource {
  readonly #deps: ReplayDeps;
  readonly #live: LivePart | undefined;
  readonly #watermarkEveryMs: number;
  #position: SourcePosition = START;
  /** Event time at which the live part begins, epoch ms. */
  #liveFromMs: EpochMs = Number.POSITIVE_INFINITY;
  #backlogEvents: number | undefined;

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
    this.#live = deps.isPaced ? deps.replay.live : undefined;
    this.#watermarkEveryMs = parseDuration(deps.replay.watermarkEvery);
  }

  get position(): SourcePosition {
    return this.#position;
  }

  get state(): ReplayState {
    if (this.#position.isDone) return 'done';
    return this.#backlogEvents === undefined ? 'backlog' : 'live';
  }

  /** Event seconds a second while live. */
  get speed(): number | undefined {
    return this.state === 'live' ? this.#live?.speed : undefined;
  }

  /** Events published before the live part (or, after a restart in it, before that); undefined while there is more backlog. */
  get backlogEvents(): number | undefined {
    return this.#backlogEvents ?? (this.#position.isDone ? this.#position.published : undefined);
  }

  /** Reads where an earlier run stopped. Throws RUNTIME_HISTORY_CHANGED where that played other incidents. */
  async start(): Promise<void> {
    for await (const { key, value } of this.#deps.log.readState(STORES.sources, 0)) {
      if (key === this.#deps.replay.source) this.#position = { ...START, ...parsePosition(value) };
    }
    this.#checkIncidents();
  }

  /** Publishes what is left of the history, until its end or the signal. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#position.isDone) return;
    const history = await openHistory(this.#deps.files);
    this.#checkSame(history);
    if (this.#live !== undefined) this.#findLivePart(history, this.#live);
    const played = withIncidents(history.events(), this.#deps.incidents ?? []);
    const events = new EventQueue(played, this.#position.published);
    await this.#playBacklog(events, signal);
    if (this.#live !== undefined && !this.#position.isDone && !signal.aborted) await this.#playLive(events, this.#live, signal);
  }

  #room(published: number, signal: AbortSignal): Promise<void> {
    return (this.#deps.seams?.room ?? this.#deps.room)(published, signal);
  }

  async #playBacklog(events: EventQueue, signal: AbortSignal): Promise<void> {
    const isBacklog = (event: HistoricEvent | undefined): boolean => event === undefined || !this.#isLive(event);
    while (!signal.aborted && !this.#position.isDone && isBacklog(events.peek())) {
      await this.#room(this.#position.published, signal);
      if (!signal.aborted) await this.#publishChunk(events, isBacklog);
    }
  }

  async #playLive(events: EventQueue, live: LivePart, signal: AbortSignal): Promise<void> {
    const pace = this.#deps.seams?.pacing?.() ?? new Pace(this.#deps.clock, live);
    this.#backlogEvents = this.#position.published;
    while (!signal.aborted && !this.#position.isDone) {
      await this.#room(this.#position.published, signal);
      const next = events.peek();
      const waitMs = next === undefined ? 0 : pace.waitMs(next.timeMs);
      if (waitMs > 0) await this.#deps.wait(waitMs, signal);
      if (!signal.aborted) await this.#publishChunk(events, ({ timeMs }) => pace.takeDue(timeMs));
    }
  }

  /** An event without a time is none: it is met in the backlog, and refused there. */
  #isLive({ timeMs }: HistoricEvent): boolean {
    return timeMs >= this.#liveFromMs;
  }

  /** Publishes the next events that may go with the position behind them, all or nothing. */
  async #publishChunk(events: EventQueue, mayGo: (event: HistoricEvent) => boolean): Promise<void> {
    const records: NewRecord[] = [];
    let position = this.#position;
    for (let count = 0; count < CHUNK_EVENTS && !position.isDone; count++) {
      const event = events.peek();
      if (event !== undefined && !mayGo(event)) break;
      position = event === undefined ? this.#finish(position, records) : this.#append(event, position, records);
      events.shift();
    }
    if (position === this.#position) return;
    await this.#deps.log.commit({ records, state: [this.#positionWrite(position)] });
    this.#position = position;
  }

  /** Adds an event, behind the watermark that its time calls for. */
  #append(event: HistoricEvent, last: SourcePosition, records: NewRecord[]): SourcePosition {
    this.#checkOrder(event, last);
    const watermarkMs = Math.max(last.watermarkMs, this.#watermarkAt(event.timeMs, last.watermarkMs));
    if (watermarkMs > last.watermarkMs) records.push(...this.#watermarks(watermarkMs));
    const { change } = this.#deps.seams ?? {};
    const sent = change === undefined ? event : change(event);
    if (sent !== undefined) records.push(this.#eventRecord(sent));
    return { ...last, published: last.published + 1, timeMs: event.timeMs, watermarkMs };
  }

  /** The history's last watermark is its last event's time: nothing is known beyond it. */
  #finish(last: SourcePosition, records: NewRecord[]): SourcePosition {
    if (last.published > 0) records.push(...this.#watermarks(last.timeMs));
    return { ...last, watermarkMs: last.timeMs, isDone: true };
  }

  /** The history's end is found by walking through it once, and stored with the position: half a second for half a million events. */
  #findLivePart({ events }: History, { last }: LivePart): void {
    let { endMs } = this.#position;
    if (endMs === undefined) for (const { timeMs } of events()) endMs = timeMs;
    if (endMs === undefined) return;
    this.#position = { ...this.#position, endMs };
    this.#liveFromMs = endMs - parseDuration(last);
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

  /** Also of a history that is done: its events stay what they are, whatever the next start asks for. */
  #checkIncidents(): void {
    const { published, incidents: before } = this.#position;
    const incidents = fingerprintOfIncidents(this.#deps.incidents ?? []);
    this.#position = { ...this.#position, incidents };
    if (published === 0 || before === incidents) return;
    const sentence =
      `${published} events of ${this.#deps.replay.source} were published with ${before === '' ? 'no incident, and one is' : 'other incidents than are'} asked for now: ` +
      'start with the same --incident flags and the same replay.yaml as before, choose another data folder with --data, or begin anew with --fresh';
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
    const { topic, source } = this.#deps.replay;
    const headers = { ...envelopeHeaders(event), [HEADERS.replay]: source, ...(this.#isLive(event) ? {} : BACKLOG) };
    return { topic, key: event.key, headers, value: JSON.stringify(event.data) };
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
