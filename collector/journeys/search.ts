import type { Database } from '#core';
import { searchByTime } from './by-time.ts';
import type { SearchFilters } from './conditions.ts';
import { parseCursor, writeCursor } from './cursor.ts';
import { searchSlowest } from './slowest.ts';
import type { StoredSummary } from './summaries.ts';

export interface SearchQuestion extends SearchFilters {
  readonly order: 'newest' | 'oldest' | 'slowest';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SearchPage {
  readonly items: readonly StoredSummary[];
  /** Cursor of the next page. */
  readonly next: string | undefined;
}

/** A page of events. Throws CursorError; CLICKHOUSE_* where the store cannot answer. */
export async function searchJourneys(database: Database, question: SearchQuestion): Promise<SearchPage> {
  const { limit, cursor, ...search } = question;
  const { order, ...filters } = search;
  const after = cursor === undefined ? undefined : parseCursor(cursor, search);
  const place = { filters, after, limit: limit + 1 };
  const rows = order === 'slowest' ? await searchSlowest(database, place) : await searchByTime(database, { ...place, order });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, next: undefined };
  const value = question.order === 'slowest' ? (last.endToEndUs ?? 0) : last.event.timeMs;
  const { partition, offset } = last.position;
  return { items, next: writeCursor({ value, pipeline: last.pipeline, partition, offset }, search) };
}
