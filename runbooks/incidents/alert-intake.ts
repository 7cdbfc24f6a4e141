import type { EpochMs, FiredAlert } from '#core';
import { type IncidentDocument, incidentOf, severityOf, withAudit } from './incident.ts';

/** What an alert does to the incidents there are: those that are new or altered. */
export interface Intake {
  readonly opened?: IncidentDocument;
  readonly altered: readonly IncidentDocument[];
}

const NOTHING: Intake = { altered: [] };

/**
 * An incident is fingerprint and start: the same alert again changes nothing. One that fires already and comes back by another way
 * (ours, through an Alertmanager) joins it, whatever start that way gives it. `same` are the incidents of its fingerprint.
 */
export function takeAlert(alert: FiredAlert, same: readonly IncidentDocument[], nowMs: EpochMs): Intake {
  return alert.status === 'firing' ? takeFiring(alert, same, nowMs) : takeResolved(alert, same, nowMs);
}

function takeFiring(alert: FiredAlert, same: readonly IncidentDocument[], nowMs: EpochMs): Intake {
  const severity = severityOf(alert);
  if (severity === undefined || same.some(({ startsAtMs }) => startsAtMs === alert.startsAtMs)) return NOTHING;
  if (same.some(({ endsAtMs, origin }) => endsAtMs === null && origin !== alert.origin)) return NOTHING;
  // A series fires once at a time: an earlier start has ended, and nobody told.
  const altered = same
    .filter(({ endsAtMs, startsAtMs }) => endsAtMs === null && startsAtMs < alert.startsAtMs)
    .map((earlier) => ended(earlier, alert.startsAtMs, { actor: alert.origin, nowMs }));
  const opened = incidentOf(alert, severity, nowMs);
  const later = same.map(({ startsAtMs }) => startsAtMs).filter((startsAtMs) => startsAtMs > alert.startsAtMs);
  if (later.length === 0) return { opened, altered };
  return { opened: ended(opened, Math.min(...later), { actor: alert.origin, nowMs }), altered };
}

/** Who opened an incident says when its alert ends, and we do always: an Alertmanager may lose sight of what still fires here. */
function takeResolved(alert: FiredAlert, same: readonly IncidentDocument[], nowMs: EpochMs): Intake {
  const { origin, startsAtMs, endsAtMs } = alert;
  const found = same.find((incident) => incident.startsAtMs === startsAtMs && incident.endsAtMs === null);
  if (found === undefined || (origin !== found.origin && origin !== 'throughline')) return NOTHING;
  return { altered: [ended(found, Math.max(startsAtMs, endsAtMs ?? nowMs), { actor: origin, nowMs })] };
}

function ended(
  incident: IncidentDocument,
  endsAtMs: EpochMs,
  { actor, nowMs }: { readonly actor: string; readonly nowMs: EpochMs },
): IncidentDocument {
  const minutes = Math.round((endsAtMs - incident.startsAtMs) / 60_000);
  const text = `The alert was resolved; it fired for ${minutes < 1 ? 'less than a minute' : `${minutes} min`}.`;
  return withAudit({ ...incident, endsAtMs }, { atMs: nowMs, kind: 'alert_resolved', actor, text });
}
