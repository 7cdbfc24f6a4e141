import { messageOf } from '#core';
import { runbookError } from '../errors.ts';
import { type IncidentDocument, type Investigation, keyOf } from './incident.ts';

export interface QueueDeps {
  /** Incidents without an investigation. */
  readonly waiting: () => readonly IncidentDocument[];
  readonly investigate: (incident: IncidentDocument, signal: AbortSignal) => Promise<Investigation>;
  readonly done: (incident: IncidentDocument, investigation: Investigation) => Promise<void>;
  /** The sentence of why not. */
  readonly failed: (incident: IncidentDocument, problem: string) => Promise<void>;
  readonly investigationMs: number;
  readonly retryMs: number;
}

/** Investigates what waits, one at a time: pages before tickets, the newest first. What failed is tried again after a while. */
export class InvestigationQueue {
  readonly #deps: QueueDeps;
  readonly #stopped = new AbortController();
  /** Failed in this round: not before the next. */
  readonly #failed = new Set<string>();
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStarted = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  /** Something may wait. */
  wake(): void {
    if (!this.#isStarted || this.#stopped.signal.aborted || this.#running !== undefined) return;
    if (this.#next() === undefined) return;
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
      // What came in between the last look and now.
      this.wake();
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#retry);
    await this.#running;
  }

  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #next(): IncidentDocument | undefined {
    const waiting = this.#deps.waiting().filter((incident) => !this.#failed.has(keyOf(incident)));
    const order = ({ severity, startsAtMs }: IncidentDocument): number => (severity === 'page' ? 1e15 : 0) + startsAtMs;
    return [...waiting].sort((a, b) => order(b) - order(a))[0];
  }

  async #work(): Promise<void> {
    for (;;) {
      const incident = this.#stopped.signal.aborted ? undefined : this.#next();
      if (incident === undefined) return;
      await this.#investigate(incident);
    }
  }

  async #investigate(incident: IncidentDocument): Promise<void> {
    const { investigate, done, failed } = this.#deps;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#deps.investigationMs);
    try {
      const signal = AbortSignal.any([this.#stopped.signal, limit.signal]);
      const investigation = await Promise.race([investigate(incident, signal), whenAborted(signal)]);
      await done(incident, investigation);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#tryLater(incident);
      await failed(incident, messageOf(error)).catch(() => undefined);
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }

  #tryLater(incident: IncidentDocument): void {
    this.#failed.add(keyOf(incident));
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#failed.clear();
      this.wake();
    }, this.#deps.retryMs).unref();
  }
}

/** Never resolves; rejects when its time is over. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = (): void =>
      reject(runbookError('RUNBOOK_INVESTIGATION_SLOW', 'the investigation did not end in its time; it is tried again'));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
  });
}
