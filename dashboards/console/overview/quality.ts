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
