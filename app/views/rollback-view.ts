import type { RollbackAnswer } from '#core';
import type { RolledBack } from '#drift';

/** What a roll-back did, as it is told. */
export function rollbackAnswerOf({ name, version, replaces, atMs, actor }: RolledBack): RollbackAnswer {
  const at = new Date(atMs).toISOString();
  const summary = `${name} v${version} decides instead of v${replaces} from ${at} (event time) on, by order of ${actor}.`;
  return { model: name, from: replaces, to: version, at, summary };
}
