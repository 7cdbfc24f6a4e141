import { type FiredAlert, messageOf, VERSION } from '#core';
import { runbookError } from '../errors.ts';
import type { NotificationTarget } from './config.ts';

/** A request to a target, and the alerts that it tells. */
export interface Message {
  readonly url: string;
  readonly body: unknown;
  readonly alerts: readonly FiredAlert[];
}

const TIMEOUT_MS = 10_000;

/** Sends it once. Throws RUNBOOK_NOTIFICATION_FAILED, whose sentence has neither the path of the address nor a header. */
export async function postMessage(
  { url, body }: Message,
  { name, headers = {} }: NotificationTarget,
  signal: AbortSignal,
): Promise<void> {
  const place = `${name} (${new URL(url).origin})`;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const request = {
    method: 'POST',
    redirect: 'manual',
    headers: { 'user-agent': `Throughline/${VERSION}`, ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, timeout]),
  } as const;
  const answer = await fetch(url, request).catch((error: unknown) => {
    const why = timeout.aborted ? `gave no answer within ${TIMEOUT_MS / 1000} s` : `cannot be reached: ${reasonOf(error)}`;
    throw runbookError('RUNBOOK_NOTIFICATION_FAILED', `${place} ${why}; alerts are told again`, { cause: error });
  });
  const said = answer.ok ? '' : (await answer.text().catch(() => '')).trim().slice(0, 200);
  await answer.body?.cancel().catch(() => undefined);
  if (answer.ok) return;
  const sentence = `${place} answered ${answer.status} to alerts${said === '' ? '' : `: ${said}`}; they are told again`;
  throw runbookError('RUNBOOK_NOTIFICATION_FAILED', sentence);
}

/** What the network said stands in the cause; `fetch failed` alone helps nobody. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const message = messageOf(cause);
  return message === '' && cause instanceof Error && 'code' in cause ? String(cause.code) : message;
}
