import {
  CONTROL_TYPES,
  type ContractRegistered,
  type EpochMs,
  HEADERS,
  type LogRecord,
  type ModelPromoted,
  type ModelRegistered,
  type ModelTrained,
  type TrainingRefused,
  type TrainingRequested,
} from '#core';

/** Anything that a person or a machine altered, as it stands on the control topic. */
export interface Change {
  /** CloudEvents id: the same change is the same row. */
  readonly id: string;
  /** `contract_registered`, `model_promoted` … */
  readonly kind: string;
  /** What changed: a contract's subject, a model. */
  readonly subject: string;
  /** Event time from which it holds, where it has one; else when it was recorded. */
  readonly atMs: EpochMs;
  readonly actor: string;
  /** A sentence. */
  readonly summary: string;
  /** The fact, as JSON. */
  readonly fact: string;
}

type Facts = {
  readonly [CONTROL_TYPES.contractRegistered]: ContractRegistered;
  readonly [CONTROL_TYPES.trainingRequested]: TrainingRequested;
  readonly [CONTROL_TYPES.trainingRefused]: TrainingRefused;
  readonly [CONTROL_TYPES.modelTrained]: ModelTrained;
  readonly [CONTROL_TYPES.modelRegistered]: ModelRegistered;
  readonly [CONTROL_TYPES.modelPromoted]: ModelPromoted;
};

interface Told {
  readonly subject: string;
  readonly summary: string;
  readonly atMs?: EpochMs;
  readonly actor?: string;
}

const day = (ms: EpochMs): string => new Date(ms).toISOString().slice(0, 10);

/** How each kind of fact is told. */
const TELL: { readonly [Type in keyof Facts]: (fact: Facts[Type]) => Told } = {
  [CONTROL_TYPES.contractRegistered]: ({ subject, version, owner }) => ({
    subject,
    summary: `${subject} version ${version} registered; ${owner} answers for it.`,
    actor: owner,
  }),
  [CONTROL_TYPES.trainingRequested]: ({ model, cause, window, atMs }) => ({
    subject: model,
    summary: `Training of ${model} requested (${cause.replaceAll('_', ' ')}), on ${day(window.fromMs)} to ${day(window.toMs)}, end exclusive.`,
    atMs,
  }),
  [CONTROL_TYPES.trainingRefused]: ({ model, message }) => ({
    subject: model,
    summary: `Training of ${model} refused: ${message}.`,
  }),
  [CONTROL_TYPES.modelTrained]: ({ name, version, lineage }) => ({
    subject: name,
    summary: `${name} v${version} trained: ${lineage.algorithm} on ${lineage.rows} matured outcomes, ${lineage.positives} positive.`,
    actor: lineage.trainedBy,
  }),
  [CONTROL_TYPES.modelRegistered]: ({ name, version, inputs }) => ({
    subject: name,
    summary: `${name} v${version} registered with ${inputs.length} inputs.`,
  }),
  [CONTROL_TYPES.modelPromoted]: ({ name, version, role, reason, atMs, actor }) => ({
    subject: name,
    summary: `${name} v${version} is ${role} from ${day(atMs)} on. ${reason}.`,
    atMs,
    actor,
  }),
};

/** Reads a record of the control topic whose type is one of CONTROL_TYPES. Throws SyntaxError where it is not JSON. */
export function changeOf(record: LogRecord): Change {
  const type = (record.headers[HEADERS.type] ?? '') as keyof Facts;
  const fact = new TextDecoder().decode(record.value);
  const told = (TELL[type] as (parsed: unknown) => Told)(JSON.parse(fact));
  return {
    id: record.headers[HEADERS.id] ?? '',
    kind: type.replace('throughline.', '').replaceAll('.', '_'),
    subject: told.subject,
    atMs: told.atMs ?? record.timestampMs,
    actor: told.actor ?? 'throughline',
    summary: told.summary,
    fact,
  };
}
