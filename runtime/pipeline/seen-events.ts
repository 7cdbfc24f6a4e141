import type { EpochMs, EventRef } from '#core';

interface SeenBlock {
  readonly fromOffset: number;
  newestMs: EpochMs;
  readonly keys: string[];
}

const BLOCK_EVENTS = 1024;

/**
 * The events that a partition took within its de-duplication window, by (source, id). The log itself is the durable copy: only
 * the offset where the window begins is stored, and a restart reads the identities again from there.
 */
export class SeenEvents {
  readonly #offsets = new Map<string, number>();
  readonly #blocks: SeenBlock[] = [];

  /** The smallest offset that still matters, or undefined when nothing is held. */
  get fromOffset(): number | undefined {
    return this.#blocks[0]?.fromOffset;
  }

  /** Takes an event in; returns the offset of its first delivery where there was one, and changes nothing then. */
  add(event: EventRef, at: { readonly offset: number; readonly timeMs: EpochMs }): number | undefined {
    const key = keyOf(event);
    const first = this.#offsets.get(key);
    if (first !== undefined) return first;
    this.#offsets.set(key, at.offset);
    let block = this.#blocks.at(-1);
    if (block === undefined || block.keys.length >= BLOCK_EVENTS) {
      block = { fromOffset: at.offset, newestMs: at.timeMs, keys: [] };
      this.#blocks.push(block);
    }
    block.keys.push(key);
    block.newestMs = Math.max(block.newestMs, at.timeMs);
    return undefined;
  }

  /** Forgets whole blocks of events that are all older than this event time. */
  forgetBefore(timeMs: EpochMs): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined && oldest.newestMs < timeMs; oldest = this.#blocks[0]) {
      for (const key of oldest.keys) this.#offsets.delete(key);
      this.#blocks.shift();
    }
  }
}

function keyOf(event: EventRef): string {
  return `${event.source}\0${event.id}`;
}
