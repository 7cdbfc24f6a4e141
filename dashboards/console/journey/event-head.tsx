import type { Journey, Receipt } from '#core';
import { CopyButton } from '../parts/copy-button.tsx';
import { FateMark } from '../parts/fate-mark.tsx';
import { FATES } from '../words/fates.ts';

/** The event's name, and what became of it. */
export function EventHead({ found }: { readonly found: Journey | Receipt }) {
  const { event, fate, replay, pipeline } = found;
  return (
    <header className="event-head">
      <p className="kicker">
        {event.type} · {event.source} · {pipeline.name}
      </p>
      <div className="event-title">
        <h1>{event.id}</h1>
        <CopyButton text={event.id} what="event id" />
        <FateMark fate={fate} />
        <span className="tag">{replay ? 'replayed history' : 'live event'}</span>
      </div>
      {fate === 'scored' ? null : <p className="event-sentence">{FATES[fate].sentence}</p>}
    </header>
  );
}
