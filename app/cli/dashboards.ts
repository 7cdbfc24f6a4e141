import { resolve } from 'node:path';
import { stdout } from 'node:process';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { loadSettings, loadWorkspace } from '../config/index.ts';
import { dashboardFiles } from '../dashboard-files.ts';
import { type GeneratedFiles, writeGenerated } from './generated-folder.ts';
import type { CommandOutput } from './validate.ts';

export interface DashboardsOptions {
  readonly out: string;
  readonly workspace?: string;
  readonly settings?: string;
  /** Where browsers, and Grafana's server, find the console. */
  readonly console?: string;
}

/** `throughline dashboards …` */
export function addDashboards(program: Command): void {
  const dashboards = program.command('dashboards').description('boards and alert rules for Grafana, made from the workspace');
  dashboards
    .command('build')
    .description('write the files that Grafana’s provisioning reads')
    .requiredOption('--out <folder>', 'where to write them; what is not ours there is left alone')
    .option('--workspace <folder>', 'the workspace (default: the bundled examples/retail)')
    .option('--settings <file>', 'settings file (default: throughline.yaml)')
    .option(
      '--console <address>',
      'where the console is, for links and for the contact point (default: http://127.0.0.1:7070)',
      parseAddress,
    )
    .action((flags: DashboardsOptions) => buildDashboards(flags, { write: (text) => void stdout.write(text) }));
}

function parseAddress(text: string): string {
  if (URL.canParse(text) && /^https?:\/\//u.test(text)) return text.replace(/\/+$/u, '');
  throw new InvalidArgumentError('write an address such as https://throughline.example.org.');
}

/** Writes all files and says what to do with them. Throws CONFIG_WORKSPACE_INVALID, APP_OUTPUT_FOREIGN, APP_OUTPUT_UNWRITABLE. */
export async function buildDashboards(
  { out, console: consoleUrl, ...flags }: DashboardsOptions,
  output: CommandOutput,
): Promise<void> {
  const settings = await loadSettings({ flags });
  const workspace = await loadWorkspace(settings.workspace.value);
  const files = dashboardFiles(workspace, consoleUrl);
  const folder = resolve(out);
  output.write(report(await writeGenerated(folder, files), folder));
}

const PLACES = [
  ['grafana/dashboards/', '/var/lib/grafana/dashboards/throughline/'],
  ['grafana/provisioning/', 'Grafana’s provisioning folder, such as /etc/grafana/provisioning/'],
  ['prometheus/', 'a folder that rule_files of prometheus.yml names'],
] as const;

function report({ written, unchanged, removed }: GeneratedFiles, folder: string): string {
  const all = [
    ...written.map((path) => ['written', path]),
    ...unchanged.map((path) => ['unchanged', path]),
    ...removed.map((path) => ['removed', path]),
  ];
  const lines = all.map(([what = '', path = '']) => `${what.padEnd(9)}  ${path}`);
  const places = PLACES.filter(([from]) => all.some(([, path = '']) => path.startsWith(from)));
  const steps = places.map(([from, to]) => `  ${from.padEnd(22)} → ${to}`);
  const needs =
    'Grafana needs the ClickHouse plugin, a ClickHouse server and THROUGHLINE_CLICKHOUSE_HOST, _PORT, _DATABASE, _USER and _PASSWORD in its environment.';
  return `${[`${folder}:`, ...lines, '', 'Copy', ...steps, '', needs, 'docs/guides/grafana.md tells it step by step.'].join('\n')}\n`;
}
