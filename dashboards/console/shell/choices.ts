import type { DriftList, FindAnswer, ModelList } from '#core';
import { driftHref, modelHref, searchHref } from '../words/links.ts';

/** A line of the command list. */
export interface Choice {
  readonly kind: 'event' | 'entity' | 'trace' | 'model' | 'job' | 'place';
  readonly href: string;
  readonly title: string;
  readonly detail: string;
}

/** Places with an address of their own, found by any of their words. */
const PLACES: readonly Choice[] = [
  { kind: 'place', href: '/', title: 'Overview', detail: 'latency budget, fates, the year' },
  { kind: 'place', href: '/models', title: 'Models', detail: 'who decides, promotions, quality by month, roll-back' },
  { kind: 'place', href: '/drift', title: 'Drift', detail: 'features by windows, alarms, findings' },
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

/** Models and drift jobs of the workspace, found by their names. */
export function namedPlaces(
  models: ModelList['models'] | undefined = [],
  jobs: DriftList['jobs'] | undefined = [],
): readonly Choice[] {
  return [
    ...models.map(({ name, liveVersion }) => ({
      kind: 'model' as const,
      href: modelHref(name),
      title: name,
      detail: liveVersion === null ? 'model, none decides yet' : `model, v${liveVersion} decides`,
    })),
    ...jobs.map(({ job, model }) => ({
      kind: 'job' as const,
      href: driftHref(job),
      title: job,
      detail: `drift job, watches ${model}`,
    })),
  ];
}

/** What the API found, then the places whose words match, then models and jobs so; all places while nothing is asked. */
export function choicesFor(asked: string, answer: FindAnswer | undefined, named: readonly Choice[] = []): readonly Choice[] {
  const words = asked.toLowerCase().split(/\s+/u);
  const places = [...PLACES, ...named].filter(({ title, detail }) =>
    words.every((word) => `${title} ${detail}`.toLowerCase().includes(word)),
  );
  return [...(answer?.matches ?? []), ...places];
}
