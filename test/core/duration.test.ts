import { describe, expect, test } from 'vitest';
import { parseDuration } from '#core';

describe('durations', () => {
  test.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '0d', '1', 'd', '1.5h', '-1s', '1 d', '1w', '01s\n'])('%j is refused with the accepted forms', (text) => {
    expect(() => parseDuration(text)).toThrow('write a whole number and ms, s, m, h or d');
  });
});
