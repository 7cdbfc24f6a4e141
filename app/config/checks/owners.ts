import type { Problem } from '../problem.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';
import { checkReference } from './reference.ts';

/** Whoever owns something is a declared team. */
export function checkOwners({
  workspace,
  contract,
  view,
  pipeline,
  model,
  driftJob,
  slo,
  alert,
}: WorkspaceParts): readonly Problem[] {
  const declared = {
    names: new Set(workspace?.value.teams.map(({ name }) => name)),
    isComplete: workspace !== undefined,
  };
  return [...contract, ...view, ...pipeline, ...model, ...driftJob, ...slo, ...alert].flatMap(({ source, value }) =>
    checkReference({ source, pointer: '/owner', name: value.owner, what: 'a team of workspace.yaml' }, declared),
  );
}
