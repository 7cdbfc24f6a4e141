import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Timeline } from '#core';
import { Empty } from '../parts/notes.tsx';
import { dayChart, qualityChart } from './chart-options.ts';
import type { Metric } from './quality.ts';

interface TimelineChartProps {
  readonly timeline: Timeline;
  readonly metric: Metric;
  readonly onDay: (index: number | undefined) => void;
  /** Stands between the two charts. */
  readonly children: ReactNode;
}

/** Colours as the page resolves them now: a canvas knows no custom properties. */
function readColours(host: HTMLElement): (name: string) => string {
  const probe = document.createElement('i');
  host.append(probe);
  return (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}

/** Counts changes of the colour scheme. */
function useRedraws(redraw: () => void): void {
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', redraw);
    addEventListener('throughline:theme', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      removeEventListener('throughline:theme', redraw);
    };
  }, [redraw]);
}

/** Events by day above quality by month, on one axis of event time; rules of changes go through both. */
export function TimelineChart({ timeline, metric, onDay, children }: TimelineChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLDivElement>(null);
  const draw = useRef<() => void>(() => undefined);
  useEffect(() => {
    const element = host.current;
    const below = lower.current;
    if (element === null || below === null) return undefined;
    let charts: uPlot[] = [];
    const clear = (): void => {
      for (const chart of charts) chart.destroy();
      element.replaceChildren();
      below.replaceChildren();
    };
    draw.current = () => {
      clear();
      const look = { width: element.clientWidth, colour: readColours(element), timeline, onDay };
      const day = dayChart(look);
      const quality = qualityChart(look, metric);
      charts = [new uPlot(day.options, day.data, element)];
      if (timeline.months.length > 0) charts.push(new uPlot(quality.options, quality.data, below));
    };
    const resized = new ResizeObserver(() => {
      for (const chart of charts) chart.setSize({ width: element.clientWidth, height: chart.height });
    });
    draw.current();
    resized.observe(element);
    return () => {
      resized.disconnect();
      clear();
    };
  }, [timeline, metric, onDay]);
  const redraw = useRef(() => draw.current());
  useRedraws(redraw.current);
  return (
    <>
      <div
        ref={host}
        className="day-chart"
        role="img"
        aria-label="Events by day over event time, with a rule for each day on which what decides changed hands"
      />
      {children}
      {timeline.months.length === 0 ? (
        <Empty>No month has a score whose outcome is known: the first model decides later.</Empty>
      ) : null}
      <div
        ref={lower}
        className="quality-chart"
        hidden={timeline.months.length === 0}
        role="img"
        aria-label="Quality by month over event time; the table below holds the figures"
      />
    </>
  );
}
