import { describe, expect, test } from 'vitest';
import { ManualClock, systemClock } from '#core';

describe('clocks', () => {
  test('a manual clock moves only when told, and never back', () => {
    const clock = new ManualClock(1000);
    clock.advance(5);
    expect([clock.now(), clock.monotonicUs()]).toEqual([1005, 1_005_000]);
    expect(() => clock.advance(-1)).toThrow('a clock does not go back');
  });

  test('the system clock’s monotonic reading never goes back', () => {
    const first = systemClock.monotonicUs();
    expect(systemClock.monotonicUs()).toBeGreaterThanOrEqual(first);
    expect(systemClock.now()).toBeGreaterThan(Date.UTC(2024, 0, 1));
  });
});
