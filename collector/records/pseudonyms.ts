import { pseudonymOf } from '#core';
import type { EntityName } from './lines.ts';

/** Names are asked for again and again while an entity is active; beyond this many the cache begins anew. */
const MAX_CACHED = 50_000;

/** Names entities by pseudonym: the same for the same key, and of no use without it. */
export function createPseudonyms(key: Uint8Array): EntityName {
  const known = new Map<string, string>();
  return (entity) => {
    const name = known.get(entity);
    if (name !== undefined) return name;
    if (known.size >= MAX_CACHED) known.clear();
    const fresh = pseudonymOf(key, entity);
    known.set(entity, fresh);
    return fresh;
  };
}
