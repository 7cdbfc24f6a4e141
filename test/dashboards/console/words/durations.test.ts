import { describe, expect, it } from 'vitest';
import { formatAge, formatMs, formatPeriod, formatStopwatch, formatUs } from '../../../../dashboards/console/words/durations.ts';

/** What is shown, with the narrow spaces that keep figure and unit together as plain ones. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('durations', () => {
  it.each([
    [null, '–'],
    [0, '0 µs'],
    [412.4, '412 µs'],
    [999, '999 µs'],
    [1_000, '1 ms'],
    [12_345, '12.3 ms'],
    [4_004, '4.00 ms'],
    [50_000, '50 ms'],
    [412_000, '412 ms'],
    [4_210_000, '4.21 s'],
    [59_990_000, '60.0 s'],
    [60_000_000, '1 min'],
    [192_000_000, '3 min 12 s'],
    [11_540_000_000, '3 h 12 min'],
    [2_592_000_000_000, '30 d'],
    [-1_500, '−1.5 ms'],
  ])('of %s µs read %s', (us, shown) => {
    expect(plain(formatUs(us))).toBe(shown);
  });

  it('of milliseconds are those of microseconds', () => {
    expect([formatMs(null), plain(formatMs(0.46))]).toEqual(['–', '460 µs']);
  });
});

describe('ages', () => {
  it.each([
    [null, '–'],
    [0, 'same moment'],
    [1, '1 second'],
    [119, '1 minute'],
    [7_200, '2 hours'],
    [86_400, '1 day'],
    [129_600, '1.5 days'],
    [2_592_000, '30 days'],
  ])('of %s seconds read %s', (seconds, shown) => {
    expect(formatAge(seconds)).toBe(shown);
  });
});

describe('a stopwatch', () => {
  it.each([
    [-5_000, '0 s'],
    [11_999, '11 s'],
    [724_200, '12 min 04 s'],
    [11_524_000, '3 h 12 min 04 s'],
    [183_120_000, '2 d 02 h 52 min'],
  ])('%s ms reads %s', (ms, text) => {
    expect(formatStopwatch(ms).replaceAll('\u202f', ' ')).toBe(text);
  });

  it('of a window is its length', () => {
    expect([300, 3_600, 259_200, 2_592_000].map((seconds) => formatPeriod(seconds).replace('\u202f', ' '))).toEqual([
      '5 min',
      '1 h',
      '3 d',
      '30 d',
    ]);
  });
});
