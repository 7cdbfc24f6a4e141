import type { Clock, FiredAlert } from '#core';
import type { NotificationState, NotificationTarget } from './config.ts';
import { TargetNotifier } from './target-notifier.ts';

export interface NotifierDeps {
  /** Names are unique. */
  readonly targets: readonly NotificationTarget[];
  readonly clock: Clock;
  /** The base of links, without a slash at its end. */
  readonly publicUrl: () => string;
}

/**
 * Tells Alertmanagers and webhooks what fires and what was resolved. Each target goes its own way: one that is slow or away holds up
 * neither the rounds nor another target.
 */
export class AlertNotifier {
  readonly #targets: readonly TargetNotifier[];

  constructor({ targets, ...deps }: NotifierDeps) {
    this.#targets = targets.map((target) => new TargetNotifier(target, deps));
  }

  /** In the order of the settings. */
  states(): readonly NotificationState[] {
    return this.#targets.map(({ state }) => state);
  }

  /** Takes all that fires, and what was resolved lately: to be called after each round, also where nothing changed. Returns at once. */
  tell(alerts: readonly FiredAlert[]): void {
    for (const target of this.#targets) target.tell(alerts);
  }

  /** Resolves when nothing is on its way: what has to be told was, or waits for its next try. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.settled()));
  }

  /** Calls off what is on its way. */
  async stop(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.stop()));
  }
}
