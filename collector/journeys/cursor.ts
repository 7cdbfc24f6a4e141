import { fingerprintOf } from '#core';

/** Where a page of a search ends: the next one begins behind it. `value` is the event time (epoch ms) or, by slowness, µs. */
export interface CursorPlace {
  readonly value: number;
  readonly pipeline: string;
  readonly partition: number;
  readonly offset: number;
}

/** A cursor that this search did not hand out. */
export class CursorError extends Error {}

const MARK_LENGTH = 8;

/** What a cursor belongs to: it continues the search that it came from, and no other. */
function markOf(search: unknown): string {
  return fingerprintOf(search).slice(0, MARK_LENGTH);
}

/** An opaque text (base64url) for a place in a search. */
export function writeCursor(place: CursorPlace, search: unknown): string {
  const { value, pipeline, partition, offset } = place;
  return Buffer.from(JSON.stringify([markOf(search), value, partition, offset, pipeline])).toString('base64url');
}

/** Reads a cursor of this search. Throws CursorError, saying what is wrong with it. */
export function parseCursor(text: string, search: unknown): CursorPlace {
  const [mark, value, partition, offset, pipeline] = partsOf(text);
  const isPlace = isWhole(value) && isWhole(partition) && isWhole(offset) && typeof pipeline === 'string';
  if (typeof mark !== 'string' || !isPlace) throw new CursorError('it is not one that a page of this search gave');
  if (mark !== markOf(search)) throw new CursorError('it belongs to a search with other filters or another order');
  return { value, partition, offset, pipeline };
}

function partsOf(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? (parsed as readonly unknown[]) : [];
  } catch {
    return [];
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
