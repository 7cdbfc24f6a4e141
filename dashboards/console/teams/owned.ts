import type { TeamAnswer } from '#core';
import { driftHref, modelHref, runbookHref, searchHref, sloHref } from '../words/links.ts';

type Owned = TeamAnswer['owns'][number];
type Kind = Owned['kind'];

/** In the order in which they are shown. A kind without a page of its own has no link. */
const KINDS: Readonly<Record<Kind, { readonly words: string; readonly href: (name: string) => string | undefined }>> = {
  pipeline: { words: 'pipelines', href: (name) => searchHref({ pipeline: name }) },
  model: { words: 'models', href: (name) => modelHref(name) },
  contract: { words: 'contracts', href: () => undefined },
  view: { words: 'feature views', href: () => undefined },
  drift_job: { words: 'drift jobs', href: (name) => driftHref(name) },
  slo: { words: 'objectives', href: (name) => sloHref({ slo: name }) },
  alert: { words: 'alert rules', href: (name) => sloHref({ rule: name }) },
  runbook: { words: 'runbooks', href: (name) => runbookHref(name) },
};

export interface OwnedGroup {
  readonly words: string;
  readonly items: readonly { readonly name: string; readonly description: string; readonly href: string | undefined }[];
}

/** What a team owns by its kind, kinds that it has none of left out. */
export function groupedByKind(owns: readonly Owned[]): readonly OwnedGroup[] {
  return Object.entries(KINDS).flatMap(([kind, { words, href }]) => {
    const items = owns.filter((owned) => owned.kind === kind);
    if (items.length === 0) return [];
    return [{ words, items: items.map(({ name, description }) => ({ name, description, href: href(name) })) }];
  });
}
