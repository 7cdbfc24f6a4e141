import { stderr, stdout } from 'node:process';
import { Command, CommanderError } from 'commander';
import { messageOf, systemClock, ThroughlineError, VERSION } from '#core';
import { loadSettings, loadWorkspace } from '../config/index.ts';
import { addChanges } from './changes.ts';
import { addDashboards } from './dashboards.ts';
import { addDiagnose } from './diagnose.ts';
import { addDrill } from './drill.ts';
import { addModels } from './models-commands.ts';
import { startCommand } from './start.ts';
import { validateCommand } from './validate.ts';

interface StartFlags {
  readonly workspace?: string;
  readonly data?: string;
  readonly port?: string;
  readonly host?: string;
  readonly clickhouse?: string;
  readonly traceRatio?: string;
  readonly otlp?: string;
  readonly settings?: string;
  readonly fresh?: boolean;
  readonly once?: boolean;
  readonly live?: boolean;
  readonly incident: readonly string[];
}

interface ValidateFlags {
  readonly workspace?: string;
  readonly settings?: string;
  readonly format?: string;
}

const BAD_INPUT_EXIT_CODE = 2;

/** Runs a command line; returns the exit code: 0 done, 1 failed, 2 the words of the command are off. */
export async function runCli(words: readonly string[], signal: AbortSignal): Promise<number> {
  let code = 0;
  const program = createProgram(signal, (commandCode) => {
    code = commandCode;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT_EXIT_CODE;
    stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

function createProgram(signal: AbortSignal, finished: (code: number) => void): Command {
  const program = new Command('throughline')
    .description('Observability and governance control plane for event-AI systems, with a bundled runtime')
    .version(VERSION, '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(see throughline --help)');
  program
    .command('start')
    .description('run the whole line in this process: replay the workspace’s history, then stay up')
    .option('--workspace <folder>', 'the workspace (default: the bundled examples/retail)')
    .option('--data <folder>', 'where everything is stored (default: .throughline)')
    .option('--port <number>', 'console and API (default: 7070, or the next free one)')
    .option('--host <address>', 'loopback address to listen on (default: 127.0.0.1)')
    .option(
      '--clickhouse <store>',
      'telemetry: embedded (default), off, or a server’s http(s)://user:password@host:port/database',
    )
    .option('--trace-ratio <share>', 'share of ordinary events whose trace is kept (default: 0.01)')
    .option('--otlp <address>', 'where spans go, OTLP over HTTP (default: this process)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)')
    .option('--fresh', 'remove what the data folder holds, and begin anew')
    .option('--once', 'replay all of the history as fast as possible, then stop')
    .option('--no-live', 'replay all of the history as fast as possible, then stay up')
    .option('--incident <name>', 'play this incident of replay.yaml into the history; may be given again', collect, [])
    .action(async (flags: StartFlags) => {
      const settings = await loadSettings({ flags });
      const workspace = await loadWorkspace(settings.workspace.value);
      const output = { isTTY: stdout.isTTY, columns: stdout.columns, write: (text: string) => void stdout.write(text) };
      await startCommand({
        settings,
        workspace,
        clock: systemClock,
        output,
        fresh: flags.fresh === true,
        once: flags.once === true,
        live: flags.live !== false,
        incidents: flags.incident,
        signal,
      });
    });
  program
    .command('validate')
    .description('check a workspace without starting it')
    .option('--workspace <folder>', 'the workspace (default: the bundled examples/retail)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)')
    .option('--format <format>', 'text or json', 'text')
    .action(async (flags: ValidateFlags) => {
      finished(await validateCommand(flags, { write: (text) => void stdout.write(text) }));
    });
  addChanges(program);
  addDiagnose(program);
  addDrill(program, signal);
  addModels(program);
  addDashboards(program);
  return program;
}

/** Gathers the values of a flag that may be given again. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Expected failures are their sentence; for anything else the stack helps whoever has to find it. */
function sentenceOf(error: unknown): string {
  if (error instanceof ThroughlineError) return `${error.code}: ${error.message}`;
  return error instanceof Error && error.stack !== undefined
    ? `unexpected failure, please report it: ${error.stack}`
    : messageOf(error);
}
