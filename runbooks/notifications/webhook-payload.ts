import type { FiredAlert } from '#core';

/** Alerts as Alertmanager's webhook sends them (version 4), a message for each pathway and alert name. */
export function webhookPayload(
  alerts: readonly FiredAlert[],
  { receiver, externalUrl }: { readonly receiver: string; readonly externalUrl: string },
): readonly object[] {
  const groups = new Map<string, FiredAlert[]>();
  for (const alert of alerts) {
    const key = JSON.stringify(groupOf(alert));
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].map((group) => payloadOf(group, { receiver, externalUrl }));
}

type Labels = Readonly<Record<string, string>>;

function groupOf({ labels }: FiredAlert): Labels {
  return { alertname: labels['alertname'] ?? '', pipeline: labels['pipeline'] ?? '' };
}

function payloadOf(
  group: readonly FiredAlert[],
  { receiver, externalUrl }: { readonly receiver: string; readonly externalUrl: string },
): object {
  const groupLabels = group[0] === undefined ? {} : groupOf(group[0]);
  const pairs = Object.entries(groupLabels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return {
    version: '4',
    groupKey: `{}:{${pairs.join(', ')}}`,
    truncatedAlerts: 0,
    status: group.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels: commonOf(group.map(({ labels }) => labels)),
    commonAnnotations: commonOf(group.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts: group.map(({ status, labels, annotations, startsAtMs, endsAtMs, fingerprint }) => ({
      status,
      labels,
      annotations,
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: endsAtMs === null ? '0001-01-01T00:00:00Z' : new Date(endsAtMs).toISOString(),
      generatorURL: annotations['incident_url'] ?? externalUrl,
      fingerprint,
    })),
  };
}

/** What all of them have. */
function commonOf(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)));
}
