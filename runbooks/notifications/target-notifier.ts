import { type Clock, type EpochMs, type FiredAlert, messageOf } from '#core';
import { postableAlerts } from './alertmanager-payload.ts';
import type { NotificationState, NotificationTarget } from './config.ts';
import { type Message, postMessage } from './message.ts';
import { groupKeyOf, webhookPayload } from './webhook-payload.ts';

interface TargetDeps {
  readonly clock: Clock;
  readonly publicUrl: () => string;
}

/** An alert that the target knows, or has to know. */
interface Entry {
  readonly alert: FiredAlert;
  /** When the target took it as it is; undefined: it has not. */
  readonly toldMs: EpochMs | undefined;
}

/** An Alertmanager forgets what is not told again, and so does whoever watches for a sign of life. */
const REPEAT_MS = 60_000;
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;
/** Over it, the oldest are not told any more. */
const MAX_ALERTS = 2000;

/** What one target knows, and what it has to be told. */
export class TargetNotifier {
  readonly #target: NotificationTarget;
  readonly #deps: TargetDeps;
  readonly #abort = new AbortController();
  readonly #entries = new Map<string, Entry>();
  #sending: Promise<void> | undefined;
  #failures = 0;
  #notBeforeMs: EpochMs = 0;
  #lastSuccessMs: EpochMs | null = null;
  #problem: string | null = null;

  constructor(target: NotificationTarget, deps: TargetDeps) {
    this.#target = target;
    this.#deps = deps;
  }

  get state(): NotificationState {
    const { name, kind } = this.#target;
    return { name, kind, lastSuccessMs: this.#lastSuccessMs, problem: this.#problem };
  }

  tell(alerts: readonly FiredAlert[]): void {
    const given = new Set(alerts.map(keyOf));
    for (const alert of alerts) {
      const known = this.#entries.get(keyOf(alert));
      const toldMs = known?.alert.status === alert.status ? known.toldMs : undefined;
      this.#entries.set(keyOf(alert), { alert, toldMs });
    }
    // What is over and known to be over need not be remembered once nobody speaks of it any more.
    for (const [key, { alert, toldMs }] of this.#entries)
      if (!given.has(key) && (toldMs !== undefined || alert.status === 'firing')) this.#entries.delete(key);
    this.#dropOldest();
    this.#begin();
  }

  async settled(): Promise<void> {
    await this.#sending;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#sending;
  }

  #begin(): void {
    if (this.#sending !== undefined || this.#abort.signal.aborted) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    const nowMs = this.#deps.clock.now();
    if (nowMs < this.#notBeforeMs) return;
    const messages = this.#messages(nowMs);
    if (messages.length === 0) return;
    try {
      for (const message of messages) {
        await postMessage(message, this.#target, this.#abort.signal);
        this.#markTold(message.alerts, nowMs);
      }
      this.#failures = 0;
      this.#problem = null;
      this.#lastSuccessMs = nowMs;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#failures += 1;
      this.#problem = messageOf(error);
      this.#notBeforeMs = nowMs + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(10, this.#failures - 1));
    }
  }

  #messages(nowMs: EpochMs): readonly Message[] {
    const { kind, url, name } = this.#target;
    const externalUrl = this.#deps.publicUrl();
    const entries = [...this.#entries.values()];
    const due = entries.filter((entry) => this.#isDue(entry, nowMs)).map(({ alert }) => alert);
    if (due.length === 0) return [];
    if (kind === 'alertmanager') {
      const path = new URL('api/v2/alerts', url.endsWith('/') ? url : `${url}/`).href;
      return [{ url: path, body: postableAlerts(due, { nowMs, externalUrl }), alerts: due }];
    }
    const groups = new Set(due.map(groupKeyOf));
    // A group's message tells all of it: what still fires decides its status.
    const isTold = ({ alert, toldMs }: Entry): boolean => alert.status === 'firing' || toldMs === undefined;
    return [...groups].map((group) => {
      const alerts = entries.filter((entry) => isTold(entry) && groupKeyOf(entry.alert) === group).map(({ alert }) => alert);
      return { url, body: webhookPayload(alerts, { receiver: name, externalUrl }), alerts };
    });
  }

  /** A webhook keeps what it was told; Watchdog is a sign of life for either. */
  #isDue({ alert, toldMs }: Entry, nowMs: EpochMs): boolean {
    if (toldMs === undefined) return true;
    const isRepeated = this.#target.kind === 'alertmanager' || alert.labels['alertname'] === 'Watchdog';
    return isRepeated && alert.status === 'firing' && nowMs - toldMs >= REPEAT_MS;
  }

  /** Unless it has changed while it was on its way. */
  #markTold(alerts: readonly FiredAlert[], toldMs: EpochMs): void {
    for (const alert of alerts) {
      const entry = this.#entries.get(keyOf(alert));
      if (entry?.alert.status === alert.status) this.#entries.set(keyOf(alert), { ...entry, toldMs });
    }
  }

  #dropOldest(): void {
    const dropped = this.#entries.size - MAX_ALERTS;
    if (dropped <= 0) return;
    const byStart = [...this.#entries].sort(([, a], [, b]) => a.alert.startsAtMs - b.alert.startsAtMs);
    for (const [key] of byStart.slice(0, dropped)) this.#entries.delete(key);
    this.#problem = `${this.#target.name} has more than ${MAX_ALERTS} alerts to be told of: the ${dropped} oldest are left out`;
  }
}

function keyOf({ fingerprint, startsAtMs }: FiredAlert): string {
  return `${fingerprint}/${startsAtMs}`;
}
