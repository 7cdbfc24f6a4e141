import type { Timeline } from '#core';
import { Empty } from '../parts/notes.tsx';
import { spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';
import { numberedChanges } from './quality.ts';

/**
 * Everything a person or a machine altered, in the order in which it was done, newest first: a promotion of March follows the
 * contracts that were registered for its replay. Those on the axis carry the number of their marker.
 */
export function Changes({ timeline }: { readonly timeline: Timeline }) {
  const changes = numberedChanges(timeline)
    .toSorted((a, b) => Number(a.recordedAt > b.recordedAt) - Number(a.recordedAt < b.recordedAt))
    .toReversed();
  return (
    <section className="changes" aria-labelledby="changes-title">
      <h3 id="changes-title">Changes</h3>
      {changes.length === 0 ? <Empty>Nothing has been changed yet.</Empty> : null}
      <ol tabIndex={0} aria-label="Changes, newest first">
        {changes.map(({ number, at, recordedAt, kind, subject, summary, actor }) => (
          <li key={`${recordedAt} ${kind} ${subject} ${summary}`}>
            {number === undefined ? <span /> : <span className="change-number">{number}</span>}
            <div>
              <p className="change-what">
                <strong>{spoken(kind)}</strong> {subject}
              </p>
              <p className="change-summary">{summary}</p>
              <p className="fine">
                {at === recordedAt ? 'recorded ' : ''}
                <time dateTime={at}>{formatTime(at)}</time> · by {actor}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
