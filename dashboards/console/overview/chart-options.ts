import uPlot from 'uplot';
import type { Timeline } from '#core';
import { formatCompact } from '../words/numbers.ts';
import { ruleDays } from './change-marks.ts';
import { type Metric, midMonth, noonOf } from './quality.ts';

/** What a chart is drawn with. */
export interface ChartLook {
  readonly width: number;
  /** Resolves a custom property to a colour. */
  readonly colour: (name: string) => string;
  readonly timeline: Timeline;
  readonly onDay: (index: number | undefined) => void;
}

export interface Chart {
  readonly options: uPlot.Options;
  readonly data: uPlot.AlignedData;
}

const DAY_HEIGHT = 220;
const QUALITY_HEIGHT = 170;
/** Left and right of the plot, px: the lanes of changes above it keep the same (styles/timeline.css). */
const AXIS_WIDTH = 52;
const CHART_RIGHT = 8;
const HALF_DAY_SECONDS = 43_200;
const FONT = '12px "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const SYNC = 'event-clock';
const DATE_FORMAT = [
  [86_400 * 360, '{YYYY}', null, null, null, null, null, null, 1],
  [86_400 * 28, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [86_400, '{MMM} {D}', '\n{YYYY}', null, null, null, null, null, 1],
];

/** Events of each day as bars; those in quarantine, which are few, as bars of their own colour from the ground up. */
export function dayChart(look: ChartLook): Chart {
  const { days } = look.timeline;
  const bars = uPlot.paths.bars?.({ size: [0.8, 24] });
  const series = (name: string, colour: string): uPlot.Series => ({
    label: name,
    fill: look.colour(colour),
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  return {
    data: [days.map(({ day }) => noonOf(day)), days.map(({ events }) => events), days.map(({ quarantined }) => quarantined)],
    options: {
      ...common(look, DAY_HEIGHT),
      series: [{}, series('events', '--chart-bar'), series('quarantined', '--fate-quarantined')],
      scales: { x: xScale(look), y: { range: (_chart, _low, high) => [0, Math.max(high * 1.12, 1)] } },
      axes: [xAxis(look), yAxis(look, (value) => formatCompact(value))],
      hooks: {
        draw: [(chart) => drawRules(chart, look)],
        setCursor: [({ cursor: { idx } }) => look.onDay(idx ?? undefined)],
      },
    },
  };
}

/** One measure by month, a point at its middle; hollow while outcomes of the month are open. */
export function qualityChart(look: ChartLook, metric: Metric): Chart {
  const { months } = look.timeline;
  const line = look.colour('--accent');
  return {
    data: [months.map(midMonth), months.map((month) => month[metric])],
    options: {
      ...common(look, QUALITY_HEIGHT),
      series: [{}, { label: metric, stroke: line, width: 2, points: { show: false } }],
      scales: { x: xScale(look), y: { range: (_chart, low, high) => paddedRange(low, high) } },
      axes: [xAxis(look), yAxis(look, (value) => value.toFixed(2))],
      hooks: {
        draw: [
          (chart) => {
            drawRules(chart, look);
            drawMonths(chart, look, metric);
          },
        ],
      },
    },
  };
}

function paddedRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const pad = Math.max((high - low) * 0.25, 0.01);
  return [low - pad, high + pad];
}

function common(
  { width }: ChartLook,
  height: number,
): Pick<uPlot.Options, 'width' | 'height' | 'legend' | 'tzDate' | 'cursor' | 'padding'> {
  return {
    width,
    height,
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    cursor: { sync: { key: SYNC, scales: ['x', null] }, drag: { x: false, y: false }, y: false, points: { show: false } },
    padding: [8, CHART_RIGHT, 0, 0],
  };
}

function xScale({ timeline: { days } }: ChartLook): uPlot.Scale {
  const first = noonOf(days[0]?.day ?? '') - HALF_DAY_SECONDS;
  const last = noonOf(days.at(-1)?.day ?? '') + HALF_DAY_SECONDS;
  return { time: true, range: [first, last] };
}

function xAxis({ colour }: ChartLook): uPlot.Axis {
  return {
    stroke: colour('--ink-soft'),
    font: FONT,
    grid: { show: false },
    ticks: { stroke: colour('--rule'), width: 1, size: 4 },
    values: DATE_FORMAT,
    space: 48,
  };
}

function yAxis({ colour }: ChartLook, format: (value: number) => string): uPlot.Axis {
  return {
    stroke: colour('--ink-soft'),
    font: FONT,
    size: AXIS_WIDTH,
    grid: { stroke: colour('--rule'), width: 1 },
    ticks: { show: false },
    values: (_chart, ticks) => ticks.map(format),
    space: 34,
  };
}

/** A dashed line for each day on which what decides, or by which contract, changed hands. */
function drawRules(chart: uPlot, { colour, timeline }: ChartLook): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour('--ink-soft');
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const at of ruleDays(timeline)) {
    const x = Math.round(chart.valToPos(at, 'x', true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function drawMonths(chart: uPlot, { colour, timeline }: ChartLook, metric: Metric): void {
  const { ctx } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour('--accent');
  ctx.lineWidth = 2 * ratio;
  for (const month of timeline.months) {
    const value = month[metric];
    if (value === null) continue;
    ctx.fillStyle = colour(month.complete ? '--accent' : '--surface');
    ctx.beginPath();
    ctx.arc(chart.valToPos(midMonth(month), 'x', true), chart.valToPos(value, 'y', true), 4 * ratio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
