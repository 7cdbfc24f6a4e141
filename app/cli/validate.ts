import { configError } from '../config/errors.ts';
import { checkWorkspace, loadSettings, type Problem, type SettingFlags, shownFolder, type Workspace } from '../config/index.ts';
import { formatProblems } from './problem-report.ts';

/** What `throughline validate` was asked. */
export interface ValidateOptions extends SettingFlags {
  /** `text` (default) or `json`. */
  readonly format?: string;
  /** Default: the process’s. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Current folder. Default: the process’s. */
  readonly folder?: string;
}

/** Where a command writes its answer. */
export interface CommandOutput {
  write(text: string): void;
}

const FORMATS: Readonly<
  Record<
    string,
    {
      readonly good: (workspace: Workspace, folder: string) => string;
      readonly bad: (problems: readonly Problem[], folder: string) => string;
    }
  >
> = {
  text: { good: formatWorkspace, bad: formatProblems },
  json: {
    good: (workspace, folder) => toJson({ ok: true, folder, workspace: workspace.name, objects: objectsOf(workspace) }),
    bad: (problems, folder) => toJson({ ok: false, folder, problems }),
  },
};

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

interface WorkspaceObject {
  readonly kind: string;
  readonly name: string;
  readonly detail: string;
  readonly file: string;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function objectsOf(workspace: Workspace): readonly WorkspaceObject[] {
  const file = (value: object): string => workspace.files.get(value) ?? '';
  return [
    ...workspace.contracts.list().map((contract) => ({
      kind: 'contract',
      name: contract.subject,
      detail: `version ${contract.version}, ${contract.compatibility}, ${counted(contract.fields.size, 'field')}, ${contract.piiFields.length} tagged as PII, owner ${contract.owner}`,
      file: file(contract),
    })),
    ...workspace.views.map((view) => ({
      kind: 'view',
      name: view.view,
      detail: `${counted(view.features.length, 'feature')} of ${view.subject} by ${view.entity}, owner ${view.owner}`,
      file: file(view),
    })),
    ...workspace.pipelines.map((pipeline) => ({
      kind: 'pipeline',
      name: pipeline.pipeline,
      detail: `${pipeline.topic.name} → ${pipeline.predictions.topic}, scores ${pipeline.scores.subject}, model ${pipeline.model}, owner ${pipeline.owner}`,
      file: file(pipeline),
    })),
    ...workspace.models.map((model) => ({
      kind: 'model',
      name: model.model,
      detail: `${counted(model.inputs.length, 'input')}, ${model.trainer.algorithms.join(' or ')}, owner ${model.owner}`,
      file: file(model),
    })),
    ...workspace.driftJobs.map((job) => ({
      kind: 'drift job',
      name: job.job,
      detail: `windows of ${job.window} of pipeline ${job.pipeline}, owner ${job.owner}`,
      file: file(job),
    })),
    ...(workspace.replay === undefined ? [] : [workspace.replay]).map((replay) => ({
      kind: 'replay',
      name: replay.source,
      detail: `${replay.file} → ${replay.topic}`,
      file: file(replay),
    })),
  ];
}

function formatWorkspace(workspace: Workspace, folder: string): string {
  const objects = objectsOf(workspace);
  const width = (key: 'kind' | 'name'): number => Math.max(0, ...objects.map((object) => object[key].length));
  const [kindWidth, nameWidth] = [width('kind'), width('name')];
  const lines = objects.map(({ kind, name, detail }) => `${kind.padEnd(kindWidth)}  ${name.padEnd(nameWidth)}  ${detail}`);
  return `${[...lines, '', `${workspace.name} (${folder}) is sound: ${counted(objects.length, 'object')}`].join('\n')}\n`;
}

/**
 * Checks a workspace without starting it: prints what it holds and returns 0, or every problem with its line and returns 1.
 * Throws CONFIG_SETTINGS_INVALID, also for another format than text and json.
 */
export async function validateCommand(options: ValidateOptions, output: CommandOutput): Promise<number> {
  const { format = 'text', environment, folder } = options;
  const printer = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (printer === undefined) throw configError('CONFIG_SETTINGS_INVALID', `--format is '${format}'; write text or json`);
  const settings = await loadSettings({
    flags: options,
    ...(environment === undefined ? {} : { environment }),
    ...(folder === undefined ? {} : { folder }),
  });
  const path = settings.workspace.value;
  const shown = shownFolder(path, folder);
  const verdict = await checkWorkspace(path);
  output.write(verdict.ok ? printer.good(verdict.workspace, shown) : printer.bad(verdict.problems, shown));
  return verdict.ok ? 0 : 1;
}
