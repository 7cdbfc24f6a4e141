import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Span } from '#core';
import { traceQuery } from '../api/queries.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ProblemNote, Skeleton } from '../parts/notes.tsx';
import { Waterfall } from '../parts/waterfall.tsx';
import { useTitle } from '../shell/title.ts';
import { eventHref, searchHref } from '../words/links.ts';

/** Attributes that name the event of a span (core/names.ts holds them all; here only types come from there). */
const EVENT_ID = 'evai.event.id';
const EVENT_SOURCE = 'evai.event.source';

/** A trace by its id: its waterfall, and the events it is about. */
export function TracePage({ traceId }: { readonly traceId: string }) {
  useTitle(`Trace ${traceId.slice(0, 8)}`);
  const { data, error, refetch } = useQuery(traceQuery(traceId));
  return (
    <article className="event">
      <header className="event-head">
        <p className="kicker">trace</p>
        <div className="event-title">
          <h1 className="trace-id">{traceId}</h1>
          <CopyButton text={traceId} what="trace id" />
        </div>
        {data === undefined ? null : <EventsOf spans={data.spans} traceId={traceId} />}
      </header>
      {error === null ? null : <ProblemNote error={error} refetch={refetch} />}
      {data === undefined && error === null ? <Skeleton height={360} label="Loading the trace" /> : null}
      {data === undefined ? null : (
        <Card title="Waterfall" className="trace-card">
          <Waterfall spans={data.spans} />
        </Card>
      )}
    </article>
  );
}

function eventsOf(spans: readonly Span[]): readonly { readonly id: string; readonly source: string }[] {
  const events = new Map<string, { id: string; source: string }>();
  for (const { attributes } of spans) {
    const id = attributes[EVENT_ID];
    const source = attributes[EVENT_SOURCE] ?? '';
    if (id !== undefined) events.set(`${source} ${id}`, { id, source });
  }
  return [...events.values()];
}

function EventsOf({ spans, traceId }: { readonly spans: readonly Span[]; readonly traceId: string }) {
  const events = eventsOf(spans);
  return (
    <p className="event-sentence">
      {events.length === 0 ? (
        <>
          No span names its event. <Link href={searchHref({ traceId })}>Search events by this trace</Link>
        </>
      ) : (
        <>
          {'of event '}
          {events.map((event) => (
            <Link key={`${event.source} ${event.id}`} href={eventHref(event)} className="chip">
              {event.id}
            </Link>
          ))}
        </>
      )}
    </p>
  );
}
