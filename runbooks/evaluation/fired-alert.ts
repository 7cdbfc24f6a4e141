import type { AlertEventRecord, AlertRule, EpochMs, FiredAlert } from '#core';
import type { SeriesState, Transition } from './series-state.ts';

type Labels = Readonly<Record<string, string>>;

const PLACE = /\{([A-Za-z_][A-Za-z0-9_]*)\}/gu;

/** A rule's text with the labels and the value of a series in place of `{label}` and `{value}`; what is no label stays. */
export function textOf(template: string, labels: Labels, value: number | null): string {
  return template.replaceAll(PLACE, (place, name: string) => {
    if (name === 'value') return value === null ? 'no data' : numberText(value);
    return labels[name] ?? place;
  });
}

/** Four digits that matter, such as 0.01234 or 5432. */
function numberText(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}

/** The permanent address of an alert's incident. `publicUrl` is without a slash at its end. */
export function incidentUrlOf(
  publicUrl: string,
  { fingerprint, startsAtMs }: Pick<FiredAlert, 'fingerprint' | 'startsAtMs'>,
): string {
  return `${publicUrl}/incidents/${fingerprint}?startsAt=${encodeURIComponent(new Date(startsAtMs).toISOString())}`;
}

export interface Told {
  readonly state: Transition['state'];
  readonly series: SeriesState;
  /** The base of links. */
  readonly publicUrl: string;
}

/** A series of a rule, as others are told of it. A resolved one ended when it was first not over any more. */
export function firedAlertOf(rule: AlertRule, { state, series, publicUrl }: Told): FiredAlert {
  const { fingerprint, labels, value, sinceMs, clearMs } = series;
  const identity = { fingerprint, startsAtMs: sinceMs };
  return {
    ...identity,
    status: state,
    endsAtMs: state === 'resolved' ? (clearMs ?? sinceMs) : null,
    labels,
    annotations: {
      summary: textOf(rule.summary, labels, value),
      description: textOf(rule.description, labels, value),
      runbook_url: `${publicUrl}/runbooks/${rule.alert}`,
      incident_url: incidentUrlOf(publicUrl, identity),
      owner: rule.owner,
      __dashboardUid__: rule.panel.dashboardUid,
      __panelId__: String(rule.panel.panelId),
    },
    value,
    origin: 'throughline',
  };
}

/** The record of a transition. */
export function alertEventOf(rule: AlertRule, { state, series }: Transition, atMs: EpochMs): AlertEventRecord {
  const { fingerprint, labels, value, sinceMs } = series;
  return {
    atMs,
    alert: rule.alert,
    ruleId: rule.id,
    fingerprint,
    state,
    startsAtMs: sinceMs,
    severity: rule.severity,
    pipeline: rule.pipeline,
    labels,
    value,
    summary: textOf(rule.summary, labels, value),
  };
}
