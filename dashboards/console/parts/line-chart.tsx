import { useState } from 'react';
import { type Point, pathOf, px, type Scale, ticksOf } from './chart-scale.ts';
import { useWidth } from './use-width.ts';

export interface Series {
  readonly name: string;
  /** Styles it: series-governed, series-frozen … */
  readonly className: string;
  readonly points: readonly Point[];
  readonly mark: 'dot' | 'square' | 'triangle' | 'none';
  /** Holds each value until the next. */
  readonly isStepped?: boolean;
  /** Points (by their index) that are drawn hollow: not final yet. */
  readonly isOpen?: (index: number) => boolean;
}

export interface LineChartProps {
  readonly label: string;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly format: (value: number) => string;
  readonly series: readonly Series[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Vertical rules, such as where another version takes over. */
  readonly rules?: readonly { readonly at: number; readonly label: string }[];
  /** The x of the points, where a reader may point; the nearest is said to onPoint. */
  readonly xs: readonly number[];
  readonly onPoint?: (index: number | undefined) => void;
  readonly point?: number | undefined;
}

const LEFT = 44;
const RIGHT = 10;
const TOP = 16;
const BOTTOM = 22;
const TICK_EVERY_PX = 28;
const MARK_PX = 3.5;
/** Labels want this much room each. */
const LABEL_PX = 34;
const RULE_LABEL_PX = 18;

/** Lines over one axis, drawn in the page's own colours. What it says in figures stands beside it: it is one picture for a screen reader. */
export function LineChart(props: LineChartProps) {
  const [host, width] = useWidth<HTMLDivElement>();
  const { height, label, xs, onPoint } = props;
  const [own, setOwn] = useState<number | undefined>(undefined);
  const point = props.point ?? own;
  const x: Scale = { from: props.x[0], to: props.x[1], startPx: LEFT, endPx: Math.max(width - RIGHT, LEFT + 1) };
  const y: Scale = { from: props.y[0], to: props.y[1], startPx: height - BOTTOM, endPx: TOP };
  const pointAt = (index: number | undefined): void => {
    setOwn(index);
    onPoint?.(index);
  };
  const follow = (event: PointerEvent): void => {
    const at = event.clientX - (host.current?.getBoundingClientRect().left ?? 0);
    pointAt(nearest(xs, x, at));
  };
  return (
    <div className="line-chart" ref={host} style={{ height: `${height}px` }}>
      {width === 0 ? null : (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={label}
          onPointerMove={follow}
          onPointerDown={follow}
          onPointerLeave={() => pointAt(undefined)}
        >
          <Axes chart={props} x={x} y={y} width={width} />
          {props.series.map((series) => (
            <Line key={series.name} series={series} x={x} y={y} />
          ))}
          {point === undefined || xs[point] === undefined ? null : (
            <line className="chart-cursor" x1={px(x, xs[point])} x2={px(x, xs[point])} y1={TOP} y2={height - BOTTOM} />
          )}
        </svg>
      )}
    </div>
  );
}

function nearest(xs: readonly number[], x: Scale, at: number): number | undefined {
  let best: number | undefined;
  for (const [index, value] of xs.entries()) {
    const isNearer = best === undefined || Math.abs(px(x, value) - at) < Math.abs(px(x, xs[best] ?? 0) - at);
    if (isNearer) best = index;
  }
  return best;
}

interface Labelled {
  readonly at: number;
  readonly label: string;
}

/** Those that have room: each so far behind the one before. */
function spaced(labels: readonly Labelled[], x: Scale, leastPx: number): readonly Labelled[] {
  let before = Number.NEGATIVE_INFINITY;
  return labels.filter(({ at }) => {
    const isApart = px(x, at) - before >= leastPx;
    if (isApart) before = px(x, at);
    return isApart;
  });
}

interface AxesProps {
  readonly chart: LineChartProps;
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
}

function Axes({ chart, x, y, width }: AxesProps) {
  const { height, format, ticks, rules = [] } = chart;
  const bottom = height - BOTTOM;
  const levels = ticksOf(chart.y, Math.max(2, Math.floor((bottom - TOP) / TICK_EVERY_PX)));
  return (
    <g className="chart-axes">
      {levels.map((level) => (
        <g key={level}>
          <line className="chart-level" x1={LEFT} x2={width - RIGHT} y1={px(y, level)} y2={px(y, level)} />
          <text x={LEFT - 8} y={px(y, level)} dy="0.32em" textAnchor="end">
            {format(level)}
          </text>
        </g>
      ))}
      {spaced(ticks, x, LABEL_PX).map(({ at, label }) => (
        <text key={at} x={px(x, at)} y={height - 6} textAnchor="middle">
          {label}
        </text>
      ))}
      {rules.map(({ at, label }) => (
        <g key={`${at} ${label}`} className="chart-rule">
          <line x1={px(x, at)} x2={px(x, at)} y1={TOP - 2} y2={bottom} />
        </g>
      ))}
      {spaced(rules, x, RULE_LABEL_PX).map(({ at, label }) => (
        <text key={`${at} ${label}`} x={px(x, at)} y={TOP - 5} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}

function Line({ series, x, y }: { readonly series: Series; readonly x: Scale; readonly y: Scale }) {
  const points = series.points.map((point) => ({ x: px(x, point.x), y: point.y === null ? null : px(y, point.y) }));
  return (
    <g className={`series ${series.className}`}>
      <path d={pathOf(points, series.isStepped)} />
      {series.mark === 'none'
        ? null
        : points.map(({ x: cx, y: cy }, index) =>
            cy === null ? null : <Mark key={cx} cx={cx} cy={cy} mark={series.mark} isOpen={series.isOpen?.(index) === true} />,
          )}
    </g>
  );
}

interface MarkProps {
  readonly cx: number;
  readonly cy: number;
  readonly mark: Series['mark'];
  readonly isOpen: boolean;
}

function Mark({ cx, cy, mark, isOpen }: MarkProps) {
  const className = isOpen ? 'series-mark is-open' : 'series-mark';
  if (mark === 'triangle')
    return <path className={className} d={`M${cx} ${cy - MARK_PX - 1}l${MARK_PX + 1} ${2 * MARK_PX}h${-2 * MARK_PX - 2}z`} />;
  if (mark === 'dot') return <circle className={className} cx={cx} cy={cy} r={MARK_PX} />;
  return (
    <rect className={className} x={cx - MARK_PX + 0.5} y={cy - MARK_PX + 0.5} width={2 * MARK_PX - 1} height={2 * MARK_PX - 1} />
  );
}
