import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CursorError, parseCursor, writeCursor } from '../../../collector/journeys/cursor.ts';

const place = fc.record({
  value: fc.maxSafeInteger(),
  pipeline: fc.string(),
  partition: fc.nat(),
  offset: fc.maxSafeNat(),
});
const search = { order: 'newest', fate: 'scored' };

describe('a cursor', () => {
  test('is read back as the place that it was written for', () => {
    fc.assert(
      fc.property(place, (at) => {
        expect(parseCursor(writeCursor(at, search), search)).toEqual(at);
      }),
    );
  });

  test('continues the search that it came from only', () => {
    const cursor = writeCursor({ value: 1, pipeline: 'shop', partition: 0, offset: 1 }, search);
    expect(() => parseCursor(cursor, { ...search, order: 'oldest' })).toThrow('it belongs to a search with other filters');
    expect(parseCursor(cursor, { fate: 'scored', order: 'newest', label: undefined })).toMatchObject({ value: 1 });
  });

  test('that nobody wrote is refused, whatever it is', () => {
    const forged = fc.json().map((json) => Buffer.from(json).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), forged), (text) => {
        expect(() => parseCursor(text, search)).toThrow(CursorError);
      }),
    );
  });
});
