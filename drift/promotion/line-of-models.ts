import type { EpochMs, EventLog, ModelPromoted, ModelRegistered, ModelShadowed, TrainingRequested } from '#core';
import { type ControlHistory, readControlHistory } from '../retraining/control-history.ts';

/** All that the control topic says of one pipeline's model, each kind in log order. */
export type LineOfModels = ControlHistory;

/** Reads the control topic from its start, and keeps what is of the pipeline's model. Throws DRIFT_RECORD_INVALID. */
export async function readLineOfModels(
  log: EventLog,
  { pipeline, model }: { readonly pipeline: string; readonly model: string },
): Promise<LineOfModels> {
  const history = await readControlHistory(log);
  const isOfModel = (fact: { readonly name: string }): boolean => fact.name === model;
  const isOurs = (fact: { readonly name: string; readonly pipeline: string }): boolean =>
    isOfModel(fact) && fact.pipeline === pipeline;
  return {
    trained: history.trained.filter(isOfModel),
    registered: history.registered.filter(isOfModel),
    promoted: history.promoted.filter(isOurs),
    refused: history.refused.filter((fact) => fact.model === model),
    requested: history.requested.filter((fact) => fact.model === model && fact.pipeline === pipeline),
    shadowed: history.shadowed.filter(isOurs),
    refusedByGate: history.refusedByGate.filter(isOurs),
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
