import { userInfo } from 'node:os';
import { stdout } from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import type { ChangeAccepted, ChangeReport } from '#core';
import { loadSettings } from '../config/index.ts';
import { runningLine } from './address-file.ts';
import { postTo } from './running-line.ts';

interface RecordFlags {
  readonly kind: ChangeReport['kind'];
  readonly subject: string;
  readonly summary: string;
  readonly toVersion?: string;
  readonly actor?: string;
  readonly id?: string;
  readonly data?: string;
  readonly settings?: string;
}

/** `throughline changes …` */
export function addChanges(program: Command): void {
  program
    .command('changes')
    .description('what was altered elsewhere, so that a diagnosis sees it')
    .command('record')
    .description('tell the running line of a deploy or a setting')
    .requiredOption(
      '--subject <name>',
      'what changed: a producer’s source, a consumer group, a contract’s subject, a view, a model …',
    )
    .requiredOption('--summary <sentence>', 'what was done')
    .option('--kind <kind>', 'deploy, setting or other', parseKind, 'deploy' as const)
    .option('--to-version <version>', 'what it is now')
    .option('--actor <name>', 'who did it (default: the user of this machine)')
    .option('--id <id>', 'names the change: told again, it is the same one')
    .option('--data <folder>', 'where the running line stores everything (default: .throughline)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)')
    .action(recordChange);
}

async function recordChange(flags: RecordFlags): Promise<void> {
  const { kind, subject, summary, toVersion, actor = userInfo().username, id, data, settings: file } = flags;
  const settings = await loadSettings({
    flags: { ...(data === undefined ? {} : { data }), ...(file === undefined ? {} : { settings: file }) },
  });
  const report: ChangeReport = {
    kind,
    subject,
    summary,
    actor,
    ...(toVersion === undefined ? {} : { version: toVersion }),
    ...(id === undefined ? {} : { id }),
  };
  const address = await runningLine(settings.data.value);
  const accepted = await postTo<ChangeAccepted>(`${address}/api/changes`, report);
  stdout.write(`recorded at ${accepted.at} as ${accepted.id}\n`);
}

function parseKind(text: string): ChangeReport['kind'] {
  if (text === 'deploy' || text === 'setting' || text === 'other') return text;
  throw new InvalidArgumentError('write deploy, setting or other.');
}
