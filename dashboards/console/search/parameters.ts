import type { JourneySearch } from '#core';
import { isFate } from '../words/fates.ts';

/** The query of the page's address: the parameters of GET /api/journeys, by their names. */
export type Parameters = Readonly<Partial<Record<keyof JourneySearch, string>>>;

const NAMES: readonly (keyof JourneySearch)[] = [
  'pipeline',
  'entity',
  'traceId',
  'fate',
  'reason',
  'decision',
  'label',
  'from',
  'to',
  'breached',
  'order',
  'limit',
  'cursor',
];

/** What of an address the API understands; the rest is left out, and a fate that is none is too. */
export function parseParameters(search: URLSearchParams): Parameters {
  const found = NAMES.flatMap((name) => {
    const value = search.get(name) ?? '';
    return value === '' || (name === 'fate' && !isFate(value)) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** Parameters with a change; the page of results begins anew, unless the change is the page. */
export function changed(
  parameters: Parameters,
  change: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return { ...parameters, cursor: undefined, ...change };
}

/** `2011-09-14` → the day's begin, as the API wants it; nothing stays nothing. */
export function beginOfDay(day: string): string | undefined {
  return day === '' ? undefined : `${day}T00:00:00Z`;
}
