import { type EpochMs, messageOf, VERSION } from '#core';
import type { WebhookEndpoint } from './config.ts';
import type { ControlEvent } from './control-event.ts';

/** What became of one request. `sentence` names neither address nor secret. */
export type AttemptResult =
  | { readonly outcome: 'delivered' }
  /** 410: the endpoint wants nothing more. */
  | { readonly outcome: 'gone' }
  /** No later request will fare better. */
  | { readonly outcome: 'refused'; readonly sentence: string }
  | { readonly outcome: 'failed'; readonly sentence: string; readonly retryAfterMs: number };

/** 4xx that a later request may not get. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];
const MAX_RETRY_AFTER_MS = 86_400_000;

export interface AttemptOptions {
  readonly endpoint: WebhookEndpoint;
  readonly event: ControlEvent;
  readonly nowMs: EpochMs;
  readonly signal: AbortSignal;
}

/** Sends an event once: POST, structured CloudEvents, signed. Redirects are not followed: what is signed for one address is not for another. */
export async function attempt({ endpoint, event, nowMs, signal }: AttemptOptions): Promise<AttemptResult> {
  const { url, timeoutMs } = endpoint;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: headersOf(endpoint, event, nowMs),
      body: event.body,
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    return resultOf(response, nowMs);
  } catch (error) {
    const sentence = timeout.aborted ? `gave no answer within ${timeoutMs} ms` : `cannot be reached: ${reasonOf(error)}`;
    return { outcome: 'failed', sentence, retryAfterMs: 0 };
  }
}

function headersOf(
  { keys }: WebhookEndpoint,
  { webhookId, body }: ControlEvent,
  nowMs: EpochMs,
): Readonly<Record<string, string>> {
  const timestampSeconds = Math.floor(nowMs / 1000);
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': `Throughline/${VERSION}`,
    'webhook-id': webhookId,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': keys.sign({ id: webhookId, timestampSeconds, body }),
  };
}

function resultOf({ status, ok, headers }: Response, nowMs: EpochMs): AttemptResult {
  if (ok) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'gone' };
  const retryAfterMs = retryAfterOf(headers.get('retry-after'), nowMs);
  if (status >= 300 && status < 400) {
    return { outcome: 'failed', sentence: `answers with a redirect (${status}): write its new address`, retryAfterMs };
  }
  if (status >= 400 && status < 500 && !PASSING_STATUSES.includes(status)) {
    return { outcome: 'refused', sentence: `answered ${status}` };
  }
  return { outcome: 'failed', sentence: `answered ${status}`, retryAfterMs };
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3); at most a day, and 0 where it says nothing. */
function retryAfterOf(header: string | null, nowMs: EpochMs): number {
  if (header === null) return 0;
  const ms = /^\d+$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? 0 : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}

/** What the network said stands in the cause; `fetch failed` alone helps nobody. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const message = messageOf(cause);
  // A name with several addresses fails with one error for all of them, which has a code only.
  return message === '' && cause instanceof Error && 'code' in cause ? String(cause.code) : message;
}
