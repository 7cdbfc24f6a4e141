const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2011-09-14T12:31:00.000Z → 2011-09-14 12:31 UTC; with seconds where the minute is not whole. */
export function formatTime(iso: string): string {
  return `${formatDay(iso)} ${formatClock(iso)} UTC`;
}

/** 2011-09-14. */
export function formatDay(iso: string): string {
  return iso.slice(0, 10);
}

/** 12:31, or 12:31:07. Without a mark for UTC: for places that have it elsewhere. */
export function formatClock(iso: string): string {
  const clock = iso.slice(11, 19);
  return clock.endsWith(':00') ? clock.slice(0, 5) : clock;
}

/** 14 Sep 2011: for headlines. */
export function formatLongDay(iso: string): string {
  const [year = '', month = '', day = ''] = iso.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** 2011-09 → Sep 2011. */
export function formatMonth(month: string): string {
  const [year = '', number = ''] = month.split('-');
  return `${MONTHS[Number(number) - 1] ?? number} ${year}`;
}

/** 14 Sep: where the year stands elsewhere. */
export function formatShortDay(iso: string): string {
  const [, month = '', day = ''] = iso.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month}`;
}

/** The window from … to, its end exclusive: 5 Sep to 11 Sep 2011, both days in it. */
export function formatWindow({ from, to }: { readonly from: string; readonly to: string }): string {
  const last = new Date(Date.parse(to) - 1).toISOString();
  return from.slice(0, 4) === last.slice(0, 4)
    ? `${formatShortDay(from)} to ${formatLongDay(last)}`
    : `${formatLongDay(from)} to ${formatLongDay(last)}`;
}

const DAY_MS = 86_400_000;

/** Whole days that have passed. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS));
}
