import { useState } from 'react';
import type { LineMonth } from '#core';
import { Card } from '../parts/card.tsx';
import { extentOf } from '../parts/chart-scale.ts';
import { LineChart } from '../parts/line-chart.tsx';
import { Empty } from '../parts/notes.tsx';
import { formatDifference } from '../words/governance.ts';
import { formatFigure } from '../words/numbers.ts';
import { formatMonth } from '../words/times.ts';
import { compared, MEASURES, type Measure } from './measures.ts';
import { MonthsTable } from './months-table.tsx';

const HEIGHT = 190;

interface QualityByMonthProps {
  readonly months: readonly LineMonth[];
  readonly total: LineMonth | null;
}

/** What governance is worth: the line of models against its frozen first model, on the same events, month by month. */
export function QualityByMonth({ months, total }: QualityByMonthProps) {
  const [month, setMonth] = useState<number | undefined>(undefined);
  if (months.length === 0) {
    return (
      <Card title="Quality by month">
        <Empty>No month has a scored event yet.</Empty>
      </Card>
    );
  }
  return (
    <Card
      title="Quality by month"
      aside="governed line against the frozen first model, on the same events"
      className="quality-months"
    >
      <div className="measure-charts">
        {MEASURES.map((measure) => (
          <MeasureChart key={measure.key} measure={measure} months={months} total={total} month={month} onMonth={setMonth} />
        ))}
      </div>
      <ul className="legend" aria-label="Signs of the charts">
        <li>
          <svg className="series series-governed" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">
            <path d="M0 5H28" />
            <circle className="series-mark" cx="14" cy="5" r="3.5" />
          </svg>
          governed line: whichever version decided
        </li>
        <li>
          <svg className="series series-frozen" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">
            <path d="M0 5H28" />
            <rect className="series-mark" x="11" y="2" width="6" height="6" />
          </svg>
          frozen first model: what v1 would have said
        </li>
        <li className="soft">hollow: outcomes of the month are still open</li>
      </ul>
      <MonthsTable months={months} total={total} />
    </Card>
  );
}

interface MeasureChartProps extends QualityByMonthProps {
  readonly measure: Measure;
  /** Under the pointer, in any of the charts. */
  readonly month: number | undefined;
  readonly onMonth: (index: number | undefined) => void;
}

function MeasureChart({ measure, months, total, month, onMonth }: MeasureChartProps) {
  const { key, name, note } = measure;
  const pointed = month === undefined ? undefined : months[month];
  const told = pointed ?? total ?? undefined;
  const xs = months.map((_month, index) => index);
  const pointsOf = (line: 'governed' | 'frozen') => months.map((each, index) => ({ x: index, y: each[line][key] }));
  const isOpen = (index: number): boolean => months[index]?.complete === false;
  const every = Math.ceil(months.length / 6);
  return (
    <figure className="measure-chart">
      <figcaption>
        <h3>{name}</h3>
        <span className="fine">{note}</span>
        <Told name={pointed === undefined ? 'all months' : formatMonth(pointed.month)} month={told} measure={measure} />
      </figcaption>
      <LineChart
        label={`${name} by month: the governed line and the frozen first model; the table below holds the figures`}
        height={HEIGHT}
        x={[-0.4, Math.max(months.length - 0.6, 0.4)]}
        y={extentOf(months.flatMap(({ governed, frozen }) => [governed[key], frozen[key]]))}
        format={(value) => value.toFixed(2)}
        xs={xs}
        point={month}
        onPoint={onMonth}
        ticks={xs.filter((index) => index % every === 0).map((index) => ({ at: index, label: monthName(months[index]) }))}
        series={[
          { name: 'frozen', className: 'series-frozen', mark: 'square', points: pointsOf('frozen'), isOpen },
          { name: 'governed', className: 'series-governed', mark: 'dot', points: pointsOf('governed'), isOpen },
        ]}
      />
    </figure>
  );
}

function monthName(month: LineMonth | undefined): string {
  return month === undefined ? '' : formatMonth(month.month).slice(0, 3);
}

interface ToldProps {
  readonly name: string;
  readonly month: LineMonth | undefined;
  readonly measure: Measure;
}

function Told({ name, month, measure }: ToldProps) {
  if (month === undefined) return null;
  const { governed, frozen, difference, verdict } = compared(month, measure);
  return (
    <p className="measure-told">
      <strong>{formatFigure(governed)}</strong> <span className="soft">against {formatFigure(frozen)}</span>{' '}
      <span className={`verdict-${verdict}`}>{formatDifference(difference)}</span>
      <span className="fine">{name}</span>
    </p>
  );
}
