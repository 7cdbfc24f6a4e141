import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrTimeOf } from '../../../collector/otel/hr-time.ts';

describe('hrTimeOf', () => {
  it.each([
    [0, 0, [0, 0]],
    [1_764_000_000_123, 0.4, [1_764_000_000, 123_000_000]],
    [1_764_000_000_999, 1500, [1_764_000_001, 500_000]],
    [1_764_000_000_000, -1, [1_763_999_999, 999_999_000]],
    [1_764_000_000_000, 999_999.7, [1_764_000_001, 0]],
  ])('gives %d ms and %d µs as %j', (epochMs, offsetUs, expected) => {
    expect(hrTimeOf(epochMs, offsetUs)).toEqual(expected);
  });

  it('is exact to the microsecond, with nanoseconds below a second', () => {
    const epochMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const offsetUs = fc.integer({ min: -10_000_000_000, max: 10_000_000_000 });
    fc.assert(
      fc.property(epochMs, offsetUs, (ms, us) => {
        const [seconds, nanos] = hrTimeOf(ms, us);
        expect(nanos).toBeGreaterThanOrEqual(0);
        expect(nanos).toBeLessThan(1_000_000_000);
        expect(BigInt(seconds) * 1_000_000n + BigInt(nanos / 1000)).toBe(BigInt(ms) * 1000n + BigInt(us));
      }),
    );
  });
});
