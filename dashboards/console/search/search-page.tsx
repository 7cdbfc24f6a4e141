import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { JourneyPage } from '#core';
import { journeysQuery } from '../api/queries.ts';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { useTitle } from '../shell/title.ts';
import { searchHref } from '../words/links.ts';
import { EntityHead } from './entity-head.tsx';
import { Filters } from './filters.tsx';
import { changed, type Parameters, parseParameters } from './parameters.ts';
import { Results } from './results.tsx';

/** Events by what they were and what became of them; every filter is in the address, in the API's own words. */
export function SearchPage() {
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const parameters = parseParameters(search);
  const { data, error, refetch, isPlaceholderData } = useQuery(journeysQuery(parameters));
  const { entity } = parameters;
  useTitle(entity === undefined ? 'Search' : 'Entity');
  usePseudonym(parameters, { data, isPlaceholderData });
  return (
    <article className="search">
      {entity === undefined ? (
        <header className="page-head">
          <h1>Events</h1>
          <p className="soft">Every event that was read, with what became of it.</p>
        </header>
      ) : (
        <EntityHead entity={entity} page={data} />
      )}
      <Filters parameters={parameters} onChange={(change) => navigate(searchHref(changed(parameters, change)))} />
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={520} label="Searching" /> : null}
      {data === undefined || error !== null ? null : (
        <div className={isPlaceholderData ? 'is-loading' : ''} aria-busy={isPlaceholderData}>
          {data.items.length === 0 ? (
            <Empty>
              No event fits these filters. <Link href="/search">Without filters</Link>
            </Empty>
          ) : (
            <Results items={data.items} />
          )}
          <Paging parameters={parameters} next={data.next} shown={data.items.length} />
        </div>
      )}
    </article>
  );
}

/** A customer's number that was typed does not stay in the address, in the history or on the screen: its pseudonym does. */
function usePseudonym(
  parameters: Parameters,
  { data, isPlaceholderData }: { readonly data: JourneyPage | undefined; readonly isPlaceholderData: boolean },
): void {
  const [, navigate] = useLocation();
  const { entity } = parameters;
  const pseudonym = data?.items.flatMap((item) => (item.entity?.isPseudonym === true ? item.entity.value : []))[0];
  useEffect(() => {
    if (isPlaceholderData || entity === undefined || pseudonym === undefined || entity === pseudonym) return;
    navigate(searchHref({ ...parameters, entity: pseudonym }), { replace: true });
  });
}

interface PagingProps {
  readonly parameters: Parameters;
  readonly next: string | null;
  readonly shown: number;
}

function Paging({ parameters, next, shown }: PagingProps) {
  return (
    <nav className="paging" aria-label="Pages of results">
      {parameters.cursor === undefined ? null : <Link href={searchHref(changed(parameters, {}))}>← first page</Link>}
      <span className="soft">{`${shown} shown`}</span>
      {next === null ? null : <Link href={searchHref(changed(parameters, { cursor: next }))}>next page →</Link>}
    </nav>
  );
}
