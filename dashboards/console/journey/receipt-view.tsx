import { Link } from 'wouter';
import type { Receipt } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { Waterfall } from '../parts/waterfall.tsx';
import { eventHref, searchHref } from '../words/links.ts';
import { formatFigure, plural } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';
import { Line } from './line.tsx';
import { RawEnvelope } from './raw-envelope.tsx';
import { receiptStations } from './receipt-stations.tsx';
import { WhereItStands } from './where-it-stands.tsx';

export function ReceiptView({ receipt }: { readonly receipt: Receipt }) {
  return (
    <>
      <Line stations={receiptStations(receipt)} />
      {receipt.reason === null && receipt.detail === null ? null : <Why receipt={receipt} />}
      <div className="event-columns">
        {receipt.fate === 'used_by_features' ? <UsedBy receipt={receipt} /> : <RawEnvelope raw={receipt.raw} />}
        <div className="event-side">
          <WhereItStands found={receipt} />
          <Card title="Trace" className="trace-card">
            <Waterfall spans={receipt.spans} />
          </Card>
        </div>
      </div>
      {receipt.fate === 'used_by_features' ? <RawEnvelope raw={receipt.raw} /> : null}
    </>
  );
}

function Why({ receipt: { reason, detail, fate } }: { readonly receipt: Receipt }) {
  return (
    <Card title="Why" className="why">
      {detail === null ? null : <p className="why-sentence">{detail}</p>}
      {reason === null ? null : (
        <p className="fine">
          {'reason '}
          <code>{reason}</code> · <Link href={searchHref({ fate, reason })}>all events with this reason</Link>
        </p>
      )}
    </Card>
  );
}

function UsedBy({ receipt: { usedBy, usedByMore, views } }: { readonly receipt: Receipt }) {
  return (
    <Card title="Predictions that used it" aside={`through ${views.map(spoken).join(', ')}`} className="used-by">
      {usedBy.length === 0 ? <Empty>No prediction has read these features since.</Empty> : null}
      <ol className="used-by-list">
        {usedBy.map(({ event, score, decision, label }) => (
          <li key={`${event.source} ${event.id}`}>
            <Link href={eventHref(event)}>
              <span className="used-by-id">{event.id}</span>
              <time dateTime={event.time}>{formatTime(event.time)}</time>
              <span>{score === null ? 'collecting' : `score ${formatFigure(score)}`}</span>
              <span>{decision === null ? '' : spoken(decision)}</span>
              <span>{labelWord(label)}</span>
            </Link>
          </li>
        ))}
      </ol>
      {usedByMore ? (
        <p className="fine">{`These are the first; more than ${plural(usedBy.length, 'prediction')} used it.`}</p>
      ) : null}
    </Card>
  );
}

function labelWord(label: 0 | 1 | null): string {
  if (label === null) return 'outcome open';
  return label === 1 ? '+ positive' : '− negative';
}
