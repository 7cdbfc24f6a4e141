import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeenEvents } from '../../../runtime/pipeline/seen-events.ts';

describe('seen events', () => {
  test('finds the first delivery, by source and id together', () => {
    const seen = new SeenEvents();
    seen.add({ source: '/a', id: '1' }, { offset: 7, timeMs: 10 });
    expect(seen.add({ source: '/a', id: '1' }, { offset: 9, timeMs: 10 })).toBe(7);
    expect(seen.add({ source: '/a', id: '1' }, { offset: 11, timeMs: 10 })).toBe(7);
    expect(seen.add({ source: '/b', id: '1' }, { offset: 12, timeMs: 10 })).toBeUndefined();
    expect(seen.fromOffset).toBe(7);
  });

  test('keeps every event of the window, and forgets the rest in time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 5000 }),
        fc.nat(25_000),
        (times, beforeMs) => {
          const seen = new SeenEvents();
          times.forEach((timeMs, offset) => seen.add({ source: '/a', id: String(offset) }, { offset, timeMs }));
          seen.forgetBefore(beforeMs);
          times.forEach((timeMs, offset) => {
            if (timeMs >= beforeMs) expect(seen.add({ source: '/a', id: String(offset) }, { offset: -1, timeMs })).toBe(offset);
          });
          const firstKept = times.findIndex((timeMs) => timeMs >= beforeMs);
          if (firstKept >= 0) expect(seen.fromOffset ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(firstKept);
          else expect(seen.fromOffset).toBeUndefined();
        },
      ),
      { numRuns: 50 },
    );
  });
});
