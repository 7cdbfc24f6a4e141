import { describe, expect, test } from 'vitest';
import { ManualClock } from '#core';
import { EventRate } from '../../app/event-rate.ts';

describe('the rate of events', () => {
  test('is that of the last minute, whoever asked in it', () => {
    const clock = new ManualClock();
    const rate = new EventRate(clock);
    expect(rate.take(100)).toBeUndefined();
    clock.advance(100);
    expect(rate.take(105)).toBeUndefined();
    clock.advance(900);
    expect(rate.take(150)).toBe(50);
    clock.advance(59_000);
    expect(rate.take(750)).toBeCloseTo(650 / 60);
    clock.advance(1000);
    expect(rate.take(760)).toBeCloseTo(610 / 60);
  });

  test('is unknown again where nobody asked for a minute', () => {
    const clock = new ManualClock();
    const rate = new EventRate(clock);
    rate.take(1);
    clock.advance(61_000);
    expect(rate.take(2)).toBeUndefined();
  });

  test('is never below zero, where a counter begins anew', () => {
    const clock = new ManualClock();
    const rate = new EventRate(clock);
    rate.take(100);
    clock.advance(1000);
    expect(rate.take(0)).toBe(0);
  });
});
