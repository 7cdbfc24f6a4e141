import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Clock, type EventLog, type ModelAnswer, type RollbackAnswer, STORES } from '#core';
import { type LineOfModels, liveOf, type RollbackOrder, type RolledBack, readLineOfModels, rollBack, unknownModel } from '#drift';
import { openEmbeddedLog } from '#runtime';
import type { Settings, Workspace } from '../config/index.ts';
import { appError } from '../errors.ts';
import { rollbackAnswerOf } from '../views/rollback-view.ts';
import { loadAddress } from './address-file.ts';
import { getFrom, postTo } from './running-line.ts';
import { formatTable } from './tables.ts';

export interface ModelsOptions {
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly output: { write(text: string): void };
}

/** Prints each model's versions: what decides, what is on trial, what came before and why. */
export async function listModels(options: ModelsOptions): Promise<void> {
  const { workspace, output } = options;
  for (const { model, pipeline } of modelsOf(workspace)) {
    const rows = await versionRows(options, { model, pipeline });
    const table = formatTable(['version', 'status', 'algorithm', 'from', 'why'], rows);
    output.write(`${model} (pipeline ${pipeline})\n${rows.length === 0 ? 'no version yet' : table}\n`);
  }
}

export interface RollbackFlags {
  readonly to?: number;
  readonly reason: string;
  readonly actor?: string;
}

/** Lets an earlier version decide: in the running line, or in the data folder where none runs. */
export async function rollBackModel(options: ModelsOptions, name: string, flags: RollbackFlags): Promise<void> {
  const { workspace, output, settings } = options;
  const known = modelsOf(workspace);
  const found = known.find(({ model }) => model === name);
  if (found === undefined)
    throw unknownModel(
      name,
      known.map(({ model }) => model),
    );
  const order: RollbackOrder = {
    reason: flags.reason,
    actor: flags.actor ?? userInfo().username,
    ...(flags.to === undefined ? {} : { to: flags.to }),
  };
  const address = await loadAddress(settings.data.value);
  if (address !== undefined) {
    const { summary } = await postTo<RollbackAnswer>(`${address}/api/models/${encodeURIComponent(name)}/rollback`, order);
    output.write(`${summary}\n`);
    return;
  }
  const rolledBack = await withLog(options, async (log) => rollBackStored(log, options, { ...found, order }));
  output.write(`${rollbackAnswerOf(rolledBack).summary} Nothing runs on this data folder now; the next start goes on so.\n`);
}

interface Named {
  readonly model: string;
  readonly pipeline: string;
}

function modelsOf({ pipelines }: Workspace): readonly Named[] {
  return pipelines.map(({ model, pipeline }) => ({ model, pipeline }));
}

async function withLog<T>({ settings, clock }: ModelsOptions, work: (log: EventLog) => Promise<T>): Promise<T> {
  const folder = settings.data.value;
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    throw appError('APP_NOT_FOUND', `there is no data folder ${folder}: start the line once, or name the folder with --data`);
  }
  const log = await openEmbeddedLog({ folder, clock });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** Nothing runs: what is committed is where each partition stands. */
async function rollBackStored(
  log: EventLog,
  { workspace, clock }: ModelsOptions,
  { model, pipeline, order }: Named & { readonly order: RollbackOrder },
): Promise<RolledBack> {
  const topic = workspace.pipelines.find((file) => file.pipeline === pipeline)?.topic;
  if (topic === undefined) throw unknownModel(model, []);
  const positions = (await log.committed(pipeline, topic.name)).map(({ partition, offset }) => ({
    topic: topic.name,
    partition,
    offset,
  }));
  const watermarks = await Promise.all(positions.map(({ partition }) => storedWatermark(log, partition)));
  return rollBack({ log, clock, pipeline, model }, order, { atMs: Math.min(...watermarks), positions });
}

async function storedWatermark(log: EventLog, partition: number): Promise<number> {
  for await (const { value } of log.readState(STORES.progress, partition)) {
    const { watermarkMs } = JSON.parse(new TextDecoder().decode(value)) as { readonly watermarkMs?: number };
    if (watermarkMs !== undefined) return watermarkMs;
  }
  return 0;
}

async function versionRows(options: ModelsOptions, named: Named): Promise<string[][]> {
  const address = await loadAddress(options.settings.data.value);
  if (address === undefined) return storedRows(await withLog(options, (log) => readLineOfModels(log, named)));
  const answer = await getFrom<ModelAnswer>(`${address}/api/models/${encodeURIComponent(named.model)}`);
  return answer.versions.map(({ version, status, algorithm, live, reason }) => [
    `v${version}`,
    status,
    algorithm ?? '',
    live.at(-1)?.from.slice(0, 10) ?? '',
    reason ?? '',
  ]);
}

function storedRows(line: LineOfModels): string[][] {
  return line.registered.toReversed().map(({ version }) => {
    const isOfVersion = (fact: { readonly version: number }): boolean => fact.version === version;
    const promoted = line.promoted.findLast(isOfVersion);
    const refused = line.refusedByGate.find(isOfVersion);
    const algorithm = line.trained.find(isOfVersion)?.lineage.algorithm ?? '';
    const from = promoted === undefined ? '' : new Date(promoted.atMs).toISOString().slice(0, 10);
    return [`v${version}`, statusOf(line, version), algorithm, from, (promoted ?? refused)?.reason ?? ''];
  });
}

function statusOf(line: LineOfModels, version: number): string {
  const isOfVersion = (fact: { readonly version: number }): boolean => fact.version === version;
  if (liveOf(line)?.version === version) return 'live';
  if (line.promoted.some(isOfVersion)) return 'retired';
  if (line.refusedByGate.some(isOfVersion)) return 'refused';
  return line.shadowed.some(isOfVersion) ? 'shadow' : 'registered';
}
