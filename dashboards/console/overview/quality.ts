import type { Timeline } from '#core';

type MonthQuality = Timeline['months'][number];

export const METRICS = {
  auc: { name: 'AUC', better: 'higher is better; 0.5 is chance' },
  logLoss: { name: 'log loss', better: 'lower is better' },
  accuracy: { name: 'accuracy', better: 'higher is better' },
  calibrationError: { name: 'calibration error', better: 'lower is better' },
} as const;
export type Metric = keyof typeof METRICS;
export const METRIC_NAMES: readonly Metric[] = ['auc', 'logLoss', 'accuracy', 'calibrationError'];

export function isMetric(text: string | undefined): text is Metric {
  return text !== undefined && text in METRICS;
}

const DAY_SECONDS = 86_400;
const DAYS_TO_MID_MONTH = 14;

/** Where a month's figure stands on the day axis: its middle, epoch seconds. */
export function midMonth({ month }: MonthQuality): number {
  return Date.parse(`${month}-01T12:00:00Z`) / 1_000 + DAYS_TO_MID_MONTH * DAY_SECONDS;
}

/** Noon of a day, epoch seconds. */
export function noonOf(day: string): number {
  return Date.parse(`${day}T12:00:00Z`) / 1_000;
}

export type NumberedChange = Timeline['changes'][number] & {
  /** Of its marker; undefined where it falls on no day of the axis. */
  readonly number: number | undefined;
};

/** Changes, those on the axis numbered by their place on it. */
export function numberedChanges({ days, changes }: Timeline): readonly NumberedChange[] {
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  let count = 0;
  return changes.map((change) => {
    const day = change.at.slice(0, 10);
    const isOnAxis = day >= first && day <= last;
    if (isOnAxis) count += 1;
    return { ...change, number: isOnAxis ? count : undefined };
  });
}

/** Changes that fall on the axis, those of one day as one marker; numbered as in the list. */
export function markersOf(timeline: Timeline): readonly { readonly at: number; readonly label: string }[] {
  const byDay = new Map<string, number[]>();
  for (const { at, number } of numberedChanges(timeline)) {
    const day = at.slice(0, 10);
    if (number !== undefined) byDay.set(day, [...(byDay.get(day) ?? []), number]);
  }
  return [...byDay].map(([day, numbers]) => ({ at: noonOf(day), label: rangeLabel(numbers) }));
}

function rangeLabel(numbers: readonly number[]): string {
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? 0;
  return first === last ? String(first) : `${first}–${last}`;
}
