import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Timeline as TimelineAnswer } from '#core';
import { timelineQuery } from '../api/queries.ts';
import { Card } from '../parts/card.tsx';
import { Empty, ProblemNote, Skeleton } from '../parts/notes.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { formatCount, formatFigure } from '../words/numbers.ts';
import { formatLongDay, formatMonth } from '../words/times.ts';
import { ChangeLanes } from './change-lanes.tsx';
import { Changes } from './changes.tsx';
import { isMetric, METRIC_NAMES, METRICS, type Metric } from './quality.ts';
import { QualityTable } from './quality-table.tsx';
import { TimelineChart } from './timeline-chart.tsx';

/** The history on the event clock: events by day, quality by month, and every change. */
export function Timeline() {
  const { data, error, refetch } = useQuery(timelineQuery);
  const aside = data === undefined ? undefined : rangeOf(data);
  return (
    <Card title="The event clock" aside={aside} className="timeline">
      {data === undefined && error !== null ? <ProblemNote error={error} refetch={refetch} /> : null}
      {data === undefined && error === null ? <Skeleton height={500} label="Loading the timeline" /> : null}
      {data === undefined ? null : <TimelineBody timeline={data} />}
    </Card>
  );
}

function rangeOf({ days }: TimelineAnswer): string {
  const first = days[0];
  const last = days.at(-1);
  return first === undefined || last === undefined
    ? ''
    : `${formatLongDay(first.day)} to ${formatLongDay(last.day)}, days in UTC`;
}

function TimelineBody({ timeline }: { readonly timeline: TimelineAnswer }) {
  const [chosen, setChosen] = useSearchState('quality');
  const [day, setDay] = useState<number | undefined>(undefined);
  const metric: Metric = isMetric(chosen) ? chosen : 'auc';
  if (timeline.days.length === 0) return <Empty>No day has events yet.</Empty>;
  return (
    <div className="timeline-body">
      <div className="timeline-charts">
        <p className="readout" aria-live="off">
          <DayReadout timeline={timeline} index={day} metric={metric} />
        </p>
        <ChangeLanes timeline={timeline} />
        <TimelineChart timeline={timeline} metric={metric} onDay={setDay}>
          <div className="segments" role="group" aria-label="Measure of quality">
            <span className="segments-name">quality by month</span>
            {METRIC_NAMES.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === metric}
                onClick={() => setChosen(name === 'auc' ? undefined : name)}
              >
                {METRICS[name].name}
              </button>
            ))}
            <span className="fine">{METRICS[metric].better}; hollow: outcomes still open</span>
          </div>
        </TimelineChart>
      </div>
      <Changes timeline={timeline} />
      <QualityTable months={timeline.months} total={timeline.total} />
    </div>
  );
}

interface DayReadoutProps {
  readonly timeline: TimelineAnswer;
  /** Of the day under the pointer. */
  readonly index: number | undefined;
  readonly metric: Metric;
}

function DayReadout({ timeline, index, metric }: DayReadoutProps) {
  const day = index === undefined ? undefined : timeline.days[index];
  if (day === undefined) {
    const events = timeline.days.reduce((sum, { events: count }) => sum + count, 0);
    return (
      <>{`${formatCount(events)} events on ${formatCount(timeline.days.length)} days; point at one for its figures. Orange, from the ground up: quarantined.`}</>
    );
  }
  const month = timeline.months.find((candidate) => day.day.startsWith(candidate.month));
  return (
    <>
      <strong>{formatLongDay(day.day)}</strong>
      {` ${formatCount(day.events)} events, ${formatCount(day.scored)} scored, ${formatCount(day.collecting)} collecting, ${formatCount(day.quarantined)} quarantined`}
      {month === undefined ? '' : ` · ${formatMonth(month.month)}: ${METRICS[metric].name} ${formatFigure(month[metric])}`}
    </>
  );
}
