/** Whether a day (YYYY-MM-DD) is in the calendar: 2011-02-30 is not. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
