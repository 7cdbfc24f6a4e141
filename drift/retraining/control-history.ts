import Type from 'typebox';
import { Compile } from 'typebox/compile';
import {
  CONTROL_TYPES,
  type EventLog,
  HEADERS,
  type ModelPromoted,
  type ModelRefused,
  type ModelRegistered,
  type ModelShadowed,
  type ModelTrained,
  TOPICS,
  TRAINING_CAUSES,
  type TrainingRefused,
  type TrainingRequested,
} from '#core';
import { parsePayload } from '../record-payload.ts';

const Version = Type.Integer({ minimum: 1 });
const Count = Type.Integer({ minimum: 0 });
const Window = Type.Object({ fromMs: Type.Number(), toMs: Type.Number() });
const Positions = Type.Array(Type.Object({ topic: Type.String(), partition: Count, offset: Count }));
const ofModel = { requestId: Type.String(), name: Type.String(), version: Version };

const registeredSchema = Compile(Type.Object({ ...ofModel, inputs: Type.Array(Type.String()), onnxSha256: Type.String() }));
const refusedSchema = Compile(
  Type.Object({ requestId: Type.String(), model: Type.String(), reason: Type.String(), message: Type.String() }),
);
const trainedSchema = Compile(
  Type.Object({
    ...ofModel,
    lineage: Type.Object({
      requestId: Type.String(),
      algorithm: Type.String(),
      window: Window,
      rows: Count,
      positives: Count,
      inputs: Type.Array(Type.String()),
      dataFingerprint: Type.String(),
      parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
      metrics: Type.Record(Type.String(), Type.Number()),
      parity: Type.Number(),
      trainedBy: Type.String(),
    }),
  }),
);
const promotedSchema = Compile(
  Type.Object({
    ...ofModel,
    pipeline: Type.String(),
    role: Type.Literal('live'),
    atMs: Type.Number(),
    positions: Positions,
    reason: Type.String(),
    actor: Type.String(),
  }),
);

const ofTrial = { ...ofModel, pipeline: Type.String(), atMs: Type.Number(), positions: Positions };
const shadowedSchema = Compile(Type.Object({ ...ofTrial, purpose: Type.Enum(['candidate', 'baseline']) }));
const refusedByGateSchema = Compile(
  Type.Object({
    ...ofTrial,
    reason: Type.String(),
    actor: Type.String(),
    gate: Type.Unsafe<ModelRefused['gate']>(Type.Object({})),
  }),
);
const requestedSchema = Compile(
  Type.Object({
    requestId: Type.String(),
    model: Type.String(),
    pipeline: Type.String(),
    cause: Type.Enum([...TRAINING_CAUSES]),
    window: Window,
    coolDownUntilMs: Type.Optional(Type.Number()),
    atMs: Type.Number(),
    positions: Positions,
  }),
);

/** The control topic's facts about models, each kind in log order. */
export interface ControlHistory {
  readonly trained: readonly ModelTrained[];
  readonly registered: readonly ModelRegistered[];
  readonly promoted: readonly ModelPromoted[];
  /** Trainings that led to no model. */
  readonly refused: readonly TrainingRefused[];
  readonly requested: readonly TrainingRequested[];
  readonly shadowed: readonly ModelShadowed[];
  readonly refusedByGate: readonly ModelRefused[];
}

/** Reads the control topic (one partition) from its start. Throws DRIFT_RECORD_INVALID where a fact about a model is not as core/records.ts says. */
export async function readControlHistory(log: EventLog): Promise<ControlHistory> {
  const trained: ModelTrained[] = [];
  const registered: ModelRegistered[] = [];
  const promoted: ModelPromoted[] = [];
  const refused: TrainingRefused[] = [];
  const requested: TrainingRequested[] = [];
  const shadowed: ModelShadowed[] = [];
  const refusedByGate: ModelRefused[] = [];
  const at = { topic: TOPICS.control, partition: 0 };
  const { start } = await log.bounds(at);
  for await (const record of log.read({ ...at, from: start })) {
    const type = record.headers[HEADERS.type];
    if (type === CONTROL_TYPES.modelTrained) trained.push(parsePayload(record, trainedSchema));
    if (type === CONTROL_TYPES.modelRegistered) registered.push(parsePayload(record, registeredSchema));
    if (type === CONTROL_TYPES.modelPromoted) promoted.push(parsePayload(record, promotedSchema));
    if (type === CONTROL_TYPES.trainingRefused) refused.push(parsePayload(record, refusedSchema));
    if (type === CONTROL_TYPES.trainingRequested || type === CONTROL_TYPES.retrainingRequested)
      requested.push(parsePayload(record, requestedSchema));
    if (type === CONTROL_TYPES.modelShadowed) shadowed.push(parsePayload(record, shadowedSchema));
    if (type === CONTROL_TYPES.modelRefused) refusedByGate.push(parsePayload(record, refusedByGateSchema));
  }
  return { trained, registered, promoted, refused, requested, shadowed, refusedByGate };
}

/** The version that a new model of this name gets: 1 + the highest registered one. */
export function nextVersion({ registered }: ControlHistory, model: string): number {
  return registered.reduce((highest, { name, version }) => (name === model ? Math.max(highest, version) : highest), 0) + 1;
}
