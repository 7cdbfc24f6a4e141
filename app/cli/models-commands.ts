import { stdout } from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '#core';
import { loadSettings, loadWorkspace } from '../config/index.ts';
import { listModels, type ModelsOptions, type RollbackFlags, rollBackModel } from './models.ts';

interface ModelsFlags {
  readonly workspace?: string;
  readonly data?: string;
  readonly settings?: string;
}

/** `throughline models …` */
export function addModels(program: Command): void {
  const models = program.command('models').description('the versions of the workspace’s models');
  withPlace(models.command('list').description('each version: what decides, what is on trial, and why')).action(
    async (flags: ModelsFlags) => listModels(await modelsOptions(flags)),
  );
  withPlace(
    models
      .command('rollback')
      .description('let an earlier version decide, from now on')
      .argument('<model>', 'name of the model')
      .requiredOption('--reason <sentence>', 'why; it is recorded')
      .option('--to <version>', 'a version that decided before (default: the one before the live one)', parseVersion)
      .option('--actor <name>', 'who does it (default: the user of this machine)'),
  ).action(async (name: string, flags: ModelsFlags & RollbackFlags) => rollBackModel(await modelsOptions(flags), name, flags));
}

function withPlace(command: Command): Command {
  return command
    .option('--workspace <folder>', 'the workspace (default: the bundled examples/retail)')
    .option('--data <folder>', 'where everything is stored (default: .throughline)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)');
}

function parseVersion(text: string): number {
  const version = Number(text.replace(/^v/u, ''));
  if (Number.isInteger(version) && version > 0) return version;
  throw new InvalidArgumentError('write a version as a whole number from 1, such as 4.');
}

async function modelsOptions({ workspace, data, settings: file }: ModelsFlags): Promise<ModelsOptions> {
  const flags = {
    ...(workspace === undefined ? {} : { workspace }),
    ...(data === undefined ? {} : { data }),
    ...(file === undefined ? {} : { settings: file }),
  };
  const settings = await loadSettings({ flags });
  return {
    settings,
    workspace: await loadWorkspace(settings.workspace.value),
    clock: systemClock,
    output: { write: (text) => void stdout.write(text) },
  };
}
