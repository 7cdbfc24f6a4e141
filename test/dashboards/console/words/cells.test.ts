import { describe, expect, it } from 'vitest';
import { cellText } from '../../../../dashboards/console/words/cells.ts';

describe('a value of a query’s answer', () => {
  it.each([
    [null, '–'],
    [2_914, '2914'],
    [14.621, '14.62'],
    ['/shop/france', '/shop/france'],
    [['a', 1], '["a",1]'],
    [true, 'true'],
  ])('%j reads %s', (value, text) => {
    expect(cellText(value)).toBe(text);
  });
});
