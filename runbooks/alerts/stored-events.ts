import { TABLES } from '#core';
import type { ClockWindow } from '../sql-text.ts';
import { literal, within } from '../sql-text.ts';

/** Every event whose fate was recorded in a window, whether it entered scoring or not; of the columns that both tables have. */
export function storedEvents(pipeline: string, columns: string, window: ClockWindow): string {
  return [TABLES.receipts, TABLES.decisions]
    .map((table) => `SELECT ${columns} FROM ${table} WHERE pipeline = ${literal(pipeline)} AND ${within('ingested', window)}`)
    .join(' UNION ALL ');
}
