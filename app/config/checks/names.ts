import type { Problem } from '../problem.ts';
import type { SourceFile } from '../source-file.ts';
import type { WorkspaceParts } from '../workspace-parts.ts';

interface Named {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly name: string;
}

/** A problem for every name after its first. */
function repeated(what: string, all: readonly Named[]): readonly Problem[] {
  const first = new Map<string, Named>();
  return all.flatMap((named) => {
    const earlier = first.get(named.name);
    if (earlier === undefined) {
      first.set(named.name, named);
      return [];
    }
    const { file, line } = earlier.source.problem({ pointer: earlier.pointer }, '');
    return [
      named.source.problem(
        { pointer: named.pointer },
        `${what} ${named.name} is declared twice`,
        `the other one is at ${file}:${line}`,
      ),
    ];
  });
}

/** Names that must be unique: teams, views, pipelines, models, drift jobs, SLOs, alerts and incidents in the workspace, features in a view, inputs in a model. */
export function checkNames({
  workspace,
  view,
  pipeline,
  model,
  driftJob,
  slo,
  alert,
  replay,
}: WorkspaceParts): readonly Problem[] {
  const teams = workspace?.value.teams.map(({ name }, index) => ({
    source: workspace.source,
    pointer: `/teams/${index}/name`,
    name,
  }));
  return [
    ...repeated('team', teams ?? []),
    ...repeated(
      'view',
      view.map(({ source, value }) => ({ source, pointer: '/view', name: value.view })),
    ),
    ...repeated(
      'pipeline',
      pipeline.map(({ source, value }) => ({ source, pointer: '/pipeline', name: value.pipeline })),
    ),
    ...repeated(
      'model',
      model.map(({ source, value }) => ({ source, pointer: '/model', name: value.model })),
    ),
    ...repeated(
      'drift job',
      driftJob.map(({ source, value }) => ({ source, pointer: '/job', name: value.job })),
    ),
    ...repeated(
      'SLO',
      slo.map(({ source, value }) => ({ source, pointer: '/slo', name: value.slo })),
    ),
    ...repeated(
      'alert',
      alert.map(({ source, value }) => ({ source, pointer: '/alert', name: value.alert })),
    ),
    ...repeatedIncidents(replay),
    ...view.flatMap(({ source, value }) =>
      repeated(
        'feature',
        value.features.map(({ name }, index) => ({ source, pointer: `/features/${index}/name`, name })),
      ),
    ),
    ...model.flatMap(({ source, value }) =>
      repeated(
        'input',
        value.inputs.map(({ feature }, index) => ({ source, pointer: `/inputs/${index}/feature`, name: feature })),
      ),
    ),
  ];
}

function repeatedIncidents(replay: WorkspaceParts['replay']): readonly Problem[] {
  if (replay === undefined) return [];
  const { source, value } = replay;
  const names = (value.incidents ?? []).map(({ name }, index) => ({ source, pointer: `/incidents/${index}/name`, name }));
  return repeated('incident', names);
}
