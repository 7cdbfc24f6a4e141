import type { FindAnswer } from '#core';
import { searchHref } from '../words/links.ts';

/** A line of the command list. */
export interface Choice {
  readonly kind: 'event' | 'entity' | 'trace' | 'place';
  readonly href: string;
  readonly title: string;
  readonly detail: string;
}

/** Places with an address of their own, found by any of their words. */
const PLACES: readonly Choice[] = [
  { kind: 'place', href: '/', title: 'Overview', detail: 'latency budget, fates, the year' },
  { kind: 'place', href: searchHref({ fate: 'scored' }), title: 'Newest decisions', detail: 'scored events, newest first' },
  {
    kind: 'place',
    href: searchHref({ fate: 'quarantined' }),
    title: 'Quarantined events',
    detail: 'refused by their contract, with the reason',
  },
  { kind: 'place', href: searchHref({ order: 'slowest' }), title: 'Slowest live events', detail: 'by end to end' },
  {
    kind: 'place',
    href: searchHref({ breached: 'true' }),
    title: 'Latency budget breaches',
    detail: 'longer than the p99 of the budget',
  },
];

/** What the API found, then the places whose words match; all places while nothing is asked. */
export function choicesFor(asked: string, answer: FindAnswer | undefined): readonly Choice[] {
  const words = asked.toLowerCase().split(/\s+/u);
  const places = PLACES.filter(({ title, detail }) => words.every((word) => `${title} ${detail}`.toLowerCase().includes(word)));
  return [...(answer?.matches ?? []), ...places];
}
