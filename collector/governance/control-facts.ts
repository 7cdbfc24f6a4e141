import {
  type Database,
  type DriftDetected,
  type EpochMs,
  type FieldChanged,
  type FieldRestored,
  type ModelPromoted,
  type ModelRefused,
  type ModelRegistered,
  type ModelShadowed,
  type ModelTrained,
  TABLES,
  type TrainingRefused,
  type TrainingRequested,
} from '#core';
import { msOf } from '../journeys/stored.ts';

/** What the facts of a line of models are, by the kind that stands in the table of changes. */
interface FactKinds {
  readonly training_requested: TrainingRequested;
  readonly retraining_requested: TrainingRequested;
  readonly training_refused: TrainingRefused;
  readonly model_trained: ModelTrained;
  readonly model_registered: ModelRegistered;
  readonly model_shadowed: ModelShadowed;
  readonly model_promoted: ModelPromoted;
  readonly model_refused: ModelRefused;
  readonly drift_detected: DriftDetected;
  readonly field_changed: FieldChanged;
  readonly field_restored: FieldRestored;
}
export type FactKind = keyof FactKinds;

/** A fact as it is stored. */
export type StoredFact<Kind extends FactKind = FactKind> = {
  readonly [K in Kind]: {
    readonly kind: K;
    readonly id: string;
    /** Event time from which it holds, where it has one; else when it was recorded. */
    readonly atMs: EpochMs;
    readonly recordedMs: EpochMs;
    /** A sentence. */
    readonly summary: string;
    readonly fact: FactKinds[K];
  };
}[Kind];

/** Kinds of facts about a model's versions. */
export const MODEL_FACTS = [
  'training_requested',
  'retraining_requested',
  'training_refused',
  'model_trained',
  'model_registered',
  'model_shadowed',
  'model_promoted',
  'model_refused',
] as const satisfies readonly FactKind[];
export type ModelFact = StoredFact<(typeof MODEL_FACTS)[number]>;

/** Kinds of facts that drift jobs raise. */
export const DRIFT_FACTS = ['drift_detected', 'field_changed', 'field_restored'] as const satisfies readonly FactKind[];
export type DriftFact = StoredFact<(typeof DRIFT_FACTS)[number]>;

interface FactRow {
  readonly id: string;
  readonly kind: string;
  readonly at_ms: EpochMs;
  readonly recorded_ms: EpochMs;
  readonly summary: string;
  readonly fact: string;
}

const MAX_FACTS = 2000;
const MAX_SECONDS = 5;

/* A fact that a restart wrote down again is the same fact: its first row counts. */
const factsWhere = (
  condition: string,
): string => `SELECT change_id AS id, kind, ${msOf('at')} AS at_ms, ${msOf('recorded')} AS recorded_ms, summary, fact
  FROM (
    SELECT * FROM (
      SELECT * FROM ${TABLES.changes} WHERE kind IN {kinds:Array(String)} AND ${condition} ORDER BY recorded, change_id LIMIT 1 BY change_id)
    ORDER BY recorded DESC, change_id DESC LIMIT ${MAX_FACTS})
  ORDER BY recorded, change_id`;

const OF_MODELS = factsWhere('subject IN {subjects:Array(String)}');
const OF_PIPELINE = factsWhere("JSONExtractString(fact, 'pipeline') = {pipeline:String}");

/** Facts about these models' versions, each once, in the order in which they were recorded; the newest 2,000. */
export async function readModelFacts(database: Database, models: readonly string[]): Promise<readonly ModelFact[]> {
  const params = { kinds: MODEL_FACTS, subjects: models };
  return (await database.query<FactRow>(OF_MODELS, { params, maxSeconds: MAX_SECONDS })).map((row) => parseFact<ModelFact>(row));
}

/** What drift jobs of a pipeline raised, as {@link readModelFacts}. */
export async function readDriftFacts(database: Database, pipeline: string): Promise<readonly DriftFact[]> {
  const params = { kinds: DRIFT_FACTS, pipeline };
  return (await database.query<FactRow>(OF_PIPELINE, { params, maxSeconds: MAX_SECONDS })).map((row) =>
    parseFact<DriftFact>(row),
  );
}

/** What a fact holds follows from its kind: it was written with it. */
function parseFact<Fact extends StoredFact>({ id, kind, at_ms, recorded_ms, summary, fact }: FactRow): Fact {
  return { id, kind, atMs: at_ms, recordedMs: recorded_ms, summary, fact: JSON.parse(fact) as unknown } as Fact;
}
