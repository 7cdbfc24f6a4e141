import { type ModelRef, messageOf, ThroughlineError } from '#core';
import { runtimeError } from '../errors.ts';

/** A version that gave no score so many batches in a row is asked no more: each try costs the batch its time. */
const MAX_FAILURES_IN_A_ROW = 3;

interface Fault {
  /** Events that have no score of this version since the start. */
  eventsWithout: number;
  failuresInARow: number;
  isGivenUp: boolean;
}

/** What did not come of a shadow. */
export interface ShadowFailure {
  /** Events that have no score for it; 0 where the version could not be made ready. */
  readonly events: number;
  readonly error: unknown;
}

/**
 * Failures of versions that score in shadow. They change nothing of what is decided, so they are counted, and told once a version
 * and process: when it first fails, and when it is given up. A start begins anew.
 */
export class ShadowFaults {
  readonly #tell: (sentence: string) => void;
  readonly #faults = new Map<string, Fault>();

  /** `tell` gets a sentence for people. */
  constructor(tell: (sentence: string) => void = () => undefined) {
    this.#tell = tell;
  }

  /** Scored events that a version in shadow gave no score for, by `name@version`, since the start. */
  get eventsWithout(): ReadonlyMap<string, number> {
    return new Map([...this.#faults].map(([key, { eventsWithout }]) => [key, eventsWithout]));
  }

  isGivenUp(model: ModelRef): boolean {
    return this.#faults.get(keyOf(model))?.isGivenUp === true;
  }

  /** A batch was scored: failures before it no longer count as in a row. */
  recovered(model: ModelRef): void {
    const fault = this.#faults.get(keyOf(model));
    if (fault !== undefined) fault.failuresInARow = 0;
  }

  /** Some of a batch's scores are no numbers, the others are good. */
  partly(model: ModelRef, events: number): void {
    const { isFirst } = this.#count(model, events);
    if (isFirst) this.#say(model, `failed in shadow: its score is not finite for ${events} of a batch's events`);
  }

  /** A whole batch has no score, or the version could not be made ready. */
  failed(model: ModelRef, { events, error }: ShadowFailure): void {
    const { fault, isFirst } = this.#count(model, events);
    fault.failuresInARow += 1;
    const isLast = isHopeless(error) || fault.failuresInARow >= MAX_FAILURES_IN_A_ROW;
    if (isLast && !fault.isGivenUp) {
      fault.isGivenUp = true;
      this.#say(model, `scores in shadow no more until the next start: ${messageOf(error)}`);
    } else if (isFirst) this.#say(model, `failed in shadow: ${messageOf(error)}`);
  }

  #count(model: ModelRef, events: number): { readonly fault: Fault; readonly isFirst: boolean } {
    const key = keyOf(model);
    const known = this.#faults.get(key);
    const fault = known ?? { eventsWithout: 0, failuresInARow: 0, isGivenUp: false };
    fault.eventsWithout += events;
    this.#faults.set(key, fault);
    return { fault, isFirst: known === undefined };
  }

  #say({ name, version }: ModelRef, what: string): void {
    const sentence = `${name} v${version} ${what}; what the live version decides is not touched, and events without its score do not count in its gate`;
    const { code, message } = runtimeError('RUNTIME_SHADOW_FAILED', sentence);
    this.#tell(`${code}: ${message}`);
  }
}

/** The model's own fault: another try ends the same way. */
function isHopeless(error: unknown): boolean {
  return error instanceof ThroughlineError && !error.retryable;
}

function keyOf({ name, version }: ModelRef): string {
  return `${name}@${version}`;
}
