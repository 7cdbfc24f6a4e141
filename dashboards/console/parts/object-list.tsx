import type { ReactNode } from 'react';
import { Empty, ProblemNote, Skeleton } from './notes.tsx';

interface ObjectListProps {
  readonly title: string;
  readonly about: string;
  /** Why there is none, and what to do. */
  readonly empty: string;
  readonly error: Error | null;
  readonly refetch: () => Promise<unknown>;
  /** A card each; undefined until they are known. */
  readonly cards: readonly ReactNode[] | undefined;
}

/** A page of cards, while they load, where they cannot be had, and where there are none. */
export function ObjectList({ title, about, empty, error, refetch, cards }: ObjectListProps) {
  const isLoading = cards === undefined && error === null;
  return (
    <article className="governance">
      <header className="page-head">
        <h1>{title}</h1>
        <p className="soft">{about}</p>
      </header>
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {isLoading ? <Skeleton height={240} label={`Loading ${title.toLowerCase()}`} /> : null}
      {cards?.length === 0 ? <Empty>{empty}</Empty> : null}
      <ul className="object-list">{cards}</ul>
    </article>
  );
}
