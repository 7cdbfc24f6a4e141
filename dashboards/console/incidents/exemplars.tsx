import { Link } from 'wouter';
import type { Exemplar } from '#core';
import { Card } from '../parts/card.tsx';
import { FateMark } from '../parts/fate-mark.tsx';
import { Empty } from '../parts/notes.tsx';
import { formatMs } from '../words/durations.ts';
import { eventHref, traceHref } from '../words/links.ts';

/** Journeys that show what is wrong, chosen when the alert fired. */
export function Exemplars({ exemplars }: { readonly exemplars: readonly Exemplar[] }) {
  return (
    <Card title="Exemplar journeys" aside={exemplars.length === 0 ? undefined : 'kept from when it fired'}>
      {exemplars.length === 0 ? <Empty>No single event shows it.</Empty> : null}
      <ul className="exemplars">
        {exemplars.map((exemplar) => (
          <ExemplarItem key={`${exemplar.event.source} ${exemplar.event.id}`} exemplar={exemplar} />
        ))}
      </ul>
    </Card>
  );
}

function ExemplarItem({ exemplar: { event, fate, note, endToEndMs, traceId } }: { readonly exemplar: Exemplar }) {
  return (
    <li>
      <p className="exemplar-event">
        <Link href={eventHref(event)}>{event.id}</Link>
        {endToEndMs === null ? null : <strong>{formatMs(endToEndMs)}</strong>}
      </p>
      <p>{note}</p>
      <p className="fine exemplar-about">
        <FateMark fate={fate} />
        {traceId === null ? null : <Link href={traceHref(traceId)}>trace</Link>}
      </p>
    </li>
  );
}
