import Type from 'typebox';
import { Compile } from 'typebox/compile';
import {
  CONTROL_TYPES,
  type EpochMs,
  type EventLog,
  HEADERS,
  type ModelPromoted,
  type ModelRefused,
  type ModelRegistered,
  type ModelShadowed,
  TOPICS,
  TRAINING_CAUSES,
  type TrainingRequested,
} from '#core';
import { parsePayload } from '../record-payload.ts';
import { type ControlHistory, readControlHistory } from '../retraining/control-history.ts';

const Count = Type.Integer({ minimum: 0 });
const Positions = Type.Array(Type.Object({ topic: Type.String(), partition: Count, offset: Count }));
const ofVersion = {
  requestId: Type.String(),
  name: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  pipeline: Type.String(),
  atMs: Type.Number(),
  positions: Positions,
};
const shadowedSchema = Compile(Type.Object({ ...ofVersion, purpose: Type.Enum(['candidate', 'baseline']) }));
const refusedSchema = Compile(
  Type.Object({
    ...ofVersion,
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
    window: Type.Object({ fromMs: Type.Number(), toMs: Type.Number() }),
    coolDownUntilMs: Type.Optional(Type.Number()),
    atMs: Type.Number(),
    positions: Positions,
  }),
);

/** All that the control topic says of one pipeline's model, each kind in log order. */
export interface LineOfModels extends ControlHistory {
  readonly requested: readonly TrainingRequested[];
  readonly shadowed: readonly ModelShadowed[];
  readonly refusedByGate: readonly ModelRefused[];
}

/** Reads the control topic from its start, and keeps what is of the pipeline's model. Throws DRIFT_RECORD_INVALID. */
export async function readLineOfModels(
  log: EventLog,
  { pipeline, model }: { readonly pipeline: string; readonly model: string },
): Promise<LineOfModels> {
  const history = await readControlHistory(log);
  const requested: TrainingRequested[] = [];
  const shadowed: ModelShadowed[] = [];
  const refusedByGate: ModelRefused[] = [];
  const at = { topic: TOPICS.control, partition: 0 };
  const { start } = await log.bounds(at);
  for await (const record of log.read({ ...at, from: start })) {
    const type = record.headers[HEADERS.type];
    if (type === CONTROL_TYPES.trainingRequested || type === CONTROL_TYPES.retrainingRequested)
      requested.push(parsePayload(record, requestedSchema));
    if (type === CONTROL_TYPES.modelShadowed) shadowed.push(parsePayload(record, shadowedSchema));
    if (type === CONTROL_TYPES.modelRefused) refusedByGate.push(parsePayload(record, refusedSchema));
  }
  const isOurs = (fact: { readonly name: string }): boolean => fact.name === model;
  return {
    trained: history.trained.filter(isOurs),
    registered: history.registered.filter(isOurs),
    promoted: history.promoted.filter((fact) => isOurs(fact) && fact.pipeline === pipeline),
    refused: history.refused.filter((fact) => fact.model === model),
    requested: requested.filter((fact) => fact.model === model && fact.pipeline === pipeline),
    shadowed: shadowed.filter((fact) => isOurs(fact) && fact.pipeline === pipeline),
    refusedByGate: refusedByGate.filter((fact) => isOurs(fact) && fact.pipeline === pipeline),
  };
}

/** What decides at the line's end. */
export function liveOf({ promoted }: LineOfModels): ModelPromoted | undefined {
  return promoted.at(-1);
}

/** What decided just before an event time: a promotion at that very time decides from there on. */
export function liveBefore({ promoted }: LineOfModels, timeMs: EpochMs): ModelPromoted | undefined {
  return promoted.findLast(({ atMs }) => atMs < timeMs);
}

/** The candidate in shadow: neither promoted nor refused yet. */
export function trialOf({ shadowed, promoted, refusedByGate }: LineOfModels): ModelShadowed | undefined {
  const last = shadowed.findLast(({ purpose }) => purpose === 'candidate');
  const hasEnded = [...promoted, ...refusedByGate].some(
    ({ requestId, version }) => requestId === last?.requestId && version === last.version,
  );
  return hasEnded ? undefined : last;
}

/** The newest request that has led to neither a model nor a refusal. */
export function pendingRequest({ requested, registered, refused }: LineOfModels): TrainingRequested | undefined {
  const answered = new Set([...registered, ...refused].map(({ requestId }) => requestId));
  return requested.findLast(({ requestId }) => !answered.has(requestId));
}

/** A registered model that has not begun its trial, nor been promoted without one. */
export function newcomerOf({ registered, shadowed, promoted, requested }: LineOfModels): ModelRegistered | undefined {
  const last = registered.at(-1);
  if (last === undefined || !requested.some(({ requestId }) => requestId === last.requestId)) return undefined;
  const isKnown = [...shadowed, ...promoted].some(({ requestId }) => requestId === last.requestId);
  return isKnown ? undefined : last;
}
