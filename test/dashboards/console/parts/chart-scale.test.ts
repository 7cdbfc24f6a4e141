import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentOf, monthTicks, pathOf, px, ticksOf } from '../../../../dashboards/console/parts/chart-scale.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('an axis', () => {
  it('holds all values with air, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(finite)), (values) => {
        const [low, high] = extentOf(values);
        expect(low).toBeLessThan(high);
        for (const value of values) if (value !== null) expect(value > low && value < high).toBe(true);
      }),
    );
  });

  it('has at most so many round ticks, all within it, evenly apart', () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 12 }), (low, span, most) => {
        const ticks = ticksOf([low, low + span], most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const tick of ticks) expect(tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6)).toBe(true);
      }),
    );
    expect(ticksOf([0.71, 0.81], 4)).toEqual([0.75, 0.8]);
    expect(ticksOf([3, 3], 4)).toEqual([3]);
  });

  it('names months, a January with its year, no more than there is room for', () => {
    const from = Date.parse('2010-11-20T00:00:00Z');
    const to = Date.parse('2011-04-02T00:00:00Z');
    expect(monthTicks(from, to, 12).map(({ label }) => label)).toEqual(['Dec', 'Jan 2011', 'Feb', 'Mar', 'Apr']);
    expect(monthTicks(from, to, 3).map(({ label }) => label)).toEqual(['Dec', 'Feb', 'Apr']);
    expect(monthTicks(from, to, 0)).toHaveLength(1);
  });

  it('stands in the middle where it has no extent', () => {
    expect(px({ from: 2, to: 2, startPx: 0, endPx: 10 }, 2)).toBe(5);
    expect(px({ from: 0, to: 4, startPx: 100, endPx: 0 }, 1)).toBe(75);
  });
});

describe('a line', () => {
  it('is interrupted where a value is missing, and steps where it holds', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 2 },
      { x: 2, y: null },
      { x: 3, y: 3.14159 },
    ];
    expect(pathOf(points)).toBe('M0 1L1 2M3 3.1');
    expect(pathOf(points, true)).toBe('M0 1H1V2M3 3.1');
    expect(pathOf([])).toBe('');
  });
});
