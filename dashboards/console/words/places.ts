import type { Journey } from '#core';

/** `shop.events [2] 138224`: topic, partition and offset, as one copies them. Offsets are names, so no thousands are set off. */
export function placeOf({ topic, partition, offset }: Journey['position']): string {
  return `${topic} [${partition}] ${offset}`;
}
