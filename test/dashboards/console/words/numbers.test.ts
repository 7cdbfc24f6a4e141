import { describe, expect, it } from 'vitest';
import { formatRate, formatShare, formatValue, plural } from '../../../../dashboards/console/words/numbers.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('shares', () => {
  it.each([
    [0, 0, '–'],
    [0, 100, '0 %'],
    [1, 558_521, '< 0.1 %'],
    [26, 1_000, '2.6 %'],
    [717, 1_000, '72 %'],
    [558_520, 558_521, '99.9 %'],
    [558_521, 558_521, '100 %'],
  ])('of %d in %d read %s: what is there is never 0, what is not all never 100', (part, whole, shown) => {
    expect(plain(formatShare(part, whole))).toBe(shown);
  });
});

describe('figures', () => {
  it('hold as many digits as say something', () => {
    expect([formatRate(31.44), formatRate(0.0512), formatRate(21_400), formatRate(0)]).toEqual(['31.4', '0.0512', '21,400', '0']);
    expect([formatValue(null), formatValue(0), formatValue(1_048.15), formatValue(0.00123)]).toEqual([
      '–',
      '0',
      '1,048.15',
      '0.0012',
    ]);
    expect([plural(1, 'event'), plural(12_430, 'record')]).toEqual(['1 event', '12,430 records']);
  });
});
