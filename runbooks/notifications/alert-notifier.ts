import { type Clock, type FiredAlert, messageOf } from '#core';
import { runbookError } from '../errors.ts';
import type { NotificationTarget } from './config.ts';
import { webhookPayload } from './webhook-payload.ts';

/** How a target is doing. */
export interface NotificationState {
  readonly name: string;
  readonly kind: NotificationTarget['kind'];
  readonly lastSuccessMs: number | null;
  readonly problem: string | null;
}

export interface NotifierDeps {
  readonly targets: readonly NotificationTarget[];
  readonly clock: Clock;
  /** The base of links, without a slash at its end. */
  readonly publicUrl: () => string;
}

interface TargetMemory {
  lastSuccessMs: number | null;
  problem: string | null;
  /** Epoch ms by fingerprint, start and status. */
  readonly told: Map<string, number>;
  /** Not before this time again, epoch ms. */
  notBeforeMs: number;
  failures: number;
}

/** An Alertmanager forgets what is not told again within its resolve_timeout, five minutes by default. */
const REPEAT_MS = 60_000;
/** What it is told to believe until then. */
const VALID_MS = 4 * REPEAT_MS;
const TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;

/** Tells Alertmanagers and webhooks what fires and what was resolved. Called with all of it after each round; a target that fails disturbs nothing. */
export class AlertNotifier {
  readonly #deps: NotifierDeps;
  readonly #memory = new Map<string, TargetMemory>();

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
    for (const { name } of deps.targets)
      this.#memory.set(name, { lastSuccessMs: null, problem: null, told: new Map(), notBeforeMs: 0, failures: 0 });
  }

  states(): readonly NotificationState[] {
    return this.#deps.targets.map(({ name, kind }) => {
      const { lastSuccessMs = null, problem = null } = this.#memory.get(name) ?? {};
      return { name, kind, lastSuccessMs, problem };
    });
  }

  /** Resolves when every target was told what it has to know now, or has failed. Never throws. */
  async tell(alerts: readonly FiredAlert[]): Promise<void> {
    await Promise.all(this.#deps.targets.map((target) => this.#tellTarget(target, alerts)));
  }

  async #tellTarget(target: NotificationTarget, alerts: readonly FiredAlert[]): Promise<void> {
    const memory = this.#memory.get(target.name);
    const nowMs = this.#deps.clock.now();
    if (memory === undefined || nowMs < memory.notBeforeMs) return;
    const due = alerts.filter((alert) => isDue(alert, { target, memory, nowMs }));
    if (due.length === 0) return;
    try {
      for (const message of this.#messages(target, due, nowMs)) await post(message, target);
      for (const alert of due) memory.told.set(keyOf(alert), nowMs);
      this.#forget(memory, alerts);
      memory.lastSuccessMs = nowMs;
      memory.problem = null;
      memory.failures = 0;
    } catch (error) {
      memory.failures += 1;
      memory.problem = messageOf(error);
      memory.notBeforeMs = nowMs + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (memory.failures - 1));
    }
  }

  #messages({ kind, url, name }: NotificationTarget, due: readonly FiredAlert[], nowMs: number): readonly Message[] {
    const publicUrl = this.#deps.publicUrl();
    if (kind === 'alertmanager') {
      const path = new URL('api/v2/alerts', url.endsWith('/') ? url : `${url}/`).href;
      return [{ url: path, body: due.map((alert) => postableOf(alert, { nowMs, publicUrl })) }];
    }
    return webhookPayload(due, { receiver: name, externalUrl: publicUrl }).map((body) => ({ url, body }));
  }

  /** What is over and told need not be known any longer. */
  #forget(memory: TargetMemory, alerts: readonly FiredAlert[]): void {
    const known = new Set(alerts.map(keyOf));
    for (const key of memory.told.keys()) if (!known.has(key)) memory.told.delete(key);
  }
}

interface Message {
  readonly url: string;
  readonly body: unknown;
}

const keyOf = ({ fingerprint, startsAtMs, status }: FiredAlert): string => `${fingerprint}/${startsAtMs}/${status}`;

function isDue(
  alert: FiredAlert,
  { target, memory, nowMs }: { readonly target: NotificationTarget; readonly memory: TargetMemory; readonly nowMs: number },
): boolean {
  const toldMs = memory.told.get(keyOf(alert));
  if (toldMs === undefined) return true;
  // A webhook keeps what it was told; Watchdog is a sign of life for either.
  const repeats = alert.status === 'firing' && (target.kind === 'alertmanager' || alert.labels['alertname'] === 'Watchdog');
  return repeats && nowMs - toldMs >= REPEAT_MS;
}

/** An alert of POST /api/v2/alerts. */
function postableOf(
  { labels, annotations, startsAtMs, endsAtMs }: FiredAlert,
  { nowMs, publicUrl }: { readonly nowMs: number; readonly publicUrl: string },
): object {
  return {
    labels,
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs ?? nowMs + VALID_MS).toISOString(),
    generatorURL: annotations['incident_url'] ?? publicUrl,
  };
}

async function post({ url, body }: Message, { name, headers = {} }: NotificationTarget): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (response.ok) return;
  throw runbookError('RUNBOOK_NOTIFICATION_FAILED', `${name} answered ${response.status} to alerts at ${new URL(url).origin}`);
}
