import type { CheckResult, Cohort, Diagnosis, EpochMs, Exemplar, FiredAlert, IncidentAnswer, NearbyChange } from '#core';

export type IncidentSeverity = 'page' | 'ticket';
type AuditKind = IncidentAnswer['audit'][number]['kind'];

/** What an incident's investigation found: as it was when it was made, and never again. */
export interface Investigation {
  /** Sentences. */
  readonly impact: readonly string[];
  readonly cohorts: { readonly good: Cohort; readonly bad: Cohort } | null;
  readonly changes: readonly NearbyChange[];
  readonly exemplars: readonly Exemplar[];
  readonly checks: readonly CheckResult[];
  /** null where it could not be made; `problems` says why. */
  readonly diagnosis: Diagnosis | null;
  /** Sentences: parts that failed. */
  readonly problems: readonly string[];
}

export interface IncidentAudit {
  readonly atMs: EpochMs;
  readonly kind: AuditKind;
  readonly actor: string;
  /** A sentence. */
  readonly text: string;
}

/** An alert that somebody has to see to; identified by fingerprint and start. As it is stored (JSON). */
export interface IncidentDocument {
  readonly fingerprint: string;
  readonly startsAtMs: EpochMs;
  /** When the alert was resolved; null while it fires. */
  readonly endsAtMs: EpochMs | null;
  readonly openedAtMs: EpochMs;
  readonly alert: string;
  readonly severity: IncidentSeverity;
  /** Empty where the alert names none. */
  readonly pipeline: string;
  readonly origin: FiredAlert['origin'];
  readonly summary: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number | null;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  readonly acknowledgedBy: string | null;
  readonly declaredCause: { readonly cause: string; readonly actor: string } | null;
  readonly investigation: Investigation | null;
  /** Why it is not investigated yet; empty where nothing stands against it. */
  readonly problem: string;
  /** Oldest first; at most 100. */
  readonly audit: readonly IncidentAudit[];
}

const MAX_AUDIT = 100;
const GRAVE = new Set(['page', 'critical']);
const HARMLESS = new Set(['none', 'info']);

/** How grave an alert is; undefined where it opens no incident. Words of others are understood: critical is page, info is none. */
export function severityOf({ labels }: FiredAlert): IncidentSeverity | undefined {
  const severity = labels['severity'] ?? '';
  if (HARMLESS.has(severity)) return undefined;
  return GRAVE.has(severity) ? 'page' : 'ticket';
}

/** A new incident of a firing alert. */
export function incidentOf(alert: FiredAlert, severity: IncidentSeverity, nowMs: EpochMs): IncidentDocument {
  const { labels, annotations, fingerprint, startsAtMs, value, origin } = alert;
  const name = labels['alertname'] ?? 'an alert without a name';
  const summary = annotations['summary'] ?? `${name} fires.`;
  return {
    fingerprint,
    startsAtMs,
    endsAtMs: null,
    openedAtMs: nowMs,
    alert: name,
    severity,
    pipeline: labels['pipeline'] ?? labels['pathway'] ?? '',
    origin,
    summary,
    description: annotations['description'] ?? '',
    labels,
    annotations,
    value,
    state: 'open',
    acknowledgedBy: null,
    declaredCause: null,
    investigation: null,
    problem: '',
    audit: [{ atMs: nowMs, kind: 'opened', actor: origin, text: summary }],
  };
}

/** With one more entry; the opening stays, whatever is forgotten. */
export function withAudit(incident: IncidentDocument, entry: IncidentAudit): IncidentDocument {
  const [opened, ...later] = [...incident.audit, entry];
  return { ...incident, audit: [...(opened === undefined ? [] : [opened]), ...later.slice(1 - MAX_AUDIT)] };
}

/** Unique; sorts by fingerprint, then by start. */
export function keyOf({ fingerprint, startsAtMs }: Pick<IncidentDocument, 'fingerprint' | 'startsAtMs'>): string {
  return `${fingerprint}/${String(startsAtMs).padStart(15, '0')}`;
}

/** A stored incident. */
export function parseIncident(value: Uint8Array): IncidentDocument {
  return JSON.parse(new TextDecoder().decode(value)) as IncidentDocument;
}

/** Open ones first, then the newest first. */
export function compareIncidents(a: IncidentDocument, b: IncidentDocument): number {
  const isOver = (incident: IncidentDocument): number => (incident.state === 'resolved' ? 1 : 0);
  return isOver(a) - isOver(b) || b.startsAtMs - a.startsAtMs || (a.fingerprint < b.fingerprint ? -1 : 1);
}
