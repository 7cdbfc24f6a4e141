import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import type { EventAnswer } from '#core';
import { ApiProblem } from '../api/client.ts';
import { eventQuery } from '../api/queries.ts';
import { FateMark } from '../parts/fate-mark.tsx';
import { Note, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { useTitle } from '../shell/title.ts';
import { FATES } from '../words/fates.ts';
import { eventHref, searchHref } from '../words/links.ts';
import { placeOf } from '../words/places.ts';
import { EventHead } from './event-head.tsx';
import { JourneyView } from './journey-view.tsx';
import { ReceiptView } from './receipt-view.tsx';

const NOT_FOUND = 404;

/** One event by its id: its journey, or the receipt of what became of it. */
export function EventPage({ id }: { readonly id: string }) {
  useTitle(`Event ${id}`);
  const [parameters] = useSearchParams();
  const { data, error, refetch } = useQuery(eventQuery(id, parameters.get('source') ?? undefined));
  if (data === undefined && error instanceof ApiProblem && error.status === NOT_FOUND)
    return <NoSuchEvent id={id} message={error.message} />;
  if (data === undefined && error !== null) return <ProblemNote error={error} refetch={refetch} />;
  if (data === undefined) return <EventSkeleton />;
  return (
    <article className="event">
      <EventHead found={data.found} />
      <OtherDeliveries answer={data} />
      {data.found.kind === 'journey' ? <JourneyView journey={data.found} /> : <ReceiptView receipt={data.found} />}
    </article>
  );
}

function NoSuchEvent({ id, message }: { readonly id: string; readonly message: string }) {
  return (
    <section className="not-found">
      <h1>No event has this id</h1>
      <p>
        <code>{id}</code>
      </p>
      <p>{message}</p>
      <p>
        <Link href={searchHref({ order: 'newest' })}>The newest events</Link>
      </p>
    </section>
  );
}

function EventSkeleton() {
  return (
    <>
      <Skeleton height={76} label="Loading the event" />
      <Skeleton height={250} label="Loading its journey" />
      <div className="event-columns">
        <Skeleton height={620} label="Loading its features" />
        <Skeleton height={620} label="Loading its latency" />
      </div>
    </>
  );
}

/** The same id from other sources, and other records of the same event. */
function OtherDeliveries({ answer: { found, otherSources, deliveries } }: { readonly answer: EventAnswer }) {
  if (otherSources.length === 0 && deliveries.length === 0) return null;
  const { id } = found.event;
  return (
    <Note kind="info">
      {otherSources.length === 0 ? null : (
        <p>
          {'Other sources have an event of this id: '}
          {otherSources.map((source) => (
            <Link key={source} href={eventHref({ id, source })} className="chip">
              {source}
            </Link>
          ))}
        </p>
      )}
      {deliveries.map(({ fate, position }) => (
        <p key={placeOf(position)}>
          {'Also delivered at '}
          <code>{placeOf(position)}</code>: <FateMark fate={fate} />. {FATES[fate].sentence}
        </p>
      ))}
    </Note>
  );
}
