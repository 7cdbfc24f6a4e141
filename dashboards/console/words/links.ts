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
