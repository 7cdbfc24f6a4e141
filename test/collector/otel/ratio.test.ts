import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceIdOf } from '#core';
import { isIdSampledByRatio, isSampledByRatio } from '../../../collector/otel/ratio.ts';

const HEX_TRACE = fc.stringMatching(/^[0-9a-f]{32}$/u);
const RATIO = fc.double({ min: 0, max: 1, noNaN: true });
const IDS = 200_000;

/** Ids as systems give them: numbers that count up, which a weak hash would not spread. */
const ids = Array.from({ length: IDS }, (_, index) => `order-${index}`);

const SAMPLERS = [
  ['isSampledByRatio', isSampledByRatio, ids.map((id) => traceIdOf({ source: 'urn:shop', id }))],
  ['isIdSampledByRatio', isIdSampledByRatio, ids],
] as const;

describe.each(SAMPLERS)('%s', (_name, isSampled, population) => {
  it.each([0.001, 0.01, 0.1, 0.5, 0.99])('keeps a share of %d, within five standard deviations', (ratio) => {
    const kept = population.filter((id) => isSampled(id, ratio)).length;
    const deviation = Math.sqrt(IDS * ratio * (1 - ratio));
    expect(Math.abs(kept - IDS * ratio)).toBeLessThan(5 * deviation);
  });

  it('keeps at a larger ratio what it keeps at a smaller one', () => {
    fc.assert(
      fc.property(HEX_TRACE, RATIO, RATIO, (id, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(isSampled(id, low) && !isSampled(id, high)).toBe(false);
      }),
    );
  });

  it('keeps all at 1, and nothing at 0 or at what is no ratio', () => {
    fc.assert(
      fc.property(HEX_TRACE, (id) => {
        expect(isSampled(id, 1)).toBe(true);
        expect(isSampled(id, 0)).toBe(false);
        expect(isSampled(id, Number.NaN)).toBe(false);
      }),
    );
  });
});

describe('isSampledByRatio', () => {
  it('looks at the last 56 bits, as OpenTelemetry’s consistent sampling does', () => {
    const traceOf = (random: string): string => `${'0'.repeat(18)}${random}`;
    expect(isSampledByRatio(traceOf('80000000000000'), 0.5)).toBe(true);
    expect(isSampledByRatio(traceOf('7fffffffffffff'), 0.5)).toBe(false);
    expect(isSampledByRatio(traceOf('ffffffffffffff'), 0.000001)).toBe(true);
  });
});
