import type { TSchema } from 'typebox';
import { RunbookFrontMatter } from '#runbooks';
import { SettingsFile } from './settings-schema.ts';
import {
  AlertFile,
  ContractFile,
  DriftJobFile,
  FeatureViewFile,
  ModelFile,
  PipelineFile,
  ReplayFile,
  SloFile,
  WorkspaceFile,
} from './workspace-files.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A schema as a file of its own. */
function fileSchema(schema: TSchema): object {
  return { $schema: DRAFT, ...schema };
}

/** In an editor the contract’s own schema is held against the meta-schema; we do that ourselves when the workspace is loaded. */
function contractSchema(): object {
  const { properties } = ContractFile;
  return fileSchema({ ...ContractFile, properties: { ...properties, schema: { ...properties.schema, $ref: DRAFT } } });
}

/** The JSON Schemas of all files that a user writes, by the name of the file they go to (docs/reference/schemas/). */
export function workspaceSchemas(): Readonly<Record<string, object>> {
  return {
    'alert.schema.json': fileSchema(AlertFile),
    'contract.schema.json': contractSchema(),
    'drift-job.schema.json': fileSchema(DriftJobFile),
    'feature-view.schema.json': fileSchema(FeatureViewFile),
    'model.schema.json': fileSchema(ModelFile),
    'pipeline.schema.json': fileSchema(PipelineFile),
    'replay.schema.json': fileSchema(ReplayFile),
    'runbook.schema.json': fileSchema(RunbookFrontMatter),
    'settings.schema.json': fileSchema(SettingsFile),
    'slo.schema.json': fileSchema(SloFile),
    'workspace.schema.json': fileSchema(WorkspaceFile),
  };
}
