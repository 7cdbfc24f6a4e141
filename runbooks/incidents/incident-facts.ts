import { CONTROL_TYPES, type EpochMs, envelopeHeaders, type IncidentFact, type NewRecord, TOPICS } from '#core';
import { type IncidentDocument, keyOf } from './incident.ts';

const SOURCE = '/throughline/incidents';

/** What happened to an incident, for the control topic. */
export interface IncidentStep {
  readonly type: (typeof CONTROL_TYPES)[keyof typeof CONTROL_TYPES];
  /** A sentence. */
  readonly summary: string;
  readonly actor: string;
}

/** The record of a step. An incident is opened once; what follows is told apart by when it was and by the audit. */
export function incidentRecord(incident: IncidentDocument, step: IncidentStep, nowMs: EpochMs): NewRecord {
  const { fingerprint, startsAtMs, alert, pipeline, severity } = incident;
  const { type, summary, actor } = step;
  const fact: IncidentFact = { fingerprint, startsAtMs, alert, pipeline, severity, summary, actor };
  const ordinal = type === CONTROL_TYPES.incidentOpened ? '' : `/${nowMs}.${incident.audit.length}`;
  const id = `incident/${keyOf(incident)}/${type.split('.').at(-1)}${ordinal}`;
  const headers = envelopeHeaders({ id, source: SOURCE, type, timeMs: nowMs });
  return { topic: TOPICS.control, partition: 0, key: fingerprint, headers, value: JSON.stringify(fact) };
}
