import type { Incident } from '#runtime';
import { nameHint } from '../config/checks/reference.ts';
import { configError } from '../config/errors.ts';
import type { Workspace } from '../config/index.ts';

/** The incidents of these names, each once, in the order of replay.yaml. Throws CONFIG_SETTINGS_INVALID for a name that it does not have. */
export function chooseIncidents({ replay }: Pick<Workspace, 'replay'>, names: readonly string[]): readonly Incident[] {
  const declared = replay?.incidents ?? [];
  const known = new Set(declared.map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    const sentence = `--incident is '${unknown}', which is no incident of the workspace's replay.yaml; ${nameHint(unknown, known)}`;
    throw configError('CONFIG_SETTINGS_INVALID', sentence);
  }
  return declared.filter(({ name }) => names.includes(name));
}
