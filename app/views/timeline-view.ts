import type { Static } from 'typebox';
import type { DayCount, StoredChange } from '#collector';
import type { MonthQuality, Timeline } from '#core';
import type { MonthlyQuality } from '#drift';
import { figureOf } from './quality-figures.ts';
import { timeOf } from './record-view.ts';

type Month = Static<typeof MonthQuality>;
type Row = MonthlyQuality['total'];
type Day = Timeline['days'][number];

/** The history on the event clock. */
export function timelineOf({
  days,
  changes,
  quality,
}: {
  readonly days: readonly DayCount[];
  readonly changes: readonly StoredChange[];
  readonly quality: MonthlyQuality;
}): Timeline {
  const { months, total } = quality;
  const last = months.at(-1);
  return {
    days: daysOf(days),
    months: months.map((row) => monthOf(row, row.month)),
    total: last === undefined ? null : monthOf(total, last.month),
    changes: changes.map(({ atMs, recordedMs, ...change }) => ({ at: timeOf(atMs), recordedAt: timeOf(recordedMs), ...change })),
  };
}

/** Counts come ordered by day. */
function daysOf(counts: readonly DayCount[]): Day[] {
  const days: Day[] = [];
  for (const { day, fate, events } of counts) {
    let row = days.at(-1);
    if (row?.day !== day) {
      row = { day, events: 0, scored: 0, collecting: 0, quarantined: 0 };
      days.push(row);
    }
    row.events += events;
    if (fate === 'scored' || fate === 'collecting' || fate === 'quarantined') row[fate] += events;
  }
  return days;
}

function monthOf(row: Row, month: string): Month {
  const { frozen } = row;
  return {
    month,
    scored: row.scored,
    matured: row.matured,
    complete: row.complete,
    baseRate: figureOf(row.baseRate),
    auc: figureOf(row.auc),
    logLoss: figureOf(row.logLoss),
    accuracy: figureOf(row.accuracy),
    calibrationError: figureOf(row.calibrationError),
    frozen:
      frozen.matured === 0
        ? null
        : {
            matured: frozen.matured,
            auc: figureOf(frozen.auc),
            logLoss: figureOf(frozen.logLoss),
            accuracy: figureOf(frozen.accuracy),
          },
    versions: row.models.map(({ version }) => version),
  };
}
