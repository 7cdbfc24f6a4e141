import Type, { type Static } from 'typebox';
import { DriftJobFile, GateSection, RetrainingSection, TrainerSection } from '#drift';
import { ContractFile } from '#registry';
import { AlertFile, SloFile } from '#runbooks';
import { FeatureViewFile, modelFileProperties, PipelineFile, ReplayFile } from '#runtime';

const Team = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,63}$',
      description: 'What owners refer to: lower-case letters, digits and -, starting with a letter.',
    }),
    description: Type.Optional(Type.String({ minLength: 1, description: 'What the team answers for.' })),
    contact: Type.String({
      pattern: '^[^@\\s]+@[^@\\s]+$',
      description: 'An e-mail address of the team (not of a person) that is read.',
    }),
  },
  { additionalProperties: false },
);
/** A team that owns things. */
export type Team = Static<typeof Team>;

/** workspace.yaml: what the workspace is called, and who owns things in it. */
export const WorkspaceFile = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,63}$',
      description: 'Lower-case letters, digits and -, starting with a letter.',
    }),
    description: Type.String({ minLength: 1, description: 'What the workspace is about.' }),
    teams: Type.Array(Team, { minItems: 1, description: 'Everybody who owns something in this workspace.' }),
  },
  { additionalProperties: false, title: 'Throughline workspace' },
);
export type WorkspaceFile = Static<typeof WorkspaceFile>;

/** models/*.yaml: what the runtime needs to score, and how the trainer makes it. */
export const ModelFile = Type.Object(
  {
    ...modelFileProperties,
    trainer: TrainerSection,
    retraining: Type.Optional(RetrainingSection),
    gate: Type.Optional(GateSection),
  },
  { additionalProperties: false, title: 'Throughline model' },
);
export type ModelFile = Static<typeof ModelFile>;

/** The kinds of files that there may be many of: where they lie, and which property names the object. */
export const FILE_KINDS = {
  contract: { folder: 'contracts', nameKey: 'subject', schema: ContractFile },
  view: { folder: 'features', nameKey: 'view', schema: FeatureViewFile },
  pipeline: { folder: 'pipelines', nameKey: 'pipeline', schema: PipelineFile },
  model: { folder: 'models', nameKey: 'model', schema: ModelFile },
  driftJob: { folder: 'drift', nameKey: 'job', schema: DriftJobFile },
  slo: { folder: 'slos', nameKey: 'slo', schema: SloFile },
  alert: { folder: 'alerts', nameKey: 'alert', schema: AlertFile },
} as const;
export type FileKind = keyof typeof FILE_KINDS;

/** The kinds of files that there is one of. */
export const SINGLE_FILES = { workspace: 'workspace.yaml', replay: 'replay.yaml' } as const;

/** At most this many files in a folder of the workspace; more is a problem. */
export const MAX_FILES = 1000;

export { AlertFile, ContractFile, DriftJobFile, FeatureViewFile, PipelineFile, ReplayFile, SloFile };
