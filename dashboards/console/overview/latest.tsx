import { Link } from 'wouter';
import type { JourneySummary } from '#core';
import { Card } from '../parts/card.tsx';
import { FateMark } from '../parts/fate-mark.tsx';
import { Empty, Skeleton } from '../parts/notes.tsx';
import { eventHref, searchHref } from '../words/links.ts';
import { formatFigure } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import { formatClock, formatDay } from '../words/times.ts';

interface LatestProps {
  /** undefined before the first tick. */
  readonly latest: readonly JourneySummary[] | undefined;
  readonly happenings: readonly string[];
}

/** The newest decisions and quarantined events as they come, and what the line did lately. */
export function Latest({ latest, happenings }: LatestProps) {
  const all = <Link href={searchHref({ order: 'newest' })}>all events</Link>;
  return (
    <Card title="As it happens" aside={all} className="latest">
      {latest === undefined ? <Skeleton height={340} label="Waiting for the first events" /> : <LatestList latest={latest} />}
      {happenings.length === 0 ? null : (
        <>
          <h3>What the line did</h3>
          <ul className="happenings">
            {happenings.slice(0, 5).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function LatestList({ latest }: { readonly latest: readonly JourneySummary[] }) {
  if (latest.length === 0) return <Empty>No decision and no quarantined event yet.</Empty>;
  return (
    <ol className="latest-list">
      {latest.map((summary) => (
        <li key={`${summary.event.source} ${summary.event.id}`}>
          <Link href={eventHref(summary.event)}>
            <FateMark fate={summary.fate} wordless />
            <span className="latest-id">{summary.event.id}</span>
            <span className="latest-what">{whatOf(summary)}</span>
            <time dateTime={summary.event.time}>
              {formatDay(summary.event.time)} <span className="latest-clock">{formatClock(summary.event.time)}</span>
            </time>
          </Link>
        </li>
      ))}
    </ol>
  );
}

function whatOf({ fate, score, decision, reason, event }: JourneySummary) {
  if (score !== null) {
    return (
      <>
        <span className="mini-scale" aria-hidden="true">
          <span style={{ left: `${100 * score}%` }} />
        </span>
        <span className="latest-score">{formatFigure(score)}</span>
        <span className={decision === 'none' ? 'soft' : 'latest-decision'}>{spoken(decision ?? '')}</span>
      </>
    );
  }
  return <span className="latest-reason">{reason ?? `${event.type}, ${fate}`}</span>;
}
