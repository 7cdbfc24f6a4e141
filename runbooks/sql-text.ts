import { runbookError } from './errors.ts';

/** Parts of ClickHouse statements in which everything is inlined but {nowMs:Int64}, which stands for the processing clock. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  // Whoever reads a statement for its parameters must not find one in a text.
  '{': '\\x7B',
  '}': '\\x7D',
};

/** A text, a finite number or a list of them as ClickHouse's literal: nothing in it can end it, or the statement. Throws RUNBOOK_SQL_VALUE. */
export function literal(value: string | number | readonly (string | number)[]): string {
  if (typeof value === 'string') return `'${value.replaceAll(/[\\'\0\b\f\n\r\t{}]/gu, (found) => ESCAPES[found] ?? found)}'`;
  if (typeof value !== 'number') return `[${value.map((one) => literal(one)).join(', ')}]`;
  if (Number.isFinite(value)) return String(value);
  throw runbookError('RUNBOOK_SQL_VALUE', `${value} cannot stand in a statement: write a finite number`);
}

/**
 * The outbox's records are stored within a second or two: what is asked of the newest seconds would be asked of half of them. Every
 * window ends so long before now, ms.
 */
export const SETTLE_MS = 2000;

/** A moment of the processing clock, so many ms before now. */
export function before(ms: number): string {
  return `fromUnixTimestamp64Milli({nowMs:Int64} - ${literal(Math.round(ms))}, 'UTC')`;
}

/** A part of the processing clock: how many ms before now it begins (exclusive) and ends (inclusive). */
export interface ClockWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The window of so many ms that has just been stored. */
export function latest(ms: number): ClockWindow {
  return { fromMs: ms + SETTLE_MS, toMs: SETTLE_MS };
}

/** Whether a DateTime64 column lies in the window; a range that indexes know how to use. */
export function within(column: string, { fromMs, toMs }: ClockWindow): string {
  return `${column} > ${before(fromMs)} AND ${column} <= ${before(toMs)}`;
}

/** For the statements of exemplars: since {sinceMs:Int64}, or so much before it as the rule looks back. */
export function sinceStart(column: string, lookBackMs: number): string {
  return `${column} > fromUnixTimestamp64Milli({sinceMs:Int64} - ${literal(Math.round(lookBackMs))}, 'UTC') AND ${column} <= ${before(0)}`;
}

/** Scaled ms, and yet not so short that what is stored in batches of a second could not be seen: at least `floorMs`, where it was as long. */
export function scaledMs(ms: number, scale: number, floorMs: number): number {
  return Math.max(Math.round(ms * scale), Math.min(floorMs, ms));
}
