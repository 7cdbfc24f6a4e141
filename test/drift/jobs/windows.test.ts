import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowsBetween } from '../../../drift/jobs/windows.ts';

const DAY_MS = 86_400_000;
const lengths = fc.oneof(
  fc.constantFrom(DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 28 * DAY_MS),
  fc.integer({ min: 3_600_000, max: 40 * DAY_MS }),
);
const times = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2010, 3) });

describe('windowsBetween', () => {
  it('begins multiples of a week on Mondays at midnight, UTC', () => {
    const [fromMs, atMs] = [Date.UTC(2010, 11, 1), Date.UTC(2010, 11, 28, 12)];
    const windows = windowsBetween({ windowMs: 7 * DAY_MS }, { reviewedToMs: undefined, fromMs, atMs });
    expect(windows.map(({ fromMs: from, toMs }) => [new Date(from).toISOString(), new Date(toMs).toISOString()])).toEqual([
      ['2010-12-06T00:00:00.000Z', '2010-12-13T00:00:00.000Z'],
      ['2010-12-13T00:00:00.000Z', '2010-12-20T00:00:00.000Z'],
      ['2010-12-20T00:00:00.000Z', '2010-12-27T00:00:00.000Z'],
    ]);
  });

  it('gives all complete windows on one grid, each once, whenever they are asked for', () => {
    fc.assert(
      fc.property(lengths, times, fc.array(times, { maxLength: 6 }), (windowMs, fromMs, asked) => {
        const atOnce = windowsBetween({ windowMs }, { reviewedToMs: undefined, fromMs, atMs: Math.max(fromMs, ...asked) });
        let reviewedToMs: number | undefined;
        const piecewise = asked
          .toSorted((a, b) => a - b)
          .flatMap((atMs) => {
            const windows = windowsBetween({ windowMs }, { reviewedToMs, fromMs, atMs });
            reviewedToMs = windows.at(-1)?.toMs ?? reviewedToMs;
            return windows;
          });
        expect(piecewise).toEqual(atOnce);
        for (const [i, window] of atOnce.entries()) {
          expect(window.toMs - window.fromMs).toBe(windowMs);
          expect((window.fromMs - Date.UTC(1970, 0, 5)) % windowMs).toBe(0);
          expect(window.fromMs).toBeGreaterThanOrEqual(fromMs);
          expect(atOnce[i + 1]?.fromMs ?? window.toMs).toBe(window.toMs);
        }
        const lastMs = atOnce.at(-1)?.toMs;
        if (lastMs !== undefined) expect(lastMs + windowMs).toBeGreaterThan(Math.max(fromMs, ...asked));
      }),
    );
  });

  it('gives none before one is complete, or again', () => {
    const windowMs = 7 * DAY_MS;
    const fromMs = Date.UTC(2011, 0, 3);
    expect(windowsBetween({ windowMs }, { reviewedToMs: undefined, fromMs, atMs: fromMs + windowMs - 1 })).toEqual([]);
    const reviewedToMs = fromMs + windowMs;
    expect(windowsBetween({ windowMs }, { reviewedToMs, fromMs, atMs: reviewedToMs + windowMs - 1 })).toEqual([]);
  });
});
