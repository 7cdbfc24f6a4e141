import { Link } from 'wouter';
import type { PipelineSummary } from '#core';
import { Card } from '../parts/card.tsx';
import { FateMark } from '../parts/fate-mark.tsx';
import { Empty } from '../parts/notes.tsx';
import { searchHref } from '../words/links.ts';
import { formatCount, formatShare, plural } from '../words/numbers.ts';

type Fates = PipelineSummary['fates'];

interface FatesProps {
  readonly fates: Fates;
  /** undefined where they are not known. */
  readonly reasons: PipelineSummary['reasons'] | undefined;
  /** From the same moment as the fates; undefined where they are not compared. */
  readonly eventsRead: number | undefined;
}

/** What became of every event that was read: exactly one fate each, so they add up. */
export function Fates({ fates, reasons, eventsRead }: FatesProps) {
  const sum = fates.reduce((total, { events }) => total + events, 0);
  return (
    <Card title="What became of each event" className="fates">
      {sum === 0 ? <Empty>No event has been read yet.</Empty> : <FateBar fates={fates} sum={sum} />}
      <table className="fate-table">
        <tbody>
          {fates.map(({ fate, meaning, events }) => (
            <tr key={fate} className={events === 0 ? 'is-none' : ''}>
              <th scope="row">
                <div className="fate-words">
                  <Link href={searchHref({ fate })}>
                    <FateMark fate={fate} />
                  </Link>
                  <small>{meaning}</small>
                </div>
              </th>
              <td>{formatCount(events)}</td>
              <td className="soft">{formatShare(events, sum)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{addsUp(sum, eventsRead)}</th>
            <td>{formatCount(sum)}</td>
            <td className="soft">{formatShare(sum, sum)}</td>
          </tr>
        </tfoot>
      </table>
      {reasons === undefined ? null : <Reasons reasons={reasons} />}
    </Card>
  );
}

function addsUp(sum: number, eventsRead: number | undefined): string {
  if (eventsRead === undefined) return 'all events';
  if (sum === eventsRead) return '= all events that were read';
  const difference = eventsRead - sum;
  return difference > 0
    ? `of ${formatCount(eventsRead)} read; ${plural(difference, 'event')} under way`
    : `${formatCount(eventsRead)} read`;
}

function FateBar({ fates, sum }: { readonly fates: Fates; readonly sum: number }) {
  return (
    <div className="fate-bar" aria-hidden="true">
      {fates
        .filter(({ events }) => events > 0)
        .map(({ fate, events }) => (
          <div key={fate} className={`fate-bar-part fate-${fate}`} style={{ flexGrow: events / sum }} />
        ))}
    </div>
  );
}

function Reasons({ reasons }: { readonly reasons: PipelineSummary['reasons'] }) {
  const most = Math.max(...reasons.map(({ events }) => events), 1);
  return (
    <>
      <h3>Why events are in quarantine</h3>
      {reasons.length === 0 ? <Empty>No event is in quarantine.</Empty> : null}
      <ul className="reasons">
        {reasons.map(({ reason, events }) => (
          <li key={reason}>
            <Link href={searchHref({ fate: 'quarantined', reason })}>{reason}</Link>
            <span className="reason-bar" aria-hidden="true">
              <span style={{ width: `${(100 * events) / most}%` }} />
            </span>
            <span className="reason-count">{formatCount(events)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
