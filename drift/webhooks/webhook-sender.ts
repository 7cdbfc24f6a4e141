import { TOPICS } from '#core';
import type { WebhookEndpoint } from './config.ts';
import { EndpointSender, type SenderDeps, type WebhookStatus } from './endpoint-sender.ts';

export interface WebhookDeps extends SenderDeps {
  readonly endpoints: readonly WebhookEndpoint[];
}

const UNDELIVERED_KEPT_MS = 90 * 86_400_000;

/**
 * Sends the facts of the control topic to HTTP endpoints: CloudEvents in structured mode, signed by Standard Webhooks 1.0.0. Each endpoint
 * is a consumer group of its own, so that one that is away holds up no other. Each fact is sent at least once and in order; the
 * header webhook-id tells a repeated one. What is refused for good, or not taken in time, is kept on TOPICS.undelivered.
 */
export class WebhookSender {
  readonly #deps: WebhookDeps;
  readonly #senders: readonly EndpointSender[];

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
    this.#senders = deps.endpoints.map((endpoint) => new EndpointSender(deps, endpoint));
  }

  /** In the order of the settings. */
  status(): readonly WebhookStatus[] {
    return this.#senders.map(({ status }) => status);
  }

  /** Sends until the signal. Throws BROKER_* where the log fails; then all have ended. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#senders.length === 0) return;
    const retention = { maxAgeMs: UNDELIVERED_KEPT_MS };
    await this.#deps.log.createTopic({ name: TOPICS.undelivered, partitions: 1, retention });
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const running = this.#senders.map(async (sender) => {
      try {
        await sender.run(either);
      } finally {
        // Nobody ends before the signal, unless it failed.
        failure.abort();
      }
    });
    const failed = (await Promise.allSettled(running)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
