import { randomInt } from 'node:crypto';
import { type Clock, createRandom, type EventLog, messageOf } from '#core';
import { type WebhookEndpoint, WebhookSender } from '#drift';
import type { Lifecycle } from './lifecycle.ts';
import { wait } from './wait.ts';

interface WebhookWiring {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly endpoints: readonly WebhookEndpoint[];
  readonly announce: (sentence: string) => void;
}

const MAX_SEED = 2 ** 32;

/** Sends control facts to the endpoints of the settings, until the lifecycle's end; what is not sent then is sent after the next start. */
export function startWebhooks({ log, clock, lifecycle, endpoints, announce }: WebhookWiring): WebhookSender {
  const sender = new WebhookSender({ log, clock, wait, random: createRandom(randomInt(MAX_SEED)), endpoints });
  const abort = new AbortController();
  const running = sender
    .run(abort.signal)
    .catch((error: unknown) => announce(`webhooks are not sent any more: ${messageOf(error)}`));
  lifecycle.onStop('webhooks', async () => {
    abort.abort();
    await running;
  });
  return sender;
}
