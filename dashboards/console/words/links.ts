import { queryString } from '../api/client.ts';

/** Address of an event: its source too, as an id alone may stand for several. */
export function eventHref({ id, source }: { readonly id: string; readonly source: string }): string {
  return `/events/${encodeURIComponent(id)}${queryString({ source })}`;
}

export function searchHref(parameters: Readonly<Record<string, string | undefined>>): string {
  return `/search${queryString(parameters)}`;
}

export function traceHref(traceId: string): string {
  return `/traces/${encodeURIComponent(traceId)}`;
}

/** Address of a model's page, with one of its versions or its requests open. */
export function modelHref(
  name: string,
  open: { readonly version?: number | undefined; readonly request?: string | undefined } = {},
): string {
  return `/models/${encodeURIComponent(name)}${queryString({ ...open })}`;
}

/** Address of a drift job's page, with a cell of its windows open: its target, and the window's end. */
export function driftHref(
  job: string,
  cell: { readonly target?: string | undefined; readonly to?: string | undefined } = {},
): string {
  return `/drift/${encodeURIComponent(job)}${queryString({ ...cell })}`;
}

/** Address of an incident: the newest of its fingerprint, or the one that began at a time. */
export function incidentHref(fingerprint: string, open: { readonly startsAt?: string | undefined } = {}): string {
  return `/incidents/${encodeURIComponent(fingerprint)}${queryString({ ...open })}`;
}

export function teamHref(name: string): string {
  return `/teams/${encodeURIComponent(name)}`;
}

export function runbookHref(alert: string): string {
  return `/runbooks/${encodeURIComponent(alert)}`;
}

/** Address of the objectives, with one of them in view, or a rule of alerts open. */
export function sloHref(open: { readonly slo?: string | undefined; readonly rule?: string | undefined } = {}): string {
  return `/slos${queryString({ ...open })}`;
}
