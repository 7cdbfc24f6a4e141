import { formatValue, NO_FIGURE } from './numbers.ts';

/** A value of a query's answer as text: numbers short, objects as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return NO_FIGURE;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatValue(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
