import type { Problem } from '../problem.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';

/** Versions of a subject: none twice, none left out. */
export function checkContracts({ catalog, contractSources }: WorkspaceParts): readonly Problem[] {
  return catalog.findings.flatMap(({ contract, message }) => {
    const source = contractSources.get(contract);
    return source === undefined ? [] : [source.problem({ pointer: '/version' }, message)];
  });
}
