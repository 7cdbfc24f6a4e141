import { CONTROL_TYPES, type EpochMs } from '#core';
import { runbookError } from '../errors.ts';
import { type IncidentDocument, withAudit } from './incident.ts';
import type { IncidentStep } from './incident-facts.ts';

/** What a person says about an incident. */
export interface PersonsNote {
  readonly actor: string;
  readonly note?: string;
}

export interface PersonsCause {
  readonly actor: string;
  /** A sentence. */
  readonly cause: string;
  /** Rank of the hypothesis that it confirms. */
  readonly hypothesis?: number;
}

/** An incident after a step, and the step; no step where nothing changed. */
export interface Stepped {
  readonly incident: IncidentDocument;
  readonly step?: IncidentStep;
}

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);
const noted = (note: string | undefined): string => (note === undefined || note.trim() === '' ? '' : ` ${sentence(note.trim())}`);

/** Throws RUNBOOK_INCIDENT_RESOLVED. */
export function acknowledge(incident: IncidentDocument, { actor, note }: PersonsNote, nowMs: EpochMs): Stepped {
  refuseResolved(incident, 'acknowledged');
  if (incident.acknowledgedBy === actor && noted(note) === '') return { incident };
  const text = `${actor} looks into it.${noted(note)}`;
  const entry = { atMs: nowMs, kind: 'acknowledged', actor, text } as const;
  return {
    incident: withAudit({ ...incident, state: 'acknowledged', acknowledgedBy: actor }, entry),
    step: { type: CONTROL_TYPES.incidentAcknowledged, actor, summary: `${incident.alert}: ${text}` },
  };
}

/** Also of a resolved one: what it was is often known later. Throws RUNBOOK_HYPOTHESIS_UNKNOWN. */
export function declareCause(incident: IncidentDocument, declared: PersonsCause, nowMs: EpochMs): Stepped {
  const { actor, cause, hypothesis } = declared;
  const known = incident.investigation?.diagnosis?.hypotheses ?? [];
  const confirmed = known.find(({ rank }) => rank === hypothesis);
  if (hypothesis !== undefined && confirmed === undefined) {
    const ranks = known.length === 0 ? 'it has none' : `it has ${known.map(({ rank }) => rank).join(', ')}`;
    throw runbookError('RUNBOOK_HYPOTHESIS_UNKNOWN', `${incident.alert} has no hypothesis of rank ${hypothesis}: ${ranks}`);
  }
  const why = confirmed === undefined ? '' : ` It was hypothesis ${confirmed.rank}: ${sentence(confirmed.title)}`;
  const text = `${sentence(cause.trim())}${why}`;
  const entry = { atMs: nowMs, kind: 'cause_declared', actor, text } as const;
  return {
    incident: withAudit({ ...incident, declaredCause: { cause: cause.trim(), actor } }, entry),
    step: { type: CONTROL_TYPES.incidentCauseDeclared, actor, summary: `${incident.alert}: ${text}` },
  };
}

/** Allowed while its alert fires, and said. Throws RUNBOOK_INCIDENT_RESOLVED. */
export function resolve(incident: IncidentDocument, { actor, note }: PersonsNote, nowMs: EpochMs): Stepped {
  refuseResolved(incident, 'resolved');
  const firing = incident.endsAtMs === null ? ', while its alert still fires' : '';
  const text = `Resolved by ${actor}${firing}.${noted(note)}`;
  const entry = { atMs: nowMs, kind: 'resolved', actor, text } as const;
  return {
    incident: withAudit({ ...incident, state: 'resolved' }, entry),
    step: { type: CONTROL_TYPES.incidentResolved, actor, summary: `${incident.alert}: ${text}` },
  };
}

function refuseResolved({ state, audit, alert, fingerprint }: IncidentDocument, wanted: string): void {
  if (state !== 'resolved') return;
  const last = audit.findLast(({ kind }) => kind === 'resolved');
  const when = last === undefined ? '' : ` by ${last.actor} at ${new Date(last.atMs).toISOString()}`;
  throw runbookError(
    'RUNBOOK_INCIDENT_RESOLVED',
    `the incident ${fingerprint} (${alert}) was resolved${when}: it cannot be ${wanted} again; if the alert fires again, that is an incident of its own`,
  );
}
