import type { EpochMs, FiredAlert } from '#core';

/** What fires is to be believed for so long without being told again: a process that is gone leaves nothing firing, ms. */
const VALID_MS = 240_000;

/** The body of an Alertmanager's POST /api/v2/alerts. */
export function postableAlerts(
  alerts: readonly FiredAlert[],
  { nowMs, externalUrl }: { readonly nowMs: EpochMs; readonly externalUrl: string },
): readonly object[] {
  return alerts.map(({ labels, annotations, startsAtMs, endsAtMs }) => ({
    labels,
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs ?? nowMs + VALID_MS).toISOString(),
    generatorURL: annotations['incident_url'] ?? externalUrl,
  }));
}
