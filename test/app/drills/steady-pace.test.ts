import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { ShiftedClock } from '../../../app/drills/shifted-clock.ts';
import { SteadyPace } from '../../../app/drills/steady-pace.ts';

describe('a steady pace', () => {
  it('lets as many events go as the rate says, whatever their own times are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1000 }), fc.array(fc.nat(1e9), { minLength: 1, maxLength: 5 }), (rate, times) => {
        const clock = new ManualClock(0);
        const pace = new SteadyPace(clock, rate);
        let sent = 0;
        while (clock.now() < 10_000) {
          const timeMs = times[sent % times.length] ?? 0;
          clock.advance(pace.waitMs(timeMs));
          while (pace.takeDue(timeMs)) sent += 1;
        }
        expect(Math.abs(sent - 10 * rate)).toBeLessThanOrEqual(0.1 * rate + 2);
      }),
    );
  });

  it('waits a little between two chunks, so that many go together', () => {
    const clock = new ManualClock(0);
    const pace = new SteadyPace(clock, 1000);
    expect(pace.takeDue(0)).toBe(true);
    expect(pace.waitMs(0)).toBe(50);
  });
});

describe('a shifted clock', () => {
  it('goes on from a time that is past, and as fast as the machine’s', async () => {
    const fromMs = Date.UTC(2026, 0, 1);
    const clock = new ShiftedClock(fromMs);
    const [nowMs, nowUs] = [clock.now(), clock.monotonicUs()];
    expect(nowMs - fromMs).toBeLessThan(1000);
    expect(nowMs).toBeGreaterThanOrEqual(fromMs);
    await new Promise((resolve) => void setTimeout(resolve, 20));
    const tookMs = (clock.monotonicUs() - nowUs) / 1000;
    expect(Math.abs(clock.now() - nowMs - tookMs)).toBeLessThan(500);
  });
});
