import type { Contract, ContractCatalog } from '#registry';
import type { Runbook } from '#runbooks';
import type { Problem } from './problem.ts';
import type { SourceFile } from './source-file.ts';
import type {
  AlertFile,
  ContractFile,
  DriftJobFile,
  FeatureViewFile,
  FileKind,
  ModelFile,
  PipelineFile,
  ReplayFile,
  SloFile,
  WorkspaceFile,
} from './workspace-files.ts';

/** An object of the workspace that fits its schema, with its file. */
export interface Part<T> {
  readonly source: SourceFile;
  readonly value: T;
}

/** Names that are declared, in sound and in broken files: a broken file is one problem, not one more for each reference to it. */
export interface DeclaredNames {
  readonly names: ReadonlySet<string>;
  /** False where some file gave no name: then nobody can say that a name is missing. */
  readonly isComplete: boolean;
}

/** All that was read, before the files are held against each other. */
export interface WorkspaceParts {
  readonly folder: string;
  readonly workspace: Part<WorkspaceFile> | undefined;
  readonly replay: Part<ReplayFile> | undefined;
  readonly contract: readonly Part<ContractFile>[];
  readonly view: readonly Part<FeatureViewFile>[];
  readonly pipeline: readonly Part<PipelineFile>[];
  readonly model: readonly Part<ModelFile>[];
  readonly driftJob: readonly Part<DriftJobFile>[];
  readonly slo: readonly Part<SloFile>[];
  readonly alert: readonly Part<AlertFile>[];
  readonly runbook: readonly Part<Runbook>[];
  readonly areRunbooksComplete: boolean;
  readonly declared: Readonly<Record<FileKind, DeclaredNames>>;
  readonly catalog: ContractCatalog;
  /** The file of each contract in the catalog. */
  readonly contractSources: ReadonlyMap<Contract, SourceFile>;
}

/** A rule across files. */
export type WorkspaceCheck = (parts: WorkspaceParts) => readonly Problem[];
