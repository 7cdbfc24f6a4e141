import { Link } from 'wouter';
import type { Timeline } from '#core';
import { Empty } from '../parts/notes.tsx';
import { spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';
import { changeHref, kindOf } from './change-marks.ts';
import { ChangeSign } from './change-sign.tsx';

type Change = Timeline['changes'][number];

/**
 * Everything a person or a machine altered, in the order in which it was done, newest first: a promotion of March follows the
 * contracts that were registered for its replay. Each carries the sign of its marks on the time line.
 */
export function Changes({ timeline }: { readonly timeline: Timeline }) {
  const changes = timeline.changes
    .toSorted((a, b) => Number(a.recordedAt > b.recordedAt) - Number(a.recordedAt < b.recordedAt))
    .toReversed();
  return (
    <section className="changes" aria-labelledby="changes-title">
      <h3 id="changes-title">Changes</h3>
      {changes.length === 0 ? <Empty>Nothing has been changed yet.</Empty> : null}
      <ol tabIndex={0} aria-label="Changes, newest first">
        {changes.map((change) => (
          <ChangeItem key={`${change.recordedAt} ${change.kind} ${change.subject} ${change.summary}`} change={change} />
        ))}
      </ol>
    </section>
  );
}

function ChangeItem({ change }: { readonly change: Change }) {
  const { at, recordedAt, kind, subject, summary, actor } = change;
  const href = changeHref(change);
  return (
    <li>
      <ChangeSign kind={kindOf(change)} />
      <div>
        <p className="change-what">
          <strong>{spoken(kind)}</strong> {href === undefined ? subject : <Link href={href}>{subject}</Link>}
        </p>
        <p className="change-summary">{summary}</p>
        <p className="fine">
          {at === recordedAt ? 'recorded ' : ''}
          <time dateTime={at}>{formatTime(at)}</time> · by {actor}
        </p>
      </div>
    </li>
  );
}
