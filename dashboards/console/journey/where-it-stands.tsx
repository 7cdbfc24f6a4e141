import { Link } from 'wouter';
import type { Journey, Receipt } from '#core';
import { Card } from '../parts/card.tsx';
import { CopyableId, CopyButton } from '../parts/copy-button.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { traceHref } from '../words/links.ts';
import { placeOf } from '../words/places.ts';
import { formatTime } from '../words/times.ts';

/** Ids and places: what one pastes into a chat, a query or a ticket. A trace leads somewhere only where it was kept. */
export function WhereItStands({ found }: { readonly found: Journey | Receipt }) {
  const { position, traceId, appendedAt, pipeline, event } = found;
  return (
    <Card title="Where it stands" className="where">
      <dl className="facts">
        <div>
          <dt>trace</dt>
          <dd className="copyable">
            {found.spans.length === 0 ? (
              <code>{traceId}</code>
            ) : (
              <Link href={traceHref(traceId)}>
                <code>{traceId}</code>
              </Link>
            )}
            <CopyButton text={traceId} what="trace id" />
          </dd>
        </div>
        <div>
          <dt>position</dt>
          <dd>
            <CopyableId text={placeOf(position)} what="position" />
          </dd>
        </div>
        <div>
          <dt>appended</dt>
          <dd>{appendedAt === null ? 'removed from the log by retention' : formatTime(appendedAt)}</dd>
        </div>
        <div>
          <dt>source</dt>
          <dd>
            <CopyableId text={event.source} what="source" />
          </dd>
        </div>
        <div>
          <dt>pipeline</dt>
          <dd>
            {`${pipeline.name}, owner `}
            <OwnerLink name={pipeline.owner} />
          </dd>
        </div>
        {found.kind === 'journey' && found.prediction !== null ? <Prediction prediction={found.prediction} /> : null}
      </dl>
    </Card>
  );
}

function Prediction({ prediction: { id, topic } }: { readonly prediction: NonNullable<Journey['prediction']> }) {
  return (
    <>
      <div>
        <dt>prediction</dt>
        <dd>
          <CopyableId text={id} what="prediction id" />
        </dd>
      </div>
      <div>
        <dt>published to</dt>
        <dd>
          <code>{topic}</code>
        </dd>
      </div>
    </>
  );
}
