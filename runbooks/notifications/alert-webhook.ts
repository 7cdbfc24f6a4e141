import type { FiredAlert } from '#core';
import { runbookError } from '../errors.ts';
import { fingerprintOf } from '../evaluation/fingerprint.ts';

const MAX_ALERTS = 500;
const MAX_LABELS = 64;
const MAX_TEXT = 4096;
/** Alertmanager writes the zero time where an alert has not ended. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

/**
 * Reads a webhook of an Alertmanager (payload version 4) or a Grafana, which sends the same and more; unknown keys are ignored. An
 * alert is its labels and its start. Throws RUNBOOK_WEBHOOK_INVALID.
 */
export function parseAlertWebhook(body: unknown, nowMs: number): readonly FiredAlert[] {
  if (!isRecord(body)) throw invalid('the body is no JSON object');
  const alerts = body['alerts'];
  if (!Array.isArray(alerts)) throw invalid('the list alerts is missing: it takes Alertmanager’s webhook payload, version 4');
  if (alerts.length > MAX_ALERTS)
    throw invalid(`${alerts.length} alerts are more than ${MAX_ALERTS}: let the receiver group them`);
  const origin = 'orgId' in body || 'dashboardURL' in (isRecord(alerts[0]) ? alerts[0] : {}) ? 'grafana' : 'alertmanager';
  return alerts.map((alert: unknown, index) => parseAlert(alert, { place: `alerts[${index}]`, origin, nowMs }));
}

interface Context {
  readonly place: string;
  readonly origin: FiredAlert['origin'];
  readonly nowMs: number;
}

function parseAlert(alert: unknown, { place, origin, nowMs }: Context): FiredAlert {
  if (!isRecord(alert)) throw invalid(`${place} is no object`);
  const labels = textsOf(alert['labels'], `${place}.labels`);
  if ((labels['alertname'] ?? '') === '')
    throw invalid(`${place}.labels has no alertname: an alert without a name finds no runbook`);
  const status = statusOf(alert['status'], place);
  const startsAtMs = timeOf(alert['startsAt'], `${place}.startsAt`) ?? nowMs;
  const endsAtMs = status === 'resolved' ? (timeOf(alert['endsAt'], `${place}.endsAt`) ?? nowMs) : null;
  return {
    fingerprint: fingerprintOf(labels),
    status,
    startsAtMs,
    endsAtMs,
    labels,
    annotations: textsOf(alert['annotations'] ?? {}, `${place}.annotations`),
    value: valueOf(alert['values']),
    origin,
  };
}

function statusOf(status: unknown, place: string): FiredAlert['status'] {
  if (status === undefined || status === 'firing') return 'firing';
  if (status === 'resolved') return status;
  throw invalid(`${place}.status is neither firing nor resolved`);
}

function textsOf(value: unknown, place: string): Readonly<Record<string, string>> {
  if (!isRecord(value)) throw invalid(`${place} is no object of texts`);
  const entries = Object.entries(value);
  if (entries.length > MAX_LABELS) throw invalid(`${place} has more than ${MAX_LABELS} entries`);
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text, `${place}.${name}`)]));
}

function textOf(value: unknown, place: string): string {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`${place} is no text`);
}

/** Of Grafana's values by query, the only one; of several nobody knows which is meant. */
function valueOf(values: unknown): number | null {
  const [value, ...others] = isRecord(values) ? Object.values(values) : [];
  return typeof value === 'number' && others.length === 0 ? value : null;
}

function timeOf(value: unknown, place: string): number | undefined {
  if (value === undefined || value === null || value === ZERO_TIME) return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid(`${place} is no RFC 3339 time`);
  return ms;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): Error {
  return runbookError('RUNBOOK_WEBHOOK_INVALID', `the alerts cannot be taken: ${what}`);
}
