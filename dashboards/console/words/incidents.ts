import type { AlertView, Cause, CheckResult, Hypothesis, IncidentAnswer, IncidentSummary, Severity } from '#core';

/** Words of alerts and incidents, as people read them. */

type State = IncidentSummary['state'];

export const SEVERITY_WORDS: Readonly<Record<Severity, { readonly name: string; readonly meaning: string }>> = {
  page: { name: 'page', meaning: 'Somebody is woken for it: now.' },
  ticket: { name: 'ticket', meaning: 'Somebody looks at it in working hours.' },
  none: { name: 'no severity', meaning: 'It is not about a failure.' },
};

export const INCIDENT_STATES: Readonly<Record<State, { readonly name: string; readonly meaning: string }>> = {
  open: { name: 'open', meaning: 'Nobody has taken it yet.' },
  acknowledged: { name: 'acknowledged', meaning: 'Somebody is on it.' },
  resolved: { name: 'resolved', meaning: 'It is over.' },
};

export const ALERT_STATES: Readonly<Record<AlertView['state'], { readonly name: string; readonly meaning: string }>> = {
  firing: { name: 'firing', meaning: 'It is over its threshold for as long as it asks for.' },
  pending: { name: 'pending', meaning: 'It is over its threshold, not yet for long enough.' },
  failed: { name: 'cannot tell', meaning: 'Its query fails, so nobody would be told.' },
  unknown: { name: 'not evaluated yet', meaning: 'Its first evaluation has yet to come.' },
  ok: { name: 'quiet', meaning: 'It is within its threshold.' },
};

/** `of`: how many of the three bars are filled. */
export const CONFIDENCES: Readonly<
  Record<Hypothesis['confidence'], { readonly name: string; readonly meaning: string; readonly of: 1 | 2 | 3 }>
> = {
  high: { name: 'very likely', meaning: 'The evidence points to this and to nothing else.', of: 3 },
  medium: { name: 'likely', meaning: 'The evidence fits, and something else could explain it too.', of: 2 },
  low: { name: 'possible', meaning: 'Little speaks for it: look at the evidence before acting.', of: 1 },
};

export const ANSWERS: Readonly<Record<CheckResult['answer'], { readonly name: string; readonly meaning: string }>> = {
  yes: { name: 'yes', meaning: 'the query says so' },
  no: { name: 'no', meaning: 'the query says that it is not so' },
  unclear: { name: 'unclear', meaning: 'the query had no row to answer from' },
  failed: { name: 'failed', meaning: 'the query could not be run' },
};

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  slow_consumer: 'slow consumer',
  hot_partition: 'hot partition',
  consumer_gone: 'no consumer',
  poison_event: 'poison event',
  contract_break: 'broken contract',
  field_meaning: 'field with another meaning',
  stale_view: 'stale feature view',
  missing_features: 'missing features',
  slow_feature_reads: 'slow feature reads',
  model_saturated: 'saturated model',
  slow_model: 'slow model',
  biased_candidate: 'biased candidate',
  outcomes_lost: 'lost outcomes',
  outcomes_late: 'late outcomes',
  slow_log: 'slow event log',
  traffic_burst: 'burst of traffic',
  clock_skew: 'skewed clocks',
};

export const AUDIT_KINDS: Readonly<Record<IncidentAnswer['audit'][number]['kind'], string>> = {
  opened: 'opened',
  diagnosed: 'diagnosed',
  acknowledged: 'acknowledged',
  cause_declared: 'cause declared',
  resolved: 'resolved by hand',
  alert_resolved: 'alert resolved',
  notified: 'notified',
};

export const ORIGINS: Readonly<Record<IncidentSummary['origin'], string>> = {
  throughline: 'Throughline',
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
};

/** `4.2 min before`, `30 s after`, `at the same moment`: of a change, against the first bad event. */
export function fromStart(minutes: number): string {
  const seconds = Math.round(Math.abs(minutes) * 60);
  if (seconds === 0) return 'at the same moment';
  const span = seconds < 90 ? `${seconds}\u202fs` : `${Math.round(seconds / 60)}\u202fmin`;
  return `${span} ${minutes < 0 ? 'before' : 'after'}`;
}

/** What a contact leads to: a page, or a mail; undefined where it is neither. */
export function contactHref(contact: string): string | undefined {
  if (/^https?:\/\//u.test(contact)) return contact;
  return /^[^\s@:]+@[^\s@:]+$/u.test(contact) ? `mailto:${contact}` : undefined;
}
