import { BOARDS } from '#core';
import type { GrafanaOptions } from '../options.ts';
import { contractPanels } from '../panels/contract-panels.ts';
import { modelPanels } from '../panels/model-panels.ts';
import { overviewPanels } from '../panels/overview-panels.ts';
import { pipelinePanels } from '../panels/pipeline-panels.ts';
import { stagePanels } from '../panels/stage-panels.ts';
import { type BoardJson, buildBoard } from './board.ts';

const ownersOf = (owned: readonly { readonly owner: string }[]): readonly string[] => owned.map(({ owner }) => owner);

/** All boards of a workspace. */
export function buildBoards(options: GrafanaOptions): readonly BoardJson[] {
  const { pipelines, models, contracts } = options;
  return [
    buildBoard(options, {
      uid: BOARDS.overview.uid,
      title: 'Throughline: overview',
      description: 'What fires, which pipeline is hit, which SLO burns, and what changed.',
      owners: ownersOf([...pipelines, ...models, ...contracts]),
      consolePath: '/',
      from: 'now-6h',
      refresh: '30s',
      variables: { uses: [] },
      panels: overviewPanels(options),
    }),
    buildBoard(options, {
      uid: BOARDS.pipeline.uid,
      title: 'Throughline: pipeline',
      description:
        'Rate, errors and duration of a pipeline and of each of its stages against the latency budget; what its consumer group does.',
      owners: ownersOf(pipelines),
      consolePath: '/',
      from: 'now-1h',
      refresh: '30s',
      variables: { uses: ['pipeline'] },
      panels: [...pipelinePanels(options), ...stagePanels(options)],
    }),
    buildBoard(options, {
      uid: BOARDS.model.uid,
      title: 'Throughline: model',
      description: 'Which version decides, how it scores, whether it is right as outcomes arrive, drift, candidates, retraining.',
      owners: ownersOf(models),
      consolePath: `/models/\${model:percentencode}`,
      from: 'now-30d',
      refresh: '5m',
      variables: { uses: ['model'], hasGrain: true },
      panels: modelPanels(),
    }),
    buildBoard(options, {
      uid: BOARDS.contract.uid,
      title: 'Throughline: contract',
      description:
        'Whether events fit their contract, what does not and why, who sends it, and whether its fields mean what they meant.',
      owners: ownersOf(contracts),
      consolePath: '/',
      from: 'now-24h',
      refresh: '1m',
      variables: { uses: ['subject'] },
      panels: contractPanels(),
    }),
  ];
}
