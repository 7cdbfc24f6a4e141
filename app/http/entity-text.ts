import type { Entities } from './deps.ts';

const PSEUDONYM = /^[0-9a-f]{16}$/u;

/** What a typed entity may be stored as: what it becomes, or itself where it is a pseudonym already. */
export function entitiesOf(entities: Entities, text: string): readonly string[] {
  const stored = entities.entityOf(text);
  return entities.isPseudonym && PSEUDONYM.test(text) && stored !== text ? [stored, text] : [stored];
}
