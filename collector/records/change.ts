import {
  type ChangeRecorded,
  CONTROL_TYPES,
  type ContractRegistered,
  type DriftDetected,
  type EpochMs,
  type EventWindow,
  type FieldChanged,
  type FieldRestored,
  HEADERS,
  type IncidentFact,
  type LogRecord,
  type ModelPromoted,
  type ModelRefused,
  type ModelRegistered,
  type ModelShadowed,
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
  readonly [CONTROL_TYPES.modelShadowed]: ModelShadowed;
  readonly [CONTROL_TYPES.modelPromoted]: ModelPromoted;
  readonly [CONTROL_TYPES.modelRefused]: ModelRefused;
  readonly [CONTROL_TYPES.retrainingRequested]: TrainingRequested;
  readonly [CONTROL_TYPES.driftDetected]: DriftDetected;
  readonly [CONTROL_TYPES.fieldChanged]: FieldChanged;
  readonly [CONTROL_TYPES.fieldRestored]: FieldRestored;
  readonly [CONTROL_TYPES.changeRecorded]: ChangeRecorded;
  readonly [CONTROL_TYPES.incidentOpened]: IncidentFact;
  readonly [CONTROL_TYPES.incidentAcknowledged]: IncidentFact;
  readonly [CONTROL_TYPES.incidentCauseDeclared]: IncidentFact;
  readonly [CONTROL_TYPES.incidentResolved]: IncidentFact;
};

interface Told {
  /** Where the fact says it; else it follows from the fact's type. */
  readonly kind?: string;
  readonly subject: string;
  readonly summary: string;
  readonly atMs?: EpochMs;
  readonly actor?: string;
}

/** So many of a list's sentences are told; of the others only how many there are. */
const MAX_TOLD = 3;

const day = (ms: EpochMs): string => new Date(ms).toISOString().slice(0, 10);
const days = ({ fromMs, toMs }: EventWindow): string => `${day(fromMs)} to ${day(toMs)}, end exclusive`;
const words = (name: string): string => name.replaceAll('_', ' ');
/** Reasons come with their full stop or without. */
const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

/** The first few sentences, and how many more there are. */
function severally(texts: readonly string[]): string {
  const more = texts.length - MAX_TOLD;
  return [...texts.slice(0, MAX_TOLD).map(sentence), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}

/** How each kind of fact is told. */
const TELL: { readonly [Type in keyof Facts]: (fact: Facts[Type]) => Told } = {
  [CONTROL_TYPES.contractRegistered]: ({ subject, version, owner }) => ({
    subject,
    summary: `${subject} version ${version} registered; ${owner} answers for it.`,
    actor: owner,
  }),
  [CONTROL_TYPES.trainingRequested]: ({ model, cause, window, atMs }) => ({
    subject: model,
    summary: `Training of ${model} requested (${words(cause)}), on ${days(window)}.`,
    atMs,
  }),
  [CONTROL_TYPES.trainingRefused]: ({ model, message }) => ({
    subject: model,
    summary: sentence(`Training of ${model} refused: ${message}`),
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
  [CONTROL_TYPES.modelShadowed]: ({ name, version, purpose, atMs }) => ({
    subject: name,
    summary: `${name} v${version} scores in shadow from ${day(atMs)} on, ${PURPOSES[purpose]}.`,
    atMs,
  }),
  [CONTROL_TYPES.modelPromoted]: tellPromotion,
  [CONTROL_TYPES.modelRefused]: ({ name, version, gate, reason, atMs, actor }) => ({
    subject: name,
    summary: `${name} v${version} refused on ${day(atMs)}; v${gate.live.version} goes on deciding. ${sentence(reason)}`,
    atMs,
    actor,
  }),
  [CONTROL_TYPES.retrainingRequested]: ({ model, cause, evidence = [], window, atMs }) => ({
    subject: model,
    summary: [
      `Retraining of ${model} requested (${words(cause)}), on ${days(window)}.`,
      ...(evidence.length === 0 ? [] : [severally(evidence.map(({ summary }) => summary))]),
    ].join(' '),
    atMs,
  }),
  [CONTROL_TYPES.driftDetected]: ({ job, model, version, window, alarms, goingOn }) => ({
    subject: model,
    summary: [
      `Drift of ${model} v${version} detected by ${job} in ${days(window)}.`,
      severally(alarms.map(({ summary }) => summary)),
      ...(goingOn > 0 ? [`Alarms of earlier windows that go on: ${goingOn}.`] : []),
    ].join(' '),
    atMs: window.toMs,
  }),
  [CONTROL_TYPES.fieldChanged]: ({ subject, after, summary }) => ({
    subject,
    summary: sentence(summary),
    atMs: after.window.toMs,
  }),
  [CONTROL_TYPES.fieldRestored]: ({ subject, window, summary }) => ({
    subject,
    summary: sentence(summary),
    atMs: window.toMs,
  }),
  [CONTROL_TYPES.changeRecorded]: ({ kind, subject, version, summary, atMs, actor }) => ({
    kind,
    subject,
    summary: sentence(version === '' ? summary : `${summary} (${version})`),
    atMs,
    actor,
  }),
  [CONTROL_TYPES.incidentOpened]: tellIncident,
  [CONTROL_TYPES.incidentAcknowledged]: tellIncident,
  [CONTROL_TYPES.incidentCauseDeclared]: tellIncident,
  [CONTROL_TYPES.incidentResolved]: tellIncident,
};

function tellIncident({ alert, summary, actor }: IncidentFact): Told {
  return { subject: alert, summary: sentence(summary), actor };
}

const PURPOSES = {
  candidate: 'as a candidate: it decides nothing until its gate',
  baseline: 'as the frozen first model that the line of models is compared with',
} as const satisfies Readonly<Record<ModelShadowed['purpose'], string>>;

/** A first model comes, a gate lets one through, a person goes back to one. */
function tellPromotion({ name, version, role, cause, replaces, reason, atMs, actor }: ModelPromoted): Told {
  const told = { subject: name, atMs, actor };
  const from = replaces === undefined ? '' : `, in place of v${replaces}`;
  if (cause !== 'rollback')
    return { ...told, summary: `${name} v${version} is ${role} from ${day(atMs)} on${from}. ${sentence(reason)}` };
  const way = replaces === undefined ? `to v${version}` : `from v${replaces} to v${version}`;
  return { ...told, summary: `${name} rolled back ${way} on ${day(atMs)} by ${actor}. ${sentence(reason)}` };
}

/** Reads a record of the control topic whose type is one of CONTROL_TYPES. Throws SyntaxError where it is not JSON. */
export function changeOf(record: LogRecord): Change {
  const type = (record.headers[HEADERS.type] ?? '') as keyof Facts;
  const fact = new TextDecoder().decode(record.value);
  const told = (TELL[type] as (parsed: unknown) => Told)(JSON.parse(fact));
  return {
    id: record.headers[HEADERS.id] ?? '',
    kind: told.kind ?? type.replace('throughline.', '').replaceAll('.', '_'),
    subject: told.subject,
    atMs: told.atMs ?? record.timestampMs,
    actor: told.actor ?? 'throughline',
    summary: told.summary,
    fact,
  };
}
