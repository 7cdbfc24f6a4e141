import type { LineMonth } from '#core';
import type { MonthlyQuality, QualityRow } from '#drift';
import type { LineEvent } from './model-line.ts';
import { figureOf, figuresOf } from './quality-figures.ts';

type Counts = Pick<LineMonth, LineEvent['what']>;

export interface LineMonths {
  readonly months: LineMonth[];
  /** Null before the first event that was scored, or trained for. */
  readonly total: LineMonth | null;
}

/** The quality by month with what happened in it; a month without scored events is there where something happened. Pure. */
export function lineMonthsOf(quality: MonthlyQuality, events: readonly LineEvent[]): LineMonths {
  const rows = new Map(quality.months.map((row) => [row.month, row]));
  const names = [...new Set([...rows.keys(), ...events.map(monthName)])].sort();
  const inMonth = (month: string) => events.filter((event) => monthName(event) === month);
  const months = names.map((month) => monthOf(month, rows.get(month), countsOf(inMonth(month))));
  return { months, total: months.length === 0 ? null : monthOf('all', quality.total, countsOf(events)) };
}

const monthName = ({ atMs }: LineEvent): string => new Date(atMs).toISOString().slice(0, 7);

function countsOf(events: readonly LineEvent[]): Counts {
  const of = (what: LineEvent['what']): number => events.filter((event) => event.what === what).length;
  return { trainings: of('trainings'), promotions: of('promotions'), refusals: of('refusals') };
}

const NO_FIGURES = { auc: null, logLoss: null, accuracy: null, calibrationError: null } as const;
const NO_SCORES = {
  scored: 0,
  matured: 0,
  complete: true,
  baseRate: null,
  governed: NO_FIGURES,
  frozen: NO_FIGURES,
  frozenMatured: 0,
} as const;

function monthOf(month: string, row: QualityRow | undefined, counts: Counts): LineMonth {
  if (row === undefined) return { month, ...NO_SCORES, versions: [], ...counts };
  const { scored, matured, complete, baseRate, frozen, models } = row;
  return {
    month,
    scored,
    matured,
    complete,
    baseRate: figureOf(baseRate),
    governed: figuresOf(row),
    frozen: figuresOf(frozen),
    frozenMatured: frozen.matured,
    versions: models.map(({ version }) => version),
    ...counts,
  };
}
