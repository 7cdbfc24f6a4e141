import { messageOf } from '#core';

interface Cleanup {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** Cleanups in the order of their making, undone last first: after a failed start as after a full run. */
export class Lifecycle {
  readonly #cleanups: Cleanup[] = [];
  #stopping: Promise<readonly string[]> | undefined;

  /** Registers how to undo what was just started. */
  onStop(name: string, run: Cleanup['run']): void {
    this.#cleanups.push({ name, run });
  }

  /** Runs every cleanup once, last first, even where one fails; returns a sentence for each failure. Later calls get the same answer. */
  stop(): Promise<readonly string[]> {
    this.#stopping ??= this.#unwind();
    return this.#stopping;
  }

  async #unwind(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (let cleanup = this.#cleanups.pop(); cleanup !== undefined; cleanup = this.#cleanups.pop()) {
      try {
        await cleanup.run();
      } catch (error) {
        failures.push(`stopping ${cleanup.name} failed: ${messageOf(error)}`);
      }
    }
    return failures;
  }
}
