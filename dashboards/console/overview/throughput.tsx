import { Link } from 'wouter';
import type { PipelineSummary } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { searchHref } from '../words/links.ts';
import { formatCount, formatRate, plural } from '../words/numbers.ts';
import { formatClock } from '../words/times.ts';

const MINUTE_SECONDS = 60;
/** A line that began a moment ago shows this much, mostly empty, rather than a whole empty hour. */
const LEAST_MINUTES = 15;
/** How far above the burst the bars by minute are drawn. */
const CEILING_OVER_BURST = 1.25;

interface ThroughputProps {
  readonly throughput: PipelineSummary['throughput'];
  readonly eventsPerSecond: number;
  readonly lagEvents: number;
  /** History is read as fast as possible: the declared rate is no measure for it. */
  readonly isBacklog: boolean;
  readonly outcomes: PipelineSummary['outcomes'];
}

/** Events a second now, against what the pipeline declares; the last hour by minute; what waits; how predictions turned out. */
export function Throughput({ throughput, eventsPerSecond, lagEvents, isBacklog, outcomes }: ThroughputProps) {
  const { declaredPerSecond, burstFactor } = throughput;
  const minutes = sinceFirst(throughput.minutes);
  const ceiling = declaredPerSecond * burstFactor * CEILING_OVER_BURST;
  const isCut = minutes.some(({ events }) => events / MINUTE_SECONDS > ceiling);
  const [first] = minutes;
  const last = minutes.at(-1);
  return (
    <Card title="Throughput" className="throughput">
      <p className="figure">
        <strong>{formatRate(eventsPerSecond)}</strong> events/s
      </p>
      <p className="fine">
        {`declared ${formatRate(declaredPerSecond)}/s, bursts to ${formatRate(declaredPerSecond * burstFactor)}/s`} ·{' '}
        {isBacklog ? 'backlog, as fast as it goes' : load({ now: eventsPerSecond, throughput, lagEvents })}
      </p>
      {first === undefined || last === undefined ? (
        <Empty>Nothing was read in the last hour.</Empty>
      ) : (
        <figure className="spark">
          <Sparkline
            values={minutes.map(({ events }) => events / MINUTE_SECONDS)}
            level={declaredPerSecond}
            ceiling={ceiling}
            label={`Events a second by minute, from ${formatClock(first.at)} to ${formatClock(last.at)} UTC; the dashed line is the declared rate`}
          />
          <figcaption>
            <span>{formatClock(first.at)}</span>
            <span>{isCut ? 'dashed: declared; pale: beyond the scale' : 'by minute; dashed: declared'}</span>
            <span>{`${formatClock(last.at)} UTC`}</span>
          </figcaption>
        </figure>
      )}
      <dl className="pairs">
        <div>
          <dt>waiting in the log</dt>
          <dd>{plural(lagEvents, 'event')}</dd>
        </div>
      </dl>
      <h3>Outcomes</h3>
      <dl className="pairs">
        <OutcomePair name="positive" count={outcomes.positive} href={searchHref({ label: '1' })} sign="+" />
        <OutcomePair name="negative" count={outcomes.negative} href={searchHref({ label: '0' })} sign="−" />
        <OutcomePair name="open" count={outcomes.open} sign="○" />
      </dl>
    </Card>
  );
}

/** Without the minutes before anything was read. */
function sinceFirst(minutes: PipelineSummary['throughput']['minutes']): typeof minutes {
  const first = minutes.findIndex(({ events }) => events > 0);
  return minutes.slice(Math.max(0, Math.min(first, minutes.length - LEAST_MINUTES)));
}

interface Load {
  readonly now: number;
  readonly throughput: PipelineSummary['throughput'];
  readonly lagEvents: number;
}

function load({ now, throughput: { declaredPerSecond, burstFactor }, lagEvents }: Load): string {
  if (now > declaredPerSecond * burstFactor)
    return lagEvents > 0 ? 'above the burst: events queue' : 'above the burst, and kept up with';
  return now > declaredPerSecond ? 'bursting' : 'now within';
}

interface OutcomePairProps {
  readonly name: string;
  readonly count: number;
  readonly sign: string;
  readonly href?: string;
}

function OutcomePair({ name, count, sign, href }: OutcomePairProps) {
  return (
    <div>
      <dt>
        <span className="sign" aria-hidden="true">
          {sign}
        </span>
        {href === undefined ? name : <Link href={href}>{name}</Link>}
      </dt>
      <dd>{formatCount(count)}</dd>
    </div>
  );
}
