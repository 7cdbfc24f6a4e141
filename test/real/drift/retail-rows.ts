import path from 'node:path';
import { systemClock } from '#core';
import { openEmbeddedLog } from '#runtime';
import { loadWorkspace } from '../../../app/config/index.ts';
import type { ModelInput } from '../../../drift/retraining/preprocessing.ts';
import { buildTrainingSet, type TrainingSet } from '../../../drift/retraining/training-set.ts';
import { ThroughlineProcess } from '../../support/throughline-process.ts';

const WORKSPACE = path.join(import.meta.dirname, '../../../examples/retail');
/** Every label of these months is final when the history ends. */
const WINDOW = { fromMs: Date.UTC(2010, 11, 1), toMs: Date.UTC(2011, 10, 1) };

/** What the bundled year's purchases were served, with their labels, from December to October. */
export interface RetailRows {
  readonly set: TrainingSet;
  readonly inputs: readonly ModelInput[];
}

/** Replays the bundled year into a folder, as `throughline start --once` does, and reads what a trainer would. Takes a minute. */
export async function readRetailRows(folder: string): Promise<RetailRows> {
  const data = path.join(folder, 'retail');
  const flags = ['--workspace', WORKSPACE, '--data', data, '--port', '0', '--clickhouse', 'off', '--once'];
  const run = await new ThroughlineProcess(['start', ...flags]).ended;
  if (run.code !== 0) throw new Error(run.output);
  const { pipelines, models } = await loadWorkspace(WORKSPACE);
  const [pipeline] = pipelines;
  const model = models.find(({ model: name }) => name === pipeline?.model);
  if (pipeline === undefined || model === undefined) throw new Error('the workspace has no pipeline with a model');
  const log = await openEmbeddedLog({ folder: data, clock: systemClock });
  try {
    const positions = Array.from({ length: pipeline.topic.partitions }, (_, partition) => ({
      topic: pipeline.topic.name,
      partition,
      offset: Number.MAX_SAFE_INTEGER,
    }));
    const facts = { requestId: 'test', model: model.model, pipeline: pipeline.pipeline, cause: 'first_model', atMs: 0 } as const;
    const request = { ...facts, window: WINDOW, positions };
    const set = await buildTrainingSet(log, { request, features: model.inputs.map(({ feature }) => feature) });
    if (!set.ok) throw new Error(set.message);
    return { set: set.value, inputs: model.inputs };
  } finally {
    await log.close();
  }
}
