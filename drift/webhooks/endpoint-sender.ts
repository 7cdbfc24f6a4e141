import { type Clock, type Consumer, type EventLog, HEADERS, type LogRecord, messageOf, type NewRecord, TOPICS } from '#core';
import { type AttemptResult, attempt } from './attempt.ts';
import type { WebhookEndpoint } from './config.ts';
import { type ControlEvent, controlEventOf, factTypeOf } from './control-event.ts';
import { type EndpointState, endpointStateWrite, loadEndpointState } from './endpoint-state.ts';

export interface SenderDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
}

/** How an endpoint is doing. */
export interface WebhookStatus {
  readonly name: string;
  /** Facts that it took, ever. */
  readonly delivered: number;
  /** Facts that were given up, ever: they are on TOPICS.undelivered. */
  readonly failed: number;
  /** Records of the control topic that it is behind by, when the sender last looked; not all are of its types. */
  readonly waiting: number;
  /** What keeps it from being sent to, or what it did not take; undefined while all is well. */
  readonly problem: string | undefined;
}

const CONTROL = { topic: TOPICS.control, partition: 0 } as const;
const POLL_RECORDS = 100;
const IDLE_POLL_MS = 1000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 600_000;
/** A long pause is cut, to look at what has come meanwhile. */
const LOOK_EVERY_MS = 10_000;

/** Sends the facts of one endpoint, in order: the next when the one before was taken or given up. */
export class EndpointSender {
  readonly #deps: SenderDeps;
  readonly #endpoint: WebhookEndpoint;
  #state: EndpointState = { delivered: 0, failed: 0 };
  #position = 0;
  #committed = 0;
  #waiting = 0;
  /** What is in the way now. */
  #obstacle: string | undefined;
  /** The latest fact that was given up. */
  #loss: string | undefined;

  constructor(deps: SenderDeps, endpoint: WebhookEndpoint) {
    this.#deps = deps;
    this.#endpoint = endpoint;
  }

  get status(): WebhookStatus {
    const { delivered, failed } = this.#state;
    const problem = this.#obstacle ?? this.#loss;
    return { name: this.#endpoint.name, delivered, failed, waiting: this.#waiting, problem };
  }

  /** Until the signal. Throws BROKER_* where the log fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#deps;
    const { name, from } = this.#endpoint;
    const consumer = await log.join({ group: `throughline.webhook.${name}`, topics: [TOPICS.control], from });
    try {
      await this.#begin(consumer);
      while (!signal.aborted && !this.#isGone()) {
        const [batch] = await consumer.poll({ maxRecords: POLL_RECORDS, maxWaitMs: IDLE_POLL_MS, signal });
        for (const record of batch?.records ?? []) await this.#handle(consumer, record, signal);
        if (this.#position > this.#committed) await this.#commit(consumer, this.#state);
        await this.#look();
      }
      while (!signal.aborted) await this.#pause(LOOK_EVERY_MS, signal);
    } finally {
      await consumer.close();
    }
  }

  /** Where a new endpoint begins is written down at once: what is raised before its first delivery is not lost to a restart. */
  async #begin(consumer: Consumer): Promise<void> {
    const { log } = this.#deps;
    const { name, from, url } = this.#endpoint;
    this.#state = await loadEndpointState(log, name);
    const { start, end } = await log.bounds(CONTROL);
    const [known] = await log.committed(consumer.group, TOPICS.control);
    this.#position = Math.max(start, known?.offset ?? (from === 'start' ? start : end));
    this.#committed = this.#position;
    // A consumer that has joined may have been given a later end than the one that is written down.
    consumer.seek({ ...CONTROL, offset: this.#position });
    const { goneUrl, ...state } = this.#state;
    await this.#commit(consumer, goneUrl === url ? this.#state : state);
    if (this.#isGone()) this.#obstacle = this.#goneSentence();
    await this.#look();
  }

  async #handle(consumer: Consumer, record: LogRecord, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#isGone()) return;
    const type = factTypeOf(record);
    const isWanted = type !== undefined && (this.#endpoint.types?.includes(type) ?? true);
    if (isWanted) await this.#send(consumer, record, signal);
    else this.#position = record.offset + 1;
  }

  async #send(consumer: Consumer, record: LogRecord, signal: AbortSignal): Promise<void> {
    const result = await this.#sendEvent(record, signal);
    if (signal.aborted && result.outcome !== 'delivered') return;
    const { delivered, failed } = this.#state;
    if (result.outcome === 'gone') {
      await this.#commit(consumer, { ...this.#state, goneUrl: this.#endpoint.url });
      this.#obstacle = this.#goneSentence();
      return;
    }
    this.#position = record.offset + 1;
    this.#obstacle = undefined;
    if (result.outcome === 'delivered') {
      await this.#commit(consumer, { ...this.#state, delivered: delivered + 1 });
      return;
    }
    await this.#commit(consumer, { ...this.#state, failed: failed + 1 }, [this.#undelivered(record, result.sentence)]);
    const id = record.headers[HEADERS.id] ?? '';
    this.#loss = `webhook ${this.#endpoint.name} ${result.sentence} to ${id}: it is given up, and kept on ${TOPICS.undelivered}`;
  }

  async #sendEvent(record: LogRecord, signal: AbortSignal): Promise<AttemptResult> {
    let event: ControlEvent;
    try {
      event = controlEventOf(record);
    } catch (error) {
      return { outcome: 'refused', sentence: `cannot be sent what is not JSON (${messageOf(error)})` };
    }
    return this.#sendUntilSettled(event, signal);
  }

  /** Tries until it is taken, refused, given up, or the signal aborts. */
  async #sendUntilSettled(event: ControlEvent, signal: AbortSignal): Promise<AttemptResult> {
    const { clock, random } = this.#deps;
    const endpoint = this.#endpoint;
    const giveUpMs = clock.now() + endpoint.giveUpAfterMs;
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, MAX_RETRY_MS)) {
      const result = await attempt({ endpoint, event, nowMs: clock.now(), signal });
      if (result.outcome !== 'failed' || signal.aborted) return result;
      const pauseMs = Math.max(result.retryAfterMs, delayMs * (0.5 + random() / 2));
      if (clock.now() + pauseMs > giveUpMs) return result;
      this.#obstacle = `webhook ${endpoint.name} ${result.sentence}; facts wait in the log, and ${event.id} is sent again`;
      await this.#pause(pauseMs, signal);
      if (signal.aborted) return result;
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    for (let leftMs = ms; leftMs > 0 && !signal.aborted; leftMs -= LOOK_EVERY_MS) {
      await this.#deps.wait(Math.min(leftMs, LOOK_EVERY_MS), signal);
      await this.#look();
    }
  }

  /** Makes durable where the endpoint stands, with what is remembered of it. */
  async #commit(consumer: Consumer, state: EndpointState, records: readonly NewRecord[] = []): Promise<void> {
    const positions = [{ ...CONTROL, offset: this.#position }];
    const write = endpointStateWrite(this.#endpoint.name, state);
    await this.#deps.log.commit({ records, state: [write], offsets: { consumer, positions } });
    this.#state = state;
    this.#committed = this.#position;
  }

  async #look(): Promise<void> {
    const { end } = await this.#deps.log.bounds(CONTROL);
    this.#waiting = Math.max(0, end - this.#position);
  }

  #isGone(): boolean {
    return this.#state.goneUrl === this.#endpoint.url;
  }

  #undelivered({ headers, value, offset }: LogRecord, reason: string): NewRecord {
    const { name } = this.#endpoint;
    const more = { tl_webhook: name, tl_reason: reason, tl_topic: TOPICS.control, tl_offset: String(offset) };
    return { topic: TOPICS.undelivered, partition: 0, headers: { ...headers, ...more }, value };
  }

  #goneSentence(): string {
    const { name } = this.#endpoint;
    return `webhook ${name} answered 410 Gone and is sent nothing more; take it out of the settings, or give it another url`;
  }
}
