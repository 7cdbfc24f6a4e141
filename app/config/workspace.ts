import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { type Contract, ContractCatalog, checkDefinition, createContract } from '#registry';
import type { Runbook } from '#runbooks';
import { checkAlerts } from './checks/alerts.ts';
import { checkContracts } from './checks/contracts.ts';
import { checkDriftJobs } from './checks/drift-jobs.ts';
import { checkIncidents } from './checks/incidents.ts';
import { checkModels } from './checks/models.ts';
import { checkNames } from './checks/names.ts';
import { checkOwners } from './checks/owners.ts';
import { checkPipelines } from './checks/pipelines.ts';
import { checkReplay } from './checks/replay.ts';
import { checkRunbooks } from './checks/runbooks.ts';
import { checkSlos } from './checks/slos.ts';
import { checkViews } from './checks/views.ts';
import { configError } from './errors.ts';
import { compareProblems, fileProblem, type Problem, placeOf, sentenceOf, shownFolder } from './problem.ts';
import { readRunbooks } from './runbook-pages.ts';
import { createSchemaCheck } from './schema-check.ts';
import { FILE_LIMITS, readSource, type SourceFile } from './source-file.ts';
import {
  type AlertFile,
  type ContractFile,
  type DriftJobFile,
  type FeatureViewFile,
  FILE_KINDS,
  type FileKind,
  MAX_FILES,
  type ModelFile,
  type PipelineFile,
  ReplayFile,
  SINGLE_FILES,
  type SloFile,
  type Team,
  WorkspaceFile,
} from './workspace-files.ts';
import type { DeclaredNames, Part, WorkspaceCheck, WorkspaceParts } from './workspace-parts.ts';

/** A workspace whose files are sound, each and together. Immutable. */
export interface Workspace {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly description: string;
  readonly teams: readonly Team[];
  readonly contracts: ContractCatalog;
  readonly views: readonly FeatureViewFile[];
  readonly pipelines: readonly PipelineFile[];
  readonly models: readonly ModelFile[];
  readonly driftJobs: readonly DriftJobFile[];
  readonly slos: readonly SloFile[];
  readonly alerts: readonly AlertFile[];
  /** By the alert that each is for. */
  readonly runbooks: ReadonlyMap<string, Runbook>;
  readonly replay?: ReplayFile;
  /** The file of each contract, view, pipeline, model, drift job, SLO, alert and replay above, relative to the folder. */
  readonly files: ReadonlyMap<object, string>;
}

export type WorkspaceVerdict =
  | { readonly ok: true; readonly workspace: Workspace }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const CHECKS: readonly WorkspaceCheck[] = [
  checkRunbooks,
  checkContracts,
  checkNames,
  checkOwners,
  checkViews,
  checkModels,
  checkPipelines,
  checkDriftJobs,
  checkReplay,
  checkIncidents,
  checkSlos,
  checkAlerts,
];

interface KindVerdict<T> {
  readonly parts: readonly Part<T>[];
  readonly declared: DeclaredNames;
  readonly problems: readonly Problem[];
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function listFiles(
  folder: string,
  kindFolder: string,
): Promise<{ readonly files: readonly string[]; readonly problems: readonly Problem[] }> {
  const names = await readdir(join(folder, kindFolder)).catch((error: unknown) => {
    if (isNotThere(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  const problems = names
    .filter((name) => name.endsWith('.yml') || name.endsWith('.json'))
    .map((name) => fileProblem(`${kindFolder}/${name}`, 'only files that end in .yaml are read', 'rename it'));
  if (files.length > MAX_FILES)
    problems.push(fileProblem(kindFolder, `${files.length} files are more than ${MAX_FILES}`, 'split the workspace'));
  return { files: files.slice(0, MAX_FILES).map((name) => `${kindFolder}/${name}`), problems };
}

function nameIn(source: SourceFile, key: string): string | undefined {
  const { value } = source;
  const name: unknown =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([known]) => known === key)?.[1] : undefined;
  return typeof name === 'string' ? name : undefined;
}

async function readKind<S extends TSchema>(
  folder: string,
  kind: { readonly folder: string; readonly nameKey: string; readonly schema: S },
): Promise<KindVerdict<Static<S>>> {
  const check = createSchemaCheck(kind.schema);
  const { files, problems: listProblems } = await listFiles(folder, kind.folder);
  const parts: Part<Static<S>>[] = [];
  const problems = [...listProblems];
  const names = new Set<string>();
  let isComplete = listProblems.length === 0;
  for (const file of files) {
    const read = await readSource(folder, file);
    const name = read.ok ? nameIn(read.source, kind.nameKey) : undefined;
    if (name === undefined) isComplete = false;
    else names.add(name);
    const verdict = read.ok ? check(read.source) : read;
    if (!verdict.ok) problems.push(...verdict.problems);
    else if (read.ok) parts.push({ source: read.source, value: verdict.value });
  }
  return { parts, declared: { names, isComplete }, problems };
}

async function readSingle<S extends TSchema>(folder: string, file: string, schema: S): Promise<KindVerdict<Static<S>>> {
  const none = { parts: [], declared: { names: new Set<string>(), isComplete: true } };
  const isThere = await stat(join(folder, file)).then(
    () => true,
    () => false,
  );
  if (!isThere) return { ...none, problems: [] };
  const read = await readSource(folder, file);
  if (!read.ok) return { ...none, problems: read.problems };
  const verdict = createSchemaCheck(schema)(read.source);
  return verdict.ok
    ? { ...none, parts: [{ source: read.source, value: verdict.value }], problems: [] }
    : { ...none, problems: verdict.problems };
}

/** Compiles the contracts whose schema is sound; the others give a problem for each finding. */
function compileContracts(parts: readonly Part<ContractFile>[]): {
  readonly contracts: ReadonlyMap<Contract, SourceFile>;
  readonly problems: readonly Problem[];
} {
  const contracts = new Map<Contract, SourceFile>();
  const problems: Problem[] = [];
  for (const { source, value } of parts) {
    const findings = checkDefinition(value.schema).slice(0, FILE_LIMITS.maxProblems);
    problems.push(
      ...findings.map(({ pointer, at, message }) => source.problem({ pointer: `/schema${pointer}`, part: at }, message)),
    );
    if (findings.length === 0) contracts.set(createContract(value), source);
  }
  return { contracts, problems };
}

async function missingWorkspace(folder: string): Promise<Problem | undefined> {
  const entry = await stat(folder).catch(() => undefined);
  const advice = 'name one with --workspace, THROUGHLINE_WORKSPACE or workspace in throughline.yaml';
  if (entry === undefined) return fileProblem('', 'there is no such folder', advice);
  if (!entry.isDirectory()) return fileProblem('', 'a workspace is a folder, and this is a file', advice);
  const file = await stat(join(folder, SINGLE_FILES.workspace)).catch(() => undefined);
  if (file !== undefined) return undefined;
  return fileProblem('', `the folder is no workspace: it has no ${SINGLE_FILES.workspace}`, `write one, or ${advice}`);
}

function assemble(parts: WorkspaceParts, { value: { name, description, teams } }: Part<WorkspaceFile>): Workspace {
  const { folder, catalog, contractSources, replay } = parts;
  const files = new Map<object, string>([...contractSources].map(([contract, { file }]) => [contract, file]));
  for (const { source, value } of [
    ...parts.view,
    ...parts.pipeline,
    ...parts.model,
    ...parts.driftJob,
    ...parts.slo,
    ...parts.alert,
    ...(replay === undefined ? [] : [replay]),
  ])
    files.set(value, source.file);
  return Object.freeze({
    folder,
    name,
    description,
    teams,
    contracts: catalog,
    views: parts.view.map(({ value }) => value),
    pipelines: parts.pipeline.map(({ value }) => value),
    models: parts.model.map(({ value }) => value),
    driftJobs: parts.driftJob.map(({ value }) => value),
    slos: parts.slo.map(({ value }) => value),
    alerts: parts.alert.map(({ value }) => value),
    runbooks: new Map(parts.runbook.map(({ value }) => [value.front.alert, value])),
    ...(replay === undefined ? {} : { replay: replay.value }),
    files,
  });
}

/** Reads every file of a workspace, each on its own, and gathers what is wrong with them. */
async function readParts(folder: string): Promise<{ readonly parts: WorkspaceParts; readonly problems: readonly Problem[] }> {
  const kinds = {
    contract: await readKind(folder, FILE_KINDS.contract),
    view: await readKind(folder, FILE_KINDS.view),
    pipeline: await readKind(folder, FILE_KINDS.pipeline),
    model: await readKind(folder, FILE_KINDS.model),
    driftJob: await readKind(folder, FILE_KINDS.driftJob),
    slo: await readKind(folder, FILE_KINDS.slo),
    alert: await readKind(folder, FILE_KINDS.alert),
  } satisfies Record<FileKind, unknown>;
  const workspace = await readSingle(folder, SINGLE_FILES.workspace, WorkspaceFile);
  const replay = await readSingle(folder, SINGLE_FILES.replay, ReplayFile);
  const runbooks = await readRunbooks(folder);
  const compiled = compileContracts(kinds.contract.parts);
  const parts: WorkspaceParts = {
    folder,
    workspace: workspace.parts[0],
    replay: replay.parts[0],
    contract: kinds.contract.parts,
    view: kinds.view.parts,
    pipeline: kinds.pipeline.parts,
    model: kinds.model.parts,
    driftJob: kinds.driftJob.parts,
    slo: kinds.slo.parts,
    alert: kinds.alert.parts,
    runbook: runbooks.parts,
    areRunbooksComplete: runbooks.isComplete,
    declared: {
      contract: kinds.contract.declared,
      view: kinds.view.declared,
      pipeline: kinds.pipeline.declared,
      model: kinds.model.declared,
      driftJob: kinds.driftJob.declared,
      slo: kinds.slo.declared,
      alert: kinds.alert.declared,
    },
    catalog: new ContractCatalog([...compiled.contracts.keys()]),
    contractSources: compiled.contracts,
  };
  const problems = [workspace, replay, ...Object.values(kinds)].flatMap((verdict) => verdict.problems);
  return { parts, problems: [...problems, ...runbooks.problems, ...compiled.problems] };
}

/** Checks a workspace folder without starting anything: the workspace, or every problem of it, by file and line. */
export async function checkWorkspace(path: string): Promise<WorkspaceVerdict> {
  const folder = resolve(path);
  const missing = await missingWorkspace(folder);
  if (missing !== undefined) return { ok: false, problems: [missing] };
  const { parts, problems: own } = await readParts(folder);
  const problems = [...own, ...CHECKS.flatMap((check) => check(parts))];
  if (problems.length === 0 && parts.workspace !== undefined) return { ok: true, workspace: assemble(parts, parts.workspace) };
  return { ok: false, problems: problems.toSorted(compareProblems) };
}

/** Loads a workspace folder. Throws CONFIG_WORKSPACE_BROKEN with every problem, a line each. */
export async function loadWorkspace(path: string): Promise<Workspace> {
  const verdict = await checkWorkspace(path);
  if (verdict.ok) return verdict.workspace;
  const { problems } = verdict;
  const lines = problems.map((problem) => `  ${placeOf(problem, shownFolder(path))}: ${sentenceOf(problem)}`);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw configError('CONFIG_WORKSPACE_BROKEN', `the workspace has ${count}:\n${lines.join('\n')}`, {
    details: { folder: resolve(path), problems },
  });
}
