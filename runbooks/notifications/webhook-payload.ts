import type { FiredAlert } from '#core';

type Labels = Readonly<Record<string, string>>;

/** Alerts of one message; of more, the number of the others is told. */
const MAX_ALERTS = 100;
/** Alertmanager writes the zero time where an alert has not ended. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

/** Names the group of an alert, as Alertmanager does: its pathway and its name. */
export function groupKeyOf(alert: FiredAlert): string {
  const pairs = Object.entries(groupLabelsOf(alert)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{}:{${pairs.join(', ')}}`;
}

/** The alerts of one group as Alertmanager's webhook sends them, version 4. */
export function webhookPayload(
  group: readonly FiredAlert[],
  { receiver, externalUrl }: { readonly receiver: string; readonly externalUrl: string },
): object {
  const [first] = group;
  return {
    version: '4',
    groupKey: first === undefined ? '{}:{}' : groupKeyOf(first),
    truncatedAlerts: Math.max(0, group.length - MAX_ALERTS),
    status: group.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels: first === undefined ? {} : groupLabelsOf(first),
    commonLabels: commonOf(group.map(({ labels }) => labels)),
    commonAnnotations: commonOf(group.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts: group.slice(0, MAX_ALERTS).map(({ status, labels, annotations, startsAtMs, endsAtMs, fingerprint }) => ({
      status,
      labels,
      annotations,
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: endsAtMs === null ? NOT_ENDED : new Date(endsAtMs).toISOString(),
      generatorURL: annotations['incident_url'] ?? externalUrl,
      fingerprint,
    })),
  };
}

function groupLabelsOf({ labels }: FiredAlert): Labels {
  return { alertname: labels['alertname'] ?? '', pipeline: labels['pipeline'] ?? '' };
}

/** What all of them have. */
function commonOf(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)));
}
