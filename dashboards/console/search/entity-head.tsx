import { Link } from 'wouter';
import type { JourneyPage } from '#core';
import { CopyButton } from '../parts/copy-button.tsx';
import { searchHref } from '../words/links.ts';

interface EntityHeadProps {
  /** As it was asked for. */
  readonly entity: string;
  readonly page: JourneyPage | undefined;
}

/** An entity's page: the search by it, under its name. */
export function EntityHead({ entity, page }: EntityHeadProps) {
  const known = page?.items.flatMap((item) => item.entity ?? [])[0];
  const isPseudonym = known?.isPseudonym === true;
  // Until it is known, what was typed may be a customer's number.
  const name = page === undefined ? undefined : (known?.value ?? entity);
  return (
    <header className="event-head">
      <p className="kicker">{known === undefined ? 'entity' : `entity · ${known.property}`}</p>
      <div className="event-title">
        {name === undefined ? <h1>Looking …</h1> : <EntityName name={name} />}
        {isPseudonym ? <span className="tag">pseudonym</span> : null}
      </div>
      <p className="event-sentence">
        {isPseudonym ? 'Kept and shown is a pseudonym, never the value that the producer writes. ' : ''}
        Its events, newest first unless ordered otherwise.{' '}
        <Link href={searchHref({ entity, fate: 'scored' })}>Only its predictions</Link>
      </p>
    </header>
  );
}

function EntityName({ name }: { readonly name: string }) {
  return (
    <>
      <h1>{name}</h1>
      <CopyButton text={name} what="entity" />
    </>
  );
}
